import { Quantity } from "@/components/ui/quantity";
import { levelText } from "@/components/ui/sign";
import type { OperationTotals } from "@/lib/contract/graph";
import { formatMs, formatRate, formatShare } from "@/lib/domain/format-number";
import { healthLevel } from "@/lib/overlays/health";

const SHOWN = 12;

/** Busiest operations first. */
export function Operations({ operations, minutes }: { operations: readonly OperationTotals[]; minutes: number }) {
  const rest = operations.length - SHOWN;
  return (
    <>
      <table className="w-full table-fixed border-collapse text-xs">
        <thead>
          <tr className="text-2xs text-ink-3 [&>th]:py-0.5 [&>th]:pl-2 [&>th]:text-right [&>th]:font-normal">
            <th scope="col" className="w-[40%] text-left! pl-0!">
              Operation
            </th>
            <th scope="col">Rate</th>
            <th scope="col">Errors</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {operations.slice(0, SHOWN).map((operation) => (
            <tr key={operation.name} className="[&>td]:py-0.5 [&>td]:pl-2 [&>td]:text-right">
              <th scope="row" className="truncate text-left font-normal text-ink-2" title={operation.name}>
                {operation.name}
              </th>
              <td>
                <Quantity of={formatRate(operation.calls, minutes)} />
              </td>
              <td className={levelText(healthLevel(operation.errors, operation.calls))}>
                <Quantity of={formatShare(operation.errors, operation.calls)} />
              </td>
              <td>
                <Quantity of={formatMs(operation.p99Ms)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className="mt-1 text-2xs text-ink-3">and {rest} more</p>}
    </>
  );
}
