import type { CycleOperations } from "@/lib/contract/cycles";
import { asText, formatCount } from "@/lib/domain/format-number";
import { ARROWS } from "@/lib/graph/loop-text";

/** The circle of operations, or the longest chain: one line each, with the calls to the next one. */
export function OperationSteps({
  operations: { verdict, steps },
  nameOf,
}: {
  operations: CycleOperations;
  nameOf: (id: string) => string;
}) {
  const [first] = steps;
  if (!first) return null;
  return (
    <>
      <p className="mt-1.5 text-2xs text-ink-3">
        {verdict === "loop" ? "The shortest circle, and calls seen" : "The longest chain, and calls seen"}
      </p>
      <ol aria-label="Operations in order" className="text-xs">
        {steps.map(({ service, operation, kind, calls }) => (
          <li key={`${service} ${operation}`} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 py-0.5">
            <span className="truncate" title={`${nameOf(service)} ${operation}`}>
              {nameOf(service)} <code className="text-2xs text-ink-3">{operation}</code>
            </span>
            <span className="text-ink-3">
              {kind && calls !== null && `${asText(formatCount(calls))} ${ARROWS[kind]}`}
            </span>
          </li>
        ))}
        {verdict === "loop" && (
          <li className="truncate py-0.5 text-ink-2">
            back to {nameOf(first.service)} <code className="text-2xs text-ink-3">{first.operation}</code>
          </li>
        )}
      </ol>
    </>
  );
}
