"use client";
import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { Clipped } from "@/components/ui/clipped";
import { Quantity } from "@/components/ui/quantity";
import type { OperationTotals } from "@/lib/contract/graph";
import { formatCount, formatMs, formatRate } from "@/lib/domain/format-number";
import { share } from "@/lib/graph/term-filter";
import type { View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { type Column, DataTable, numberColumn, textColumn } from "../tables/data-table";
import { ErrorsCell } from "../tables/errors-cell";

const TALLEST_ROWS = 14;
const ROW_HEIGHT = 31;
const HEAD_HEIGHT = 32;

/** Every operation of a node with its numbers; each leads to its traces. Scrolls on its own where there are many. */
export function OperationsTable({
  id,
  operations,
  minutes,
  view,
}: {
  id: string;
  operations: readonly OperationTotals[];
  minutes: number;
  view: View;
}) {
  const router = useRouter();
  const [current, setCurrent] = useState<string | null>(null);
  const base = viewLink(view.params, "/traces", { service: id });
  const columns = useMemo(() => columnsOf(minutes, (name) => tracesOf(base, name)), [minutes, base]);
  const rows = Math.min(TALLEST_ROWS, operations.length);
  return (
    <div className="-mx-4 flex" style={{ height: HEAD_HEIGHT + rows * ROW_HEIGHT }}>
      <DataTable
        label="Operations"
        prefix="operation"
        columns={columns}
        rows={operations}
        idOf={idOf}
        sortedBy="calls"
        narrowest="min-w-180"
        current={current}
        onCurrent={setCurrent}
        onOpen={({ name }) => router.push(tracesOf(base, name))}
      />
    </div>
  );
}

const idOf = ({ name }: OperationTotals): string => name;
const tracesOf = (base: Route, operation: string): Route =>
  `${base}&operation=${encodeURIComponent(operation)}` as Route;

const columnsOf = (minutes: number, hrefOf: (operation: string) => Route): readonly Column<OperationTotals>[] => [
  textColumn(
    "operation",
    "Operation",
    "minmax(220px,4fr)",
    ({ name }) => name,
    ({ name }) => (
      <Link
        href={hrefOf(name)}
        aria-label={name || "(no name)"}
        className="block font-mono text-2xs leading-5 hover:underline"
        onClick={(event) => event.stopPropagation()}
      >
        <Clipped text={name || "(no name)"} />
      </Link>
    ),
  ),
  numberColumn(
    "calls",
    "Calls",
    "minmax(84px,1fr)",
    ({ calls }) => calls,
    ({ calls }) => <Quantity of={formatCount(calls)} />,
  ),
  numberColumn(
    "rate",
    "Rate",
    "minmax(96px,1fr)",
    ({ calls }) => calls,
    ({ calls }) => <Quantity of={formatRate(calls, minutes)} />,
  ),
  numberColumn(
    "failed",
    "Failed",
    "minmax(76px,1fr)",
    ({ errors }) => errors,
    ({ errors }) => <Quantity of={formatCount(errors)} />,
  ),
  numberColumn(
    "errors",
    "Errors",
    "minmax(92px,1fr)",
    ({ errors, calls }) => share(errors, calls),
    ({ errors, calls }) => <ErrorsCell errors={errors} calls={calls} />,
  ),
  numberColumn(
    "p50",
    "p50",
    "minmax(80px,1fr)",
    ({ p50Ms }) => p50Ms,
    ({ p50Ms }) => <Quantity of={formatMs(p50Ms)} />,
  ),
  numberColumn(
    "p99",
    "p99",
    "minmax(80px,1fr)",
    ({ p99Ms }) => p99Ms,
    ({ p99Ms }) => <Quantity of={formatMs(p99Ms)} />,
  ),
];
