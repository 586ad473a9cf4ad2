// What is stored of the minutes' calls, added up over a window.
import type { DuckDBConnection } from "@duckdb/node-api";
import { COUNTERS, type Measure } from "../../../derive/call-table";
import { CallTotals } from "../../../derive/call-totals";
import type { EdgeHistory, MinuteRange, SeriesPoint } from "../../span-store";
import { type CellName, readChunks, takeTrace } from "./raw-chunks";
import { CALLS } from "./schema";

/** Columns of `calls` that hold COUNTERS, in their order, and the names of the example columns by `Exemplar`. */
const COUNTER_COLUMNS = CALLS.slice(3, 3 + COUNTERS.length).map(({ name }) => name);
const EXEMPLAR_COLUMNS = ["error", "slow", "any"];

export async function readCalls(
  connection: DuckDBConnection,
  { from, to }: MinuteRange,
  except: readonly number[],
  edges: readonly number[] | null,
): Promise<CallTotals> {
  const totals = new CallTotals(edges !== null);
  if (edges?.length === 0) return totals;
  const where =
    `minute >= ${from} AND minute < ${to}` +
    (except.length > 0 ? ` AND minute NOT IN (${except.join(", ")})` : "") +
    (edges === null ? "" : ` AND edge IN (${edges.join(", ")})`);
  const key = edges === null ? "edge, 0::UINTEGER AS operation" : "edge, operation";
  const group = edges === null ? "edge" : "edge, operation";
  const sums = COUNTER_COLUMNS.map((name) => `sum(${name})::DOUBLE`).join(", ");
  const latest = EXEMPLAR_COLUMNS.flatMap((name) =>
    ["hi", "lo"].map(
      (half) => `coalesce(arg_max(${name}_${half}, minute) FILTER (${name}_hi > 0 OR ${name}_lo > 0), 0)::UBIGINT`,
    ),
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
    `SELECT ${key}, ${sums}, sum(weight), min(minute), max(minute), ${latest} FROM calls WHERE ${where} GROUP BY ${group}`,
    cells,
    (columns, rows) => {
      const n = COUNTER_COLUMNS.length;
      for (let i = 0; i < rows; i++) {
        const at = (column: number): number => columns[column]![i]!;
        const row = totals.add({
          edge: at(0),
          operation: at(1),
          counts: COUNTER_COLUMNS.map((_, c) => at(2 + c)),
          weight: at(2 + n),
          firstMinute: at(3 + n),
          lastMinute: at(4 + n),
        });
        for (let which = 0; which < EXEMPLAR_COLUMNS.length; which++) {
          const words = takeTrace(columns[5 + n + which * 2]!, columns[6 + n + which * 2]!, i);
          if (words.some((word) => word !== 0)) totals.setExemplar(row, which, words);
        }
      }
    },
  );
  await readChunks(
    connection,
    `SELECT ${key}, measure, bucket, sum(count)::UINTEGER FROM buckets WHERE ${where} GROUP BY ${group}, measure, bucket`,
    ["u32", "u32", "u8", "u16", "u32"],
    ([edge, operation, measure, bucket, count], rows) => {
      for (let i = 0; i < rows; i++)
        totals.addBucket(edge![i]!, operation![i]!, measure![i]! as 0, bucket![i]!, count![i]!);
    },
  );
  return totals;
}

export async function readSeries(
  connection: DuckDBConnection,
  { from, to }: MinuteRange,
  except: readonly number[],
  edges: readonly number[],
): Promise<SeriesPoint[]> {
  if (edges.length === 0) return [];
  const skip = except.length > 0 ? ` AND minute NOT IN (${except.join(", ")})` : "";
  const rows = await connection.runAndReadAll(`
        SELECT minute, sum(calls)::DOUBLE, sum(callee + between_sides)::DOUBLE FROM calls
        WHERE minute >= ${from} AND minute < ${to}${skip} AND edge IN (${edges.join(", ")}) GROUP BY minute ORDER BY minute`);
  return rows
    .getRows()
    .map(([minute, calls, errors]) => ({ minute: Number(minute), calls: Number(calls), errors: Number(errors) }));
}

export async function readBuckets(
  connection: DuckDBConnection,
  { from, to }: MinuteRange,
  except: readonly number[],
  edges: readonly number[],
  measure: Measure,
): Promise<Map<number, Map<number, number>>> {
  const byMinute = new Map<number, Map<number, number>>();
  if (edges.length === 0) return byMinute;
  const skip = except.length > 0 ? ` AND minute NOT IN (${except.join(", ")})` : "";
  await readChunks(
    connection,
    `SELECT minute, bucket, sum(count)::UINTEGER FROM buckets WHERE minute >= ${from} AND minute < ${to}${skip}
          AND edge IN (${edges.join(", ")}) AND measure = ${measure} GROUP BY minute, bucket`,
    ["i32", "u16", "u32"],
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
    `SELECT edge, min(minute), max(minute) FROM calls ${where} GROUP BY edge`,
    ["u32", "i32", "i32"],
    ([edge, first, last], count) => {
      for (let i = 0; i < count; i++) rows.push({ edge: edge![i]!, firstMinute: first![i]!, lastMinute: last![i]! });
    },
  );
  return rows;
}
