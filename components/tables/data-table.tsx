// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual, a table element would lay out all of them
// A table of any length: only the rows in view are in the page, so that thousands scroll. One row is current; keys move it.
"use client";
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, useMemo, useRef } from "react";

const ROW_HEIGHT = 31;
const HEAD_HEIGHT = 32;
const GROUPS_HEIGHT = 24;

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Definition<Row extends object> = ColumnDef<typeof features, Row>;

export interface Column<Row extends object> {
  readonly id: string;
  readonly header: string;
  /** As in `grid-template-columns`. */
  readonly width: string;
  /** Text stands on the left, numbers on the right. */
  readonly left: boolean;
  /** What rows are sorted by; rows without a value stay at the end either way. null: not sortable, its header unseen. */
  readonly value: ((row: Row) => string | number | null) | null;
  readonly cell: (row: Row) => ReactNode;
}

export const textColumn = <Row extends object>(
  id: string,
  header: string,
  width: string,
  value: (row: Row) => string,
  cell: (row: Row) => ReactNode = value,
): Column<Row> => ({ id, header, width, left: true, value, cell });

export const numberColumn = <Row extends object>(
  id: string,
  header: string,
  width: string,
  value: (row: Row) => number | null,
  cell: (row: Row) => ReactNode,
): Column<Row> => ({ id, header, width, left: false, value, cell });

export interface DataTableProps<Row extends object> {
  readonly label: string;
  /** Headings over neighbouring columns, from the first on; "" for columns without one. */
  readonly groups?: readonly { readonly title: string; readonly columns: number }[];
  /** Before the ids of rows in the page. */
  readonly prefix: string;
  /** The same array for as long as the columns are the same. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** Column sorted by, largest first; null keeps the order of `rows`, and columns cannot be sorted. */
  readonly sortedBy: string | null;
  /** Class for the narrowest that a row gets before the table scrolls sideways. */
  readonly narrowest: string;
  readonly current: string | null;
  onCurrent(id: string): void;
  onOpen(row: Row): void;
  onMap?(row: Row): void;
  onClose?(): void;
}

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  "use no memo"; // the table and the virtualiser keep state outside of React's sight
  const { label, groups, prefix, columns, idOf, sortedBy, narrowest, current, onCurrent, onOpen, onMap, onClose } =
    props;
  const template = columns.map(({ width }) => width).join(" ");
  const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
  const table = useTable(
    {
      features,
      columns: definitions,
      data: props.rows as Row[],
      getRowId: idOf,
      enableSorting: sortedBy !== null,
      initialState: { sorting: sortedBy === null ? [] : [{ id: sortedBy, desc: true }] },
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
    scrollPaddingStart: groups ? HEAD_HEIGHT + GROUPS_HEIGHT : HEAD_HEIGHT,
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
    const map = onMap && (() => rows[at] && onMap(rows[at].original));
    const keys = new Map<string, (() => unknown) | undefined>([
      ["ArrowDown", () => to(at + 1)],
      ["ArrowUp", () => to(at < 0 ? 0 : at - 1)],
      ["PageDown", () => to(at + page)],
      ["PageUp", () => to(at - page)],
      ["Home", () => to(0)],
      ["End", () => to(rows.length - 1)],
      ["Escape", onClose],
      ["Enter", () => rows[at] && onOpen(rows[at].original)],
      ["m", map],
      ["M", map],
    ]);
    const act =
      (event.target as HTMLElement).tagName === "BUTTON" && event.key === "Enter" ? undefined : keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const line = `grid items-center px-2 [grid-template-columns:var(--columns)] ${narrowest}`;
  return (
    <div
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at < 0 ? undefined : `${prefix}-${current}`}
      tabIndex={0}
      onKeyDown={onKey}
      className={`min-h-0 flex-1 overflow-auto bg-surface text-xs ${at < 0 ? "outline-offset-[-2px]" : "outline-none"}`}
      style={{ "--columns": template } as React.CSSProperties}
    >
      {groups && (
        <div
          role="presentation"
          className={`${line} sticky top-0 z-10 h-6 bg-surface-2 text-2xs font-semibold text-ink-2`}
        >
          {groups.map(({ title, columns: wide }, at) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a fixed head
              key={at}
              className={`truncate px-2 ${title ? "border-l border-line-strong" : ""}`}
              style={{ gridColumn: `span ${wide}` }}
            >
              {title}
            </span>
          ))}
        </div>
      )}
      {table.getHeaderGroups().map((group) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, rows are active descendants
        <div
          key={group.id}
          role="row"
          className={`${line} sticky ${groups ? "top-6" : "top-0"} z-10 h-8 border-b border-line bg-surface-2 text-2xs font-medium text-ink-2`}
        >
          {group.headers.map((header, index) => {
            const column = columns[index]!;
            const sorted = header.column.getIsSorted();
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
              <div
                key={header.id}
                role="columnheader"
                aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
                className={`px-2 ${column.left ? "" : "text-right"}`}
              >
                {header.column.getCanSort() ? (
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    className={`whitespace-nowrap ${sorted ? "font-semibold text-ink" : ""}`}
                  >
                    {column.header}
                    <span aria-hidden="true">{sorted === "asc" ? " ↑" : sorted === "desc" ? " ↓" : ""}</span>
                  </button>
                ) : (
                  <span className={column.value ? "whitespace-nowrap" : "sr-only"}>{column.header}</span>
                )}
              </div>
            );
          })}
        </div>
      ))}
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          return (
            <Line
              key={row.id}
              id={row.id}
              row={row.original}
              index={item.index}
              start={item.start}
              on={row.id === current}
              prefix={prefix}
              className={line}
              columns={columns as readonly Column<object>[]}
              onCurrent={onCurrent}
              onOpen={onOpen as (row: object) => void}
            />
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  readonly row: object;
  readonly index: number;
  /** Pixels from the top of all rows. */
  readonly start: number;
  readonly on: boolean;
  readonly prefix: string;
  readonly className: string;
  readonly columns: readonly Column<object>[];
  onCurrent(id: string): void;
  onOpen(row: object): void;
}

/** Scrolling moves the window over the rows, not the rows: those that stay are not made again. */
const Line = memo(function Line(props: LineProps) {
  const { id, row, index, start, on, prefix, className, columns, onCurrent, onOpen } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, rows are active descendants
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid
    <div
      id={`${prefix}-${id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={on}
      onClick={() => {
        onCurrent(id);
        onOpen(row);
      }}
      className={`${className} absolute inset-x-0 top-0 h-7.75 cursor-pointer border-b border-line ${on ? "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-surface-2"}`}
      style={{ transform: `translateY(${start}px)` }}
    >
      {columns.map((column) => (
        // biome-ignore lint/a11y/useFocusableInteractive: rows are what keys move between
        <div key={column.id} role="gridcell" className={`truncate px-2 ${column.left ? "" : "text-right"}`}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
});

function definitionOf<Row extends object>({ id, header, left, value }: Column<Row>): Definition<Row> {
  const compare = (a: string | number | null, b: string | number | null): number =>
    a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1;
  return {
    id,
    header,
    accessorFn: (row: Row) => value?.(row) ?? undefined,
    enableSorting: value !== null,
    sortDescFirst: !left,
    sortUndefined: "last",
    sortFn: (a: { original: Row }, b: { original: Row }) =>
      compare(value?.(a.original) ?? null, value?.(b.original) ?? null),
  } as Definition<Row>;
}
