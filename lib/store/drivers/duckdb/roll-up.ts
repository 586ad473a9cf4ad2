// Minutes that are old become hours: the same counts and latency buckets, added up. Examples are left out, for the spans that
// they name are gone by then. An hour is made of all its minutes at once and is not added to later.
import type { DuckDBConnection } from "@duckdb/node-api";
import { COUNTERS } from "../../../derive/call-table";
import { CALLS, HOUR_TABLES, MINUTE_TABLES, MINUTES_PER_HOUR } from "./schema";
import { rowsOf } from "./values";

/** Columns of `calls` that hold COUNTERS, in their order. */
export const COUNTER_COLUMNS = CALLS.slice(3, 3 + COUNTERS.length).map(({ name }) => name);
const HOUR = `minute // ${MINUTES_PER_HOUR}`;

/**
 * Minutes of the hours of which every minute was saved before.
 * @param inMemory minutes that the store does not know best: their hours wait.
 */
export async function minutesToRollUp(
  connection: DuckDBConnection,
  savedBeforeMs: number,
  inMemory: readonly number[],
): Promise<number[]> {
  const waiting = inMemory.map((minute) => Math.floor(minute / MINUTES_PER_HOUR));
  const rows = await rowsOf(
    connection,
    `SELECT minute FROM minutes WHERE ${HOUR} IN (
       SELECT ${HOUR} AS hour FROM minutes GROUP BY hour HAVING max(saved_ms) < ${Math.floor(savedBeforeMs)}
     ) ${waiting.length > 0 ? `AND ${HOUR} NOT IN (${waiting.join(", ")})` : ""} ORDER BY minute`,
  );
  return rows.map(([minute]) => Number(minute));
}

/** Replaces these minutes, all that their hours have, by hours. Within the open transaction. */
export async function rollUp(connection: DuckDBConnection, minutes: readonly number[]): Promise<void> {
  if (minutes.length === 0) return;
  const these = `minute IN (${minutes.join(", ")})`;
  const sums = COUNTER_COLUMNS.map((name) => `sum(${name})::UBIGINT`).join(", ");
  await connection.run(`INSERT INTO hour_calls SELECT ${HOUR}, edge, operation, ${sums}, sum(weight), min(minute), max(minute)
    FROM calls WHERE ${these} GROUP BY ALL`);
  await connection.run(`INSERT INTO hour_buckets SELECT ${HOUR}, edge, operation, measure, bucket, sum(count)::UBIGINT
    FROM buckets WHERE ${these} GROUP BY ALL`);
  await connection.run(`INSERT INTO hours SELECT ${HOUR}, max(saved_ms) FROM minutes WHERE ${these} GROUP BY ALL`);
  for (const name of MINUTE_TABLES) await connection.run(`DELETE FROM ${name} WHERE ${these}`);
}

/** Forgets hours whose minutes were saved before. Within the open transaction. */
export async function forgetHours(connection: DuckDBConnection, savedBeforeMs: number): Promise<void> {
  const old = await rowsOf(connection, `SELECT hour FROM hours WHERE saved_ms < ${Math.floor(savedBeforeMs)}`);
  if (old.length === 0) return;
  const hours = old.map(([hour]) => Number(hour)).join(", ");
  for (const name of HOUR_TABLES) await connection.run(`DELETE FROM ${name} WHERE hour IN (${hours})`);
}

export async function readHours(connection: DuckDBConnection): Promise<number[]> {
  return (await rowsOf(connection, "SELECT hour FROM hours ORDER BY hour")).map(([hour]) => Number(hour));
}
