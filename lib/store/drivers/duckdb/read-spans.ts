// Stored spans as columns, with their links.
import type { DuckDBConnection } from "@duckdb/node-api";
import { hexOfWords } from "../../../domain/ids";
import { ID_WORDS, NO_DURATION, SpanColumns } from "../../../domain/span-columns";
import { type CellName, readChunks, takeInteger } from "./raw-chunks";
import { LINKS, SPANS } from "./schema";

const SPAN_CELLS = SPANS.map(({ cell }) => cell as CellName);
const LINK_CELLS = LINKS.map(({ cell }) => cell as CellName);
const SPAN_LIST = SPANS.map(({ name }) => `s.${name}`).join(", ");
const LINK_LIST = LINKS.map(({ name }) => `l.${name}`).join(", ");

/** Spans of the traces that a query names; null when there are more than `limit`. */
export async function spansOf(
  connection: DuckDBConnection,
  traces: string,
  where: string,
  limit: number,
): Promise<SpanColumns | null> {
  const from = `FROM spans s SEMI JOIN (${traces}) w ON w.trace_lo = s.trace_lo AND w.trace_hi = s.trace_hi WHERE ${where}`;
  const columns = new SpanColumns(1024);
  const most = limit === Number.MAX_SAFE_INTEGER ? "" : ` LIMIT ${limit + 1}`;
  await readChunks(connection, `SELECT ${SPAN_LIST} ${from}${most}`, SPAN_CELLS, (cells, rows) =>
    takeSpans(columns, cells as Uint32Array[], rows),
  );
  if (columns.length > limit) return null;
  await takeLinks(
    connection,
    columns,
    `SELECT ${LINK_LIST} FROM links l SEMI JOIN (${traces}) w ON w.trace_lo = l.trace_lo AND w.trace_hi = l.trace_hi`,
  );
  return columns;
}

/** Adds the links of a query to the rows that they belong to, in the order of the rows. */
async function takeLinks(connection: DuckDBConnection, columns: SpanColumns, sql: string): Promise<void> {
  const rowsOf = new Map<string, number[]>();
  const found: { row: number; words: number[] }[] = [];
  let indexed = false;
  await readChunks(connection, sql, LINK_CELLS, (cells, rows) => {
    if (!indexed) {
      for (let row = 0; row < columns.length; row++) {
        const key = `${hexOfWords(columns.ids, row * ID_WORDS, 6)}${columns.start[row]}`;
        const known = rowsOf.get(key);
        if (known) known.push(row);
        else rowsOf.set(key, [row]);
      }
      indexed = true;
    }
    const [traceHi, traceLo, span, start, targetHi, targetLo, targetSpan] = cells;
    for (let i = 0; i < rows; i++) {
      const pair = (cell: (typeof cells)[number] | undefined): [number, number] => [cell![i * 2 + 1]!, cell![i * 2]!];
      const key = `${hexOfWords([...pair(traceHi), ...pair(traceLo), ...pair(span)], 0, 6)}${takeInteger(start!, i)}`;
      for (const row of rowsOf.get(key) ?? [])
        found.push({ row, words: [...pair(targetHi), ...pair(targetLo), ...pair(targetSpan)] });
    }
  });
  found.sort((a, b) => a.row - b.row);
  for (const { row, words } of found) columns.addLink(row, words, 0);
}

function takeSpans(into: SpanColumns, cells: readonly Uint32Array[], rows: number): void {
  const [
    traceHi,
    traceLo,
    span,
    parent,
    start,
    duration,
    role,
    outcome,
    service,
    operation,
    peer,
    resource,
    weight,
    body,
    offset,
  ] = cells;
  for (let i = 0; i < rows; i++) {
    const row = into.reserve();
    const at = row * ID_WORDS;
    const { ids } = into;
    ids[at] = traceHi![i * 2 + 1]!;
    ids[at + 1] = traceHi![i * 2]!;
    ids[at + 2] = traceLo![i * 2 + 1]!;
    ids[at + 3] = traceLo![i * 2]!;
    ids[at + 4] = span![i * 2 + 1]!;
    ids[at + 5] = span![i * 2]!;
    ids[at + 6] = parent![i * 2 + 1]!;
    ids[at + 7] = parent![i * 2]!;
    into.start[row] = takeInteger(start!, i);
    into.duration[row] = duration![i * 2 + 1] === 0xffffffff ? NO_DURATION : takeInteger(duration!, i);
    into.role[row] = role![i]!;
    into.outcome[row] = outcome![i]!;
    into.service[row] = service![i]!;
    into.operation[row] = operation![i]!;
    into.peer[row] = peer![i]!;
    into.resource[row] = resource![i]!;
    into.weight[row] = weight![i]!;
    into.body[row] = body![i]!;
    into.offset[row] = offset![i]!;
    into.length = row + 1;
  }
}
