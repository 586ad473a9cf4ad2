// Searches over the stored spans, as SQL on a connection of their own. Everything that goes into the text is a number.
import type { DuckDBConnection, DuckDBListValue } from "@duckdb/node-api";
import type { SpanConditions, SpanPlace, TraceFacts, TracePlace } from "../../span-store";
import { readChunks, takeInteger, takeTrace } from "./raw-chunks";

/** Added to the start of spans that have a parent, so that roots come first; starts are below. */
const BEHIND_ROOTS = 2 ** 54;
const NEWEST_FIRST = "begin DESC, trace_hi DESC, trace_lo DESC";
/** Spans without a known duration hold NO_DURATION, which is negative. */
const END = "start + greatest(duration, 0)";

export async function findTraces(
  connection: DuckDBConnection,
  conditions: SpanConditions,
  limit: number,
): Promise<TracePlace[]> {
  const found: TracePlace[] = [];
  await readChunks(
    connection,
    `WITH hits AS (SELECT DISTINCT trace_hi, trace_lo FROM spans WHERE ${where(conditions)}), ${beginsOf("hits")}
    SELECT trace_hi, trace_lo, begin FROM begins ${behind(conditions.before)} ORDER BY ${NEWEST_FIRST} LIMIT ${limit}`,
    ["u64", "u64", "i64"],
    (cells, rows) => {
      for (let i = 0; i < rows; i++) found.push(placeAt(cells as Uint32Array[], i));
    },
  );
  return found;
}

export async function findSpans(
  connection: DuckDBConnection,
  conditions: SpanConditions,
  limit: number,
): Promise<SpanPlace[]> {
  const found: SpanPlace[] = [];
  await readChunks(
    connection,
    `WITH hits AS (SELECT trace_hi, trace_lo, body, body_offset FROM spans WHERE ${where(conditions)}), ${beginsOf("hits")}
    SELECT trace_hi, trace_lo, begin, body, body_offset FROM hits JOIN begins USING (trace_hi, trace_lo)
    ${behind(conditions.before)} ORDER BY ${NEWEST_FIRST} LIMIT ${limit}`,
    ["u64", "u64", "i64", "u32", "u32"],
    (cells, rows) => {
      for (let i = 0; i < rows; i++)
        found.push({ place: placeAt(cells as Uint32Array[], i), body: cells[3]![i]!, offset: cells[4]![i]! });
    },
  );
  return found;
}

export async function countSpans(
  connection: DuckDBConnection,
  fromUs: number,
  toUs: number,
  exceptServices: readonly number[] = [],
): Promise<number> {
  const conditions = [`start >= ${integer(fromUs)} AND start < ${integer(toUs)}`, ...noneOf("service", exceptServices)];
  const rows = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM spans WHERE ${conditions.join(" AND ")}`);
  return Number(rows.getRows()[0]![0]);
}

export async function describeTraces(
  connection: DuckDBConnection,
  traces: readonly TracePlace[],
  outcome: number,
): Promise<TraceFacts[]> {
  if (traces.length === 0) return [];
  const asked = traces.map(({ trace }, at) => `(${at}, ${half(trace, 0)}, ${half(trace, 2)})`).join(", ");
  const rank = `CASE WHEN parent = 0 THEN start ELSE start + ${BEHIND_ROOTS} END`;
  const rows = await connection.runAndReadAll(`
    SELECT a.nth, min(start)::DOUBLE, max(${END})::DOUBLE, count(*)::DOUBLE,
      count(*) FILTER (outcome >= ${integer(outcome)})::DOUBLE, arg_min(service, ${rank}), arg_min(operation, ${rank}),
      list(DISTINCT service)
    FROM spans s JOIN (VALUES ${asked}) a(nth, hi, lo) ON s.trace_lo = a.lo AND s.trace_hi = a.hi GROUP BY a.nth ORDER BY a.nth`);
  return rows.getRows().map(([at, start, end, spans, failed, rootService, rootOperation, services]) => ({
    place: { trace: traces[Number(at)]!.trace, startUs: Number(start) },
    endUs: Number(end),
    spans: Number(spans),
    failed: Number(failed),
    services: (services as DuckDBListValue).items.map(Number),
    rootService: Number(rootService),
    rootOperation: Number(rootOperation),
  }));
}

const beginsOf = (hits: string): string =>
  `begins AS (SELECT s.trace_hi, s.trace_lo, min(s.start) AS begin FROM spans s
    SEMI JOIN ${hits} h ON h.trace_lo = s.trace_lo AND h.trace_hi = s.trace_hi GROUP BY s.trace_hi, s.trace_lo)`;

function where(conditions: SpanConditions): string {
  const { fromUs, toUs, leastUs, mostUs, outcome } = conditions;
  return [
    `start >= ${integer(fromUs)} AND start < ${integer(toUs)}`,
    ...among("service", conditions.services),
    ...noneOf("service", conditions.exceptServices),
    ...(conditions.of === null ? [] : [`(${either(conditions.of)})`]),
    ...among("operation", conditions.operations),
    ...(leastUs === null ? [] : [`duration >= ${integer(Math.ceil(leastUs))}`]),
    ...(mostUs === null ? [] : [`duration BETWEEN 0 AND ${integer(Math.floor(mostUs))}`]),
    ...(outcome === 0 ? [] : [`outcome >= ${integer(outcome)}`]),
  ].join(" AND ");
}

function among(column: string, ids: readonly number[] | null): string[] {
  if (ids === null) return [];
  return [ids.length === 0 ? "FALSE" : `${column} IN (${ids.map(integer).join(", ")})`];
}

const noneOf = (column: string, ids: readonly number[]): string[] =>
  ids.length === 0 ? [] : [`${column} NOT IN (${ids.map(integer).join(", ")})`];

const either = ({ services, peers }: NonNullable<SpanConditions["of"]>): string =>
  [...among("service", services), ...among("peer", peers)].join(" OR ");

const behind = (place: TracePlace | null): string =>
  place === null
    ? ""
    : `WHERE (begin, trace_hi, trace_lo) < (${integer(place.startUs)}::BIGINT, ${half(place.trace, 0)}, ${half(place.trace, 2)})`;

function placeAt([hi, lo, begin]: readonly Uint32Array[], row: number): TracePlace {
  return { trace: takeTrace(hi!, lo!, row), startUs: takeInteger(begin!, row) };
}

/** Two words of a trace id as an SQL number. */
const half = (words: Int32Array, at: number): string =>
  `${(BigInt(words[at]! >>> 0) << 32n) | BigInt(words[at + 1]! >>> 0)}::UBIGINT`;

/** Nothing but an integer gets into SQL text. @throws RangeError */
function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return String(value);
}
