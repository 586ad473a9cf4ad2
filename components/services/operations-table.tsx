"use client";
import Link from "next/link";
import { Quantity } from "@/components/ui/quantity";
import { levelText } from "@/components/ui/sign";
import type { NodeDetail } from "@/lib/contract/graph";
import { formatCount, formatMs, formatRate, formatShare } from "@/lib/domain/format-number";
import { healthLevel } from "@/lib/overlays/health";
import type { View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";

const SHOWN = 100;

/** Every operation of a node with its numbers; each leads to its traces. */
export function OperationsTable({
  id,
  operations,
  minutes,
  view,
}: {
  id: string;
  operations: NodeDetail["operations"];
  minutes: number;
  view: View;
}) {
  const rest = operations.length - SHOWN;
  return (
    <>
      <table className="w-full table-fixed border-collapse text-xs">
        <thead>
          <tr className="text-2xs text-ink-3 [&>th]:py-1 [&>th]:pl-2 [&>th]:text-right [&>th]:font-normal">
            <th scope="col" className="w-[40%] pl-0! text-left!">
              Operation
            </th>
            <th scope="col">Calls</th>
            <th scope="col">Rate</th>
            <th scope="col">Failed</th>
            <th scope="col">Errors</th>
            <th scope="col">p50</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {operations.slice(0, SHOWN).map((operation) => (
            <tr key={operation.name} className="border-t border-line [&>td]:py-1 [&>td]:pl-2 [&>td]:text-right">
              <th scope="row" className="truncate py-1 text-left font-normal">
                <Link
                  href={viewLink(view.params, "/traces", { service: id, operation: operation.name })}
                  className="font-mono text-2xs hover:underline"
                  title={operation.name}
                >
                  {operation.name || "(no name)"}
                </Link>
              </th>
              <td>
                <Quantity of={formatCount(operation.calls)} />
              </td>
              <td>
                <Quantity of={formatRate(operation.calls, minutes)} />
              </td>
              <td>
                <Quantity of={formatCount(operation.errors)} />
              </td>
              <td className={levelText(healthLevel(operation.errors, operation.calls))}>
                <Quantity of={formatShare(operation.errors, operation.calls)} />
              </td>
              <td>
                <Quantity of={formatMs(operation.p50Ms)} />
              </td>
              <td>
                <Quantity of={formatMs(operation.p99Ms)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className="mt-1 text-2xs text-ink-3">and {rest} more, each with fewer calls</p>}
    </>
  );
}
