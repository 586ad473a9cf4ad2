import { Scissors } from "lucide-react";
import { BandMark } from "@/components/ui/band-mark";
import { EdgeMark } from "@/components/ui/edge-mark";
import { HueMark } from "@/components/ui/hue-mark";
import { Sign } from "@/components/ui/sign";
import type { LegendEntry, Overlay } from "@/lib/overlays/overlay";

const ABSENCES = [
  ["no_calls", "no calls"],
  ["no_data", "no data"],
  ["not_instrumented", "not instrumented"],
] as const;
const MARKS = [
  ["call", "call"],
  ["message", "message"],
  ["inferred", "inferred"],
] as const;

/** What the signs of the map mean, with the overlay's real thresholds. */
export function Legend({ overlay }: { overlay: Overlay }) {
  return (
    <footer className="@container shrink-0 border-t border-line bg-surface">
      <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1.25 text-xs text-ink-2">
        <b className="font-semibold text-ink">{overlay.label}</b>
        <span className="flex items-center gap-3.5">
          {overlay.legend.map((entry) => (
            <span key={entry.text} className="flex items-center gap-1.5 whitespace-nowrap">
              <EntrySign entry={entry} overlay={overlay} />
              {entry.text}
            </span>
          ))}
        </span>
        {overlay.bands === undefined && (
          <span className="flex items-center gap-3.5 border-l border-line pl-4">
            {ABSENCES.map(([absence, text]) => (
              <span key={absence} className="flex items-center gap-1.5 whitespace-nowrap">
                <Sign level="none" absence={absence} />
                {text}
              </span>
            ))}
          </span>
        )}
        <span className="flex items-center gap-3.5 border-l border-line pl-4">
          {MARKS.map(([kind, text]) => (
            <span key={kind} className="flex items-center gap-1.5 whitespace-nowrap">
              <EdgeMark kind={kind} />
              {text}
            </span>
          ))}
        </span>
        <span className="ml-auto text-2xs text-ink-3 @max-[1240px]:hidden">{overlay.note}</span>
      </div>
    </footer>
  );
}

function EntrySign({ entry: { sign, marked, level }, overlay }: { entry: LegendEntry; overlay: Overlay }) {
  if (sign === "cut") return <Scissors size={13} strokeWidth={1.6} aria-hidden="true" className="text-cycle-text" />;
  if (sign) return <BandMark kind={sign} />;
  return marked ? <HueMark hue={overlay.hue} /> : <Sign level={level} />;
}
