// Stored spans as columns, with their links.
import type { DuckDBConnection } from "@duckdb/node-api";
import { hexOfWords } from "../../../domain/ids";
import { ID_WORDS, NO_DURATION, SpanColumns } from "../../../domain/span-columns";
import { cellsByName, readChunks, takeHalf, takeInteger } from "./raw-chunks";
import { LINKS, SPANS } from "./schema";

const SPAN_CELLS = SPANS.map(({ cell }) => cell);
const LINK_CELLS = LINKS.map(({ cell }) => cell);
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
    const from = cellsByName(LINKS, cells as Uint32Array[]);
    for (let i = 0; i < rows; i++) {
      const own = wordsOf(i, from.trace_hi, from.trace_lo, from.span);
      const target = wordsOf(i, from.target_hi, from.target_lo, from.target_span);
      for (const row of rowsOf.get(`${hexOfWords(own, 0, 6)}${takeInteger(from.start, i)}`) ?? [])
        found.push({ row, words: target });
    }
  });
  found.sort((a, b) => a.row - b.row);
  for (const { row, words } of found) columns.addLink(row, words, 0);
}

function wordsOf(row: number, ...halves: readonly Uint32Array[]): number[] {
  const words: number[] = [];
  for (const [i, half] of halves.entries()) takeHalf(half, row, words, i * 2);
  return words;
}

function takeSpans(into: SpanColumns, cells: readonly Uint32Array[], rows: number): void {
  const from = cellsByName(SPANS, cells);
  for (let i = 0; i < rows; i++) {
    const row = into.reserve();
    const at = row * ID_WORDS;
    const { ids } = into;
    takeHalf(from.trace_hi, i, ids, at);
    takeHalf(from.trace_lo, i, ids, at + 2);
    takeHalf(from.span, i, ids, at + 4);
    takeHalf(from.parent, i, ids, at + 6);
    into.start[row] = takeInteger(from.start, i);
    into.duration[row] = from.duration[i * 2 + 1] === 0xffffffff ? NO_DURATION : takeInteger(from.duration, i);
    into.role[row] = from.role[i]!;
    into.outcome[row] = from.outcome[i]!;
    into.service[row] = from.service[i]!;
    into.operation[row] = from.operation[i]!;
    into.peer[row] = from.peer[i]!;
    into.resource[row] = from.resource[i]!;
    into.weight[row] = from.weight[i]!;
    into.body[row] = from.body[i]!;
    into.offset[row] = from.body_offset[i]!;
    into.length = row + 1;
  }
}
