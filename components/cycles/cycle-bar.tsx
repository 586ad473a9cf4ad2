// Steps through the circular dependencies on the map.
"use client";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import type { Cycle, Cycles } from "@/lib/contract/cycles";
import { plural } from "@/lib/domain/format-number";
import { loopText } from "@/lib/graph/loop-text";
import { CycleChip } from "./cycle-chip";
import { stepFrom, useStepKeys } from "./step-keys";

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
  const to = (by: 1 | -1): void => onChoose(stepFrom(cycles, chosen, by));
  useStepKeys(to);
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
