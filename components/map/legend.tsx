import { Scissors } from "lucide-react";
import type { ReactNode } from "react";
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
    <footer className="@container shrink-0 overflow-hidden border-t border-line bg-surface px-4">
      {/* The rule left of each group is drawn outside where the group begins a line. */}
      <div className="-ml-4.25 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 py-1.25 text-xs text-ink-2">
        <Group>
          <b className="font-semibold text-ink">{overlay.label}</b>
          {overlay.legend.map((entry) => (
            <Entry key={entry.text} sign={<EntrySign entry={entry} overlay={overlay} />} text={entry.text} />
          ))}
        </Group>
        {overlay.bands === undefined && (
          <Group>
            {ABSENCES.map(([absence, text]) => (
              <Entry key={absence} sign={<Sign level="none" absence={absence} />} text={text} />
            ))}
          </Group>
        )}
        <Group>
          {MARKS.map(([kind, text]) => (
            <Entry key={kind} sign={<EdgeMark kind={kind} />} text={text} />
          ))}
        </Group>
        <span className="ml-auto text-2xs text-ink-3 @max-[1240px]:hidden">{overlay.note}</span>
      </div>
    </footer>
  );
}

const Group = ({ children }: { children: ReactNode }) => (
  <span className="flex flex-wrap items-center gap-x-3.5 gap-y-1 border-l border-line pl-4">{children}</span>
);

const Entry = ({ sign, text }: { sign: ReactNode; text: string }) => (
  <span className="flex items-center gap-1.5 whitespace-nowrap">
    {sign}
    {text}
  </span>
);

function EntrySign({ entry: { sign, marked, level }, overlay }: { entry: LegendEntry; overlay: Overlay }) {
  if (sign === "cut") return <Scissors size={13} strokeWidth={1.6} aria-hidden="true" className="text-cycle-text" />;
  if (sign) return <BandMark kind={sign} />;
  return marked ? <HueMark hue={overlay.hue} /> : <Sign level={level} />;
}
