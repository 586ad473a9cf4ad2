// Found traces as rows of a table, in the order in which they were found.
"use client";
import { Clipped } from "@/components/ui/clipped";
import { Quantity } from "@/components/ui/quantity";
import { levelText, Sign } from "@/components/ui/sign";
import type { FoundTrace } from "@/lib/contract/trace";
import { formatCount, formatMs } from "@/lib/domain/format-number";
import { type Column, DataTable, numberColumn, textColumn } from "../tables/data-table";

const startOf = (trace: FoundTrace): string =>
  new Date(Number(BigInt(trace.startUnixNano) / 1_000_000n)).toISOString().slice(0, 23).replace("T", " ");

const COLUMNS: readonly Column<FoundTrace>[] = [
  textColumn("start", "Start (UTC)", "176px", startOf),
  textColumn(
    "root",
    "Begins with",
    "minmax(260px,3fr)",
    ({ rootService, rootName }) => `${rootService} ${rootName}`,
    ({ rootService, rootName }) => (
      <span className="flex min-w-0 items-baseline gap-1.5">
        <Clipped text={rootService} className="font-medium" />
        <Clipped text={rootName} className="min-w-0 flex-1 font-mono text-2xs text-ink-2" />
      </span>
    ),
  ),
  numberColumn(
    "duration",
    "Duration",
    "96px",
    ({ durationMs }) => durationMs,
    ({ durationMs }) => <Quantity of={formatMs(durationMs)} />,
  ),
  numberColumn(
    "spans",
    "Spans",
    "80px",
    ({ spans }) => spans,
    ({ spans }) => <Quantity of={formatCount(spans)} />,
  ),
  numberColumn(
    "services",
    "Services",
    "80px",
    ({ services }) => services.length,
    ({ services }) => <span title={services.join(", ")}>{services.length}</span>,
  ),
  numberColumn(
    "errors",
    "Failed spans",
    "100px",
    ({ errors }) => errors,
    ({ errors }) => (
      <span className={`inline-flex items-baseline gap-1.25 ${errors > 0 ? levelText("bad") : "text-ink-3"}`}>
        {errors > 0 && <Sign level="bad" />}
        <Quantity of={formatCount(errors)} />
      </span>
    ),
  ),
  {
    ...textColumn("id", "Trace id", "132px", ({ traceId }: FoundTrace) => traceId),
    cell: ({ traceId }) => (
      <span className="font-mono text-2xs text-ink-3" title={traceId}>
        {traceId.slice(0, 8)}…{traceId.slice(-4)}
      </span>
    ),
  },
];

interface Props {
  readonly traces: readonly FoundTrace[];
  readonly current: string | null;
  onCurrent(id: string): void;
  onOpen(trace: FoundTrace): void;
}

export const TracesTable = ({ traces, current, onCurrent, onOpen }: Props) => (
  <DataTable
    label="Traces"
    prefix="trace"
    columns={COLUMNS}
    rows={traces}
    idOf={idOf}
    sortedBy={null}
    narrowest="min-w-220"
    current={current}
    onCurrent={onCurrent}
    onOpen={onOpen}
  />
);

const idOf = ({ traceId }: FoundTrace): string => traceId;
