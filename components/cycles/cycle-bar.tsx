// Steps through the circular dependencies on the map.
"use client";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { Button, IconButton } from "@/components/ui/button";
import type { Cycle, Cycles } from "@/lib/contract/cycles";
import { plural } from "@/lib/domain/format-number";
import { loopText } from "@/lib/graph/loop-text";
import { isTyping } from "../shell/is-typing";
import { CycleChip } from "./cycle-chip";

/** @param chosen null: all are shown. */
export function CycleBar({
  answer: { cycles },
  chosen,
  onChoose,
}: {
  answer: Cycles;
  chosen: Cycle | null;
  onChoose: (id: string | null) => void;
}) {
  const at = chosen ? cycles.indexOf(chosen) : -1;
  const to = (by: number): void => {
    if (cycles.length === 0) return;
    const next = at < 0 ? (by > 0 ? 0 : cycles.length - 1) : (at + by + cycles.length) % cycles.length;
    onChoose(cycles[next]!.id);
  };
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.defaultPrevented) return;
    const by = { n: 1, p: -1 }[event.key.toLowerCase()];
    if (by === undefined) return;
    event.preventDefault();
    to(by);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <section
      aria-label="Cycles"
      className="flex max-w-full items-center gap-2.5 rounded-sm border border-line bg-surface py-0.5 pl-3 pr-1 text-xs"
    >
      {cycles.length === 0 ? (
        <span role="status" className="py-1 pr-2">
          No service depends on itself through others in this window.
        </span>
      ) : (
        <>
          <span role="status" className="flex min-w-0 items-center gap-2.5">
            <b className="whitespace-nowrap font-semibold">
              {chosen ? `Cycle ${at + 1} of ${cycles.length}` : plural(cycles.length, "cycle")}
            </b>
            {chosen && (
              <>
                <span className="truncate">{loopText(chosen)}</span>
                <CycleChip cycle={chosen} />
                {chosen.firstSeen && (
                  <span className="whitespace-nowrap text-ink-3">since {chosen.firstSeen.slice(0, 10)}</span>
                )}
              </>
            )}
          </span>
          <span className="flex">
            <IconButton label="Previous cycle (P)" onClick={() => to(-1)}>
              <ArrowLeft size={15} strokeWidth={1.5} aria-hidden="true" />
            </IconButton>
            <IconButton label="Next cycle (N)" onClick={() => to(1)}>
              <ArrowRight size={15} strokeWidth={1.5} aria-hidden="true" />
            </IconButton>
          </span>
          {chosen && cycles.length > 1 && (
            <Button variant="quiet" onClick={() => onChoose(null)}>
              All {cycles.length}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
