import type { DuckDBConnection } from "@duckdb/node-api";
import type { SpanStore } from "../../span-store";
import type { BodyTables } from "./body-tables";
import { MINUTE_TABLES, US_PER_MINUTE } from "./schema";
import { rowsOf } from "./values";

/** @param transaction does its work whole or not at all. */
export async function retire(
  connection: DuckDBConnection,
  bodies: BodyTables,
  transaction: (work: () => Promise<void>) => Promise<void>,
  arrivedBeforeMs: number,
  savedBeforeMs: number,
): ReturnType<SpanStore["retire"]> {
  const numbers = async (sql: string): Promise<number[]> =>
    (await rowsOf(connection, sql)).map(([value]) => Number(value));
  const [batch = 0] = await numbers(
    `SELECT coalesce(max(id), 0) FROM batches WHERE received_ms < ${Math.floor(arrivedBeforeMs)}`,
  );
  const [spans = 0] = batch === 0 ? [0] : await numbers(`SELECT count(*) FROM spans WHERE batch <= ${batch}`);
  const minutes = await numbers(`SELECT minute FROM minutes WHERE saved_ms < ${Math.floor(savedBeforeMs)}`);
  const thinned =
    batch === 0 ? [] : await numbers(`SELECT DISTINCT start // ${US_PER_MINUTE} FROM spans WHERE batch <= ${batch}`);
  await transaction(async () => {
    if (batch > 0) {
      if (thinned.length > 0)
        await connection.run(`UPDATE minutes SET thinned = TRUE WHERE minute IN (${thinned.join(", ")})`);
      for (const name of ["spans", "links"]) await connection.run(`DELETE FROM ${name} WHERE batch <= ${batch}`);
      await bodies.retire(batch);
      await connection.run(`DELETE FROM batches WHERE id < ${batch}`);
    }
    if (minutes.length === 0) return;
    for (const name of MINUTE_TABLES)
      await connection.run(`DELETE FROM ${name} WHERE minute IN (${minutes.join(", ")})`);
  });
  return { spans, minutes, thinned };
}
