// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual, a table element would lay out all of them
// The rows: only those in view are in the page, so that thousands scroll. One row is current; keys move it.
"use client";
import {
  type ColumnDef,
  createSortedRowModel,
  flexRender,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useMemo, useRef } from "react";
import { EdgeMark } from "@/components/ui/edge-mark";
import { Quantity } from "@/components/ui/quantity";
import { levelText, Sign } from "@/components/ui/sign";
import type { Graph, GraphEdge } from "@/lib/contract/graph";
import { formatMs, formatRate, formatShare, NOTHING } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { health } from "@/lib/overlays/health";
import { pairable, verbOf } from "../words";

const ROW_HEIGHT = 31;
const HEAD_HEIGHT = 32;

interface Row {
  readonly edge: GraphEdge;
  readonly caller: string;
  readonly callee: string;
  readonly via: string | null;
  readonly minutes: number;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Column = ColumnDef<typeof features, Row> & { meta?: { left?: boolean; width: string } };

const text = (id: string, header: string, width: string, value: (row: Row) => string, cell?: Column["cell"]): Column =>
  ({
    id,
    header,
    accessorFn: value,
    sortFn: (a: { original: Row }, b: { original: Row }) =>
      value(a.original) < value(b.original) ? -1 : value(a.original) > value(b.original) ? 1 : 0,
    ...(cell && { cell }),
    meta: { left: true, width },
  }) as Column;

/** Rows without a measurement stay at the end, whichever way it is sorted. */
const number = (
  id: string,
  header: string,
  width: string,
  value: (row: Row) => number | null,
  cell: (row: Row) => React.ReactNode,
): Column =>
  ({
    id,
    header,
    accessorFn: (row: Row) => value(row) ?? undefined,
    sortUndefined: "last",
    sortDescFirst: true,
    sortFn: (a: { original: Row }, b: { original: Row }) => (value(a.original) ?? 0) - (value(b.original) ?? 0),
    cell: ({ row }: { row: { original: Row } }) => cell(row.original),
    meta: { width },
  }) as Column;

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const markOf = (edge: GraphEdge): "message" | "idle" | "inferred" | "call" =>
  edge.calls === 0 ? "idle" : edge.kind === "async" ? "message" : edge.inferred ? "inferred" : "call";

const COLUMNS: readonly Column[] = [
  text(
    "caller",
    "Caller",
    "minmax(120px,1.4fr)",
    ({ caller }) => caller,
    ({ row }) => <b className="font-medium">{row.original.caller}</b>,
  ),
  {
    id: "mark",
    header: "",
    enableSorting: false,
    cell: ({ row }) => <EdgeMark kind={markOf(row.original.edge)} />,
    meta: { left: true, width: "34px" },
  } as Column,
  text(
    "callee",
    "Callee",
    "minmax(120px,1.4fr)",
    ({ callee }) => callee,
    ({ row }) => <b className="font-medium">{row.original.callee}</b>,
  ),
  text(
    "does",
    "Does",
    "minmax(110px,1.2fr)",
    ({ edge, via }) => `${verbOf(edge)}${via ? ` via ${via}` : ""}`,
    ({ row }) => (
      <span className="text-ink-3">
        {row.original.edge.calls === 0
          ? "no calls in the window"
          : row.original.via
            ? `via ${row.original.via}`
            : verbOf(row.original.edge)}
      </span>
    ),
  ),
  number(
    "rate",
    "Rate",
    "92px",
    ({ edge }) => (edge.calls === 0 ? null : edge.calls),
    ({ edge, minutes }) => <Quantity of={edge.calls === 0 ? NOTHING : formatRate(edge.calls, minutes)} />,
  ),
  number(
    "errors",
    "Errors",
    "92px",
    ({ edge }) => share(edge.errors, edge.calls),
    ({ edge, minutes }) => {
      const { level } = health.edge(edge, minutes);
      const wrong = level === "bad" || level === "warn";
      return (
        <span className={`inline-flex items-center gap-1.25 ${wrong ? levelText(level) : ""}`}>
          {wrong && <Sign level={level} />}
          <Quantity of={formatShare(edge.errors, edge.calls)} />
        </span>
      );
    },
  ),
  number(
    "fault",
    "Callee fault",
    "88px",
    ({ edge }) => share(edge.errorsBy.callee, edge.calls),
    ({ edge }) => <Quantity of={formatShare(edge.errorsBy.callee, edge.calls)} />,
  ),
  number(
    "p50",
    "p50",
    "80px",
    ({ edge }) => edge.latency.client.p50Ms ?? edge.latency.server.p50Ms,
    ({ edge }) => <Quantity of={formatMs(edge.latency.client.p50Ms ?? edge.latency.server.p50Ms)} />,
  ),
  number(
    "p99",
    "p99 client",
    "84px",
    ({ edge }) => edge.latency.client.p99Ms,
    ({ edge }) => <Quantity of={formatMs(edge.latency.client.p99Ms)} />,
  ),
  number(
    "p99server",
    "p99 server",
    "84px",
    ({ edge }) => edge.latency.server.p99Ms,
    ({ edge }) => <Quantity of={formatMs(edge.latency.server.p99Ms)} />,
  ),
  number(
    "paired",
    "Paired",
    "72px",
    ({ edge }) => (pairable(edge) ? share(edge.confidence.paired, edge.confidence.n) : null),
    ({ edge }) => <Quantity of={pairable(edge) ? formatShare(edge.confidence.paired, edge.confidence.n) : NOTHING} />,
  ),
  number(
    "first",
    "First seen",
    "104px",
    ({ edge }) => (edge.firstSeen ? Date.parse(edge.firstSeen) : null),
    ({ edge }) => (
      <span className="whitespace-nowrap">
        {edge.firstSeen ? `${edge.firstSeen.slice(5, 10)} ${edge.firstSeen.slice(11, 16)}` : "–"}
      </span>
    ),
  ),
];
const TEMPLATE = COLUMNS.map(({ meta }) => meta!.width).join(" ");

interface Props {
  readonly graph: Graph;
  readonly edges: readonly GraphEdge[];
  readonly current: string | null;
  onCurrent(id: string): void;
  onOpen(edge: GraphEdge): void;
  onMap(edge: GraphEdge): void;
  onClose(): void;
}

export function DependenciesTable({ graph, edges, current, onCurrent, onOpen, onMap, onClose }: Props) {
  "use no memo"; // the table and the virtualiser keep state outside of React's sight
  const data = useMemo(() => {
    const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
    const nameOf = (id: string): string => names.get(id) ?? id;
    return edges.map(
      (edge): Row => ({
        edge,
        caller: nameOf(edge.caller),
        callee: nameOf(edge.callee),
        via: edge.via && nameOf(edge.via),
        minutes: coveredMinutes(graph),
      }),
    );
  }, [graph, edges]);
  const table = useTable(
    {
      features,
      columns: COLUMNS as Column[],
      data,
      getRowId: (row: Row) => row.edge.id,
      initialState: { sorting: [{ id: "errors", desc: true }] },
    },
    (state) => state,
  );
  const rows = table.getRowModel().rows;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const at = rows.findIndex(({ id }) => id === current);
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = (next: number): void => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
      if (!row) return;
      onCurrent(row.id);
      virtual.scrollToIndex(Math.max(0, Math.min(rows.length - 1, next)));
    };
    const page = Math.floor((box.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
    const keys = new Map<string, () => unknown>([
      ["ArrowDown", () => to(at + 1)],
      ["ArrowUp", () => to(at < 0 ? 0 : at - 1)],
      ["PageDown", () => to(at + page)],
      ["PageUp", () => to(at - page)],
      ["Home", () => to(0)],
      ["End", () => to(rows.length - 1)],
      ["Escape", onClose],
      ["Enter", () => rows[at] && onOpen(rows[at].original.edge)],
      ["m", () => rows[at] && onMap(rows[at].original.edge)],
      ["M", () => rows[at] && onMap(rows[at].original.edge)],
    ]);
    const act =
      (event.target as HTMLElement).tagName === "BUTTON" && event.key === "Enter" ? undefined : keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const line = "grid items-center px-2 [grid-template-columns:var(--columns)] min-w-280";
  return (
    <div
      ref={box}
      role="grid"
      aria-label="Dependencies"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at < 0 ? undefined : `edge-${current}`}
      tabIndex={0}
      onKeyDown={onKey}
      className={`min-h-0 flex-1 overflow-auto bg-surface text-xs ${at < 0 ? "outline-offset-[-2px]" : "outline-none"}`}
      style={{ "--columns": TEMPLATE } as React.CSSProperties}
    >
      {table.getHeaderGroups().map((group) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, rows are active descendants
        <div
          key={group.id}
          role="row"
          className={`${line} sticky top-0 z-10 h-8 border-b border-line bg-surface-2 text-2xs font-medium text-ink-2`}
        >
          {group.headers.map((header) => {
            const column = header.column.columnDef as Column;
            const sorted = header.column.getIsSorted();
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
              <div
                key={header.id}
                role="columnheader"
                aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
                className={`px-2 ${column.meta?.left ? "" : "text-right"}`}
              >
                {header.column.getCanSort() ? (
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    className={`whitespace-nowrap ${sorted ? "font-semibold text-ink" : ""}`}
                  >
                    {String(column.header)}
                    <span aria-hidden="true">{sorted === "asc" ? " ↑" : sorted === "desc" ? " ↓" : ""}</span>
                  </button>
                ) : (
                  <span className="sr-only">Kind</span>
                )}
              </div>
            );
          })}
        </div>
      ))}
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          const on = row.id === current;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, rows are active descendants
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
            <div
              key={row.id}
              id={`edge-${row.id}`}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={on}
              onClick={() => {
                onCurrent(row.id);
                onOpen(row.original.edge);
              }}
              className={`${line} absolute inset-x-0 top-0 h-7.75 cursor-pointer border-b border-line ${on ? "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-surface-2"}`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row.getAllCells().map((cell) => {
                const column = cell.column.columnDef as Column;
                return (
                  // biome-ignore lint/a11y/useFocusableInteractive: rows are what keys move between
                  <div
                    key={cell.id}
                    role="gridcell"
                    className={`truncate px-2 ${column.meta?.left ? "" : "text-right"}`}
                  >
                    {flexRender(column.cell, cell.getContext())}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}
