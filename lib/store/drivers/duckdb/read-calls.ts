// What is stored of the minutes' calls, added up over a window.
import type { DuckDBConnection } from "@duckdb/node-api";
import { CallSums } from "../../../derive/call-sums";
import type { Measure } from "../../../derive/call-table";
import type { EdgeHistory, MinuteRange, SeriesPoint } from "../../span-store";
import { type CellName, readChunks, takeTrace } from "./raw-chunks";
import { COUNTER_COLUMNS } from "./roll-up";
import { MINUTES_PER_HOUR } from "./schema";
import { rowsOf } from "./values";

/** The names of the example columns by `Exemplar`. */
const EXEMPLAR_COLUMNS = ["error", "slow", "any"];
const EXEMPLAR_HALVES = EXEMPLAR_COLUMNS.flatMap((name) => [`${name}_hi`, `${name}_lo`]);

/** The stored calls of a range, minutes and hours alike: a minute is its own first and last. */
const callsOf = (minutes: string, hours: string): string =>
  `(SELECT minute, 1 AS minutes, edge, operation, ${COUNTER_COLUMNS.join(", ")}, weight, minute AS first_minute,
      minute AS last_minute, ${EXEMPLAR_HALVES.join(", ")} FROM calls WHERE ${minutes}
    UNION ALL SELECT hour * ${MINUTES_PER_HOUR}, ${MINUTES_PER_HOUR}, edge, operation, ${COUNTER_COLUMNS.join(", ")}, weight,
      first_minute, last_minute, ${EXEMPLAR_HALVES.map(() => "0").join(", ")} FROM hour_calls WHERE ${hours})`;

const bucketsOf = (minutes: string, hours: string): string =>
  `(SELECT minute, edge, operation, measure, bucket, count FROM buckets WHERE ${minutes}
    UNION ALL SELECT hour * ${MINUTES_PER_HOUR}, edge, operation, measure, bucket, count FROM hour_buckets WHERE ${hours})`;

/** Conditions on minutes and on hours. */
function within(
  { from, to }: MinuteRange,
  except: readonly number[],
  edges: readonly number[] | null,
): [minutes: string, hours: string] {
  const these = edges === null ? "" : ` AND edge IN (${edges.join(", ")})`;
  const skip = except.length > 0 ? ` AND minute NOT IN (${except.join(", ")})` : "";
  const first = `hour * ${MINUTES_PER_HOUR}`;
  return [`minute >= ${from} AND minute < ${to}${skip}${these}`, `${first} >= ${from} AND ${first} < ${to}${these}`];
}

export async function readCalls(
  connection: DuckDBConnection,
  range: MinuteRange,
  except: readonly number[],
  edges: readonly number[] | null,
): Promise<CallSums> {
  const sums = new CallSums();
  if (edges?.length === 0) return sums;
  const [minutes, hours] = within(range, except, edges);
  const key = edges === null ? "edge, 0::UINTEGER AS operation" : "edge, operation";
  const group = edges === null ? "edge" : "edge, operation";
  const counts = COUNTER_COLUMNS.map((name) => `sum(${name})::DOUBLE`).join(", ");
  // Both halves of an id at once: of rows of the same minute, any may be taken.
  const latest = EXEMPLAR_COLUMNS.map(
    (name) =>
      `arg_max({hi: ${name}_hi, lo: ${name}_lo}, minute) FILTER (${name}_hi > 0 OR ${name}_lo > 0) AS ${name}_id`,
  ).join(", ");
  const halves = EXEMPLAR_COLUMNS.flatMap((name) =>
    ["hi", "lo"].map((half) => `coalesce(${name}_id.${half}, 0)::UBIGINT`),
  ).join(", ");
  const cells: CellName[] = [
    "u32",
    "u32",
    ...COUNTER_COLUMNS.map(() => "f64" as const),
    "f64",
    "i32",
    "i32",
    ...EXEMPLAR_COLUMNS.flatMap(() => ["u64", "u64"] as const),
  ];
  await readChunks(
    connection,
    `SELECT * EXCLUDE (${EXEMPLAR_COLUMNS.map((name) => `${name}_id`).join(", ")}), ${halves} FROM (
       SELECT ${key}, ${counts}, sum(weight), min(first_minute), max(last_minute), ${latest}
       FROM ${callsOf(minutes, hours)} GROUP BY ${group})`,
    cells,
    (columns, rows) => {
      const n = COUNTER_COLUMNS.length;
      for (let i = 0; i < rows; i++) {
        const at = (column: number): number => columns[column]![i]!;
        const row = sums.add({
          edge: at(0),
          operation: at(1),
          counts: COUNTER_COLUMNS.map((_, c) => at(2 + c)),
          weight: at(2 + n),
          firstMinute: at(3 + n),
          lastMinute: at(4 + n),
        });
        for (let which = 0; which < EXEMPLAR_COLUMNS.length; which++) {
          const words = takeTrace(columns[5 + n + which * 2]!, columns[6 + n + which * 2]!, i);
          if (words.some((word) => word !== 0)) sums.setExemplar(row, which, words);
        }
      }
    },
  );
  await readChunks(
    connection,
    `SELECT ${key}, measure, bucket, sum(count)::DOUBLE FROM ${bucketsOf(minutes, hours)} GROUP BY ${group}, measure, bucket`,
    ["u32", "u32", "u8", "u16", "f64"],
    ([edge, operation, measure, bucket, count], rows) => {
      for (let i = 0; i < rows; i++)
        sums.addBucket(edge![i]!, operation![i]!, measure![i]! as 0, bucket![i]!, count![i]!);
    },
  );
  return sums;
}

export async function readSeries(
  connection: DuckDBConnection,
  range: MinuteRange,
  except: readonly number[],
  groups: readonly (readonly number[])[],
): Promise<SeriesPoint[][]> {
  const series = groups.map((): SeriesPoint[] => []);
  const members = groups.flatMap((edges, group) => edges.map((edge) => `(${group}, ${edge}::UINTEGER)`));
  if (members.length === 0) return series;
  const rows = await rowsOf(
    connection,
    `SELECT series, minute, minutes, sum(calls)::DOUBLE, sum(callee + between_sides)::DOUBLE
     FROM ${callsOf(...within(range, except, [...new Set(groups.flat())]))}
     JOIN (VALUES ${members.join(", ")}) AS members(series, edge) USING (edge)
     GROUP BY series, minute, minutes ORDER BY minute`,
  );
  for (const [group, minute, minutes, calls, errors] of rows)
    series[Number(group)]!.push({
      minute: Number(minute),
      minutes: Number(minutes),
      calls: Number(calls),
      errors: Number(errors),
    });
  return series;
}

export async function readBuckets(
  connection: DuckDBConnection,
  range: MinuteRange,
  except: readonly number[],
  edges: readonly number[],
  measure: Measure,
): Promise<Map<number, Map<number, number>>> {
  const byMinute = new Map<number, Map<number, number>>();
  if (edges.length === 0) return byMinute;
  await readChunks(
    connection,
    `SELECT minute, bucket, sum(count)::DOUBLE FROM ${bucketsOf(...within(range, except, edges))}
     WHERE measure = ${measure} GROUP BY minute, bucket`,
    ["i32", "u16", "f64"],
    ([minutes, buckets, counts], rows) => {
      for (let i = 0; i < rows; i++) {
        const known = byMinute.get(minutes![i]!) ?? new Map<number, number>();
        byMinute.set(minutes![i]!, known.set(buckets![i]!, counts![i]!));
      }
    },
  );
  return byMinute;
}

export async function readHistory(connection: DuckDBConnection, except: readonly number[]): Promise<EdgeHistory[]> {
  const rows: EdgeHistory[] = [];
  const where = except.length > 0 ? `WHERE minute NOT IN (${except.join(", ")})` : "";
  await readChunks(
    connection,
    `SELECT edge, min(first), max(last) FROM (
       SELECT edge, min(minute) AS first, max(minute) AS last FROM calls ${where} GROUP BY edge
       UNION ALL SELECT edge, min(first_minute), max(last_minute) FROM hour_calls GROUP BY edge) GROUP BY edge`,
    ["u32", "i32", "i32"],
    ([edge, first, last], count) => {
      for (let i = 0; i < count; i++) rows.push({ edge: edge![i]!, firstMinute: first![i]!, lastMinute: last![i]! });
    },
  );
  return rows;
}
