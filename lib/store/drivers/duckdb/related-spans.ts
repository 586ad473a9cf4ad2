// Spans with those that they hang together with, and the minutes in which those are.
import type { DuckDBConnection } from "@duckdb/node-api";
import { ID_WORDS, type SpanColumns } from "../../../domain/span-columns";
import type { StoredTrace } from "../../span-store";
import type { BodyTables } from "./body-tables";
import { spansOf } from "./read-spans";
import { US_PER_MINUTE } from "./schema";
import { insertRows, rowsOf, unsigned64 } from "./values";

/** What the functions here need on their connection; traces are asked for in tables of its own. */
export async function prepareReader(connection: DuckDBConnection): Promise<void> {
  await connection.run("CREATE TEMP TABLE wanted (trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL)");
}

export async function readRelatives(
  connection: DuckDBConnection,
  traces: readonly Int32Array[],
  fromUs: number,
  toUs: number,
  limit: number,
): Promise<SpanColumns | null> {
  await want(connection, traces);
  // Traces of spans that these link to, and of spans that link to them.
  await wantLinked(connection);
  const range = `s.start BETWEEN ${Math.floor(fromUs)} AND ${Math.ceil(toUs)}`;
  return await spansOf(connection, "SELECT DISTINCT trace_hi, trace_lo FROM wanted", range, limit);
}

export async function findKnown(
  connection: DuckDBConnection,
  columns: SpanColumns,
  rows: readonly number[],
): Promise<Set<number>> {
  await connection.run(
    "CREATE OR REPLACE TEMP TABLE asked (row_number UINTEGER, trace_hi UBIGINT, trace_lo UBIGINT, span UBIGINT, start BIGINT, kind UTINYINT, service UINTEGER)",
  );
  await insertRows(
    connection,
    "asked",
    rows.map((row) => {
      const from = row * ID_WORDS;
      return [
        row,
        unsigned64(columns.ids, from),
        unsigned64(columns.ids, from + 2),
        unsigned64(columns.ids, from + 4),
        BigInt(columns.start[row]!),
        columns.role[row]! >> 4,
        columns.service[row]!,
      ];
    }),
  );
  const found = await connection.runAndReadAll(`
    SELECT a.row_number FROM asked a SEMI JOIN spans s ON s.start = a.start AND s.span = a.span AND s.trace_lo = a.trace_lo
      AND s.trace_hi = a.trace_hi AND (s.role >> 4) = a.kind AND s.service = a.service
    WHERE a.start >= (SELECT min(start) FROM asked)`);
  return new Set(found.getRows().map(([row]) => Number(row)));
}

export async function minutesOf(connection: DuckDBConnection, traces: readonly Int32Array[]): Promise<number[]> {
  await want(connection, traces);
  return await minutesNear(connection, "SELECT trace_hi, trace_lo FROM wanted");
}

export const minutesTouchedAfter = (connection: DuckDBConnection, batch: number): Promise<number[]> =>
  minutesNear(connection, `SELECT DISTINCT trace_hi, trace_lo FROM spans WHERE batch > ${batch}`);

export async function readMinute(
  connection: DuckDBConnection,
  minute: number,
  slice: number,
  slices: number,
  upToBatch: number,
): Promise<SpanColumns> {
  const from = minute * US_PER_MINUTE;
  const part = slices === 1 ? "" : `AND s.trace_lo % ${slices} = ${slice}`;
  await connection.run("DELETE FROM wanted");
  await connection.run(
    `INSERT INTO wanted SELECT DISTINCT s.trace_hi, s.trace_lo FROM spans s WHERE s.start >= ${from} AND s.start < ${from + US_PER_MINUTE} ${part}`,
  );
  // Two steps along links: the messages' other ends, and who else consumes what these consume.
  for (let step = 0; step < 2; step++) await wantLinked(connection);
  const known = `s.batch <= ${upToBatch}`;
  return (await spansOf(connection, "SELECT DISTINCT trace_hi, trace_lo FROM wanted", known, Number.MAX_SAFE_INTEGER))!;
}

export async function readTrace(
  connection: DuckDBConnection,
  bodies: BodyTables,
  trace: Int32Array,
): Promise<StoredTrace> {
  await want(connection, [trace]);
  const columns = (await spansOf(connection, "SELECT * FROM wanted", "TRUE", Number.MAX_SAFE_INTEGER))!;
  const ids = [...new Set(columns.body.subarray(0, columns.length))].filter((id) => id !== 0);
  return { columns, bodies: await bodies.read(connection, ids) };
}

/** Minutes in which these traces, and those they are linked with, have spans. */
async function minutesNear(connection: DuckDBConnection, traces: string): Promise<number[]> {
  const rows = await rowsOf(
    connection,
    `
    WITH touched AS (${traces}),
    near AS (
      SELECT * FROM touched
      UNION SELECT l.target_hi, l.target_lo FROM links l SEMI JOIN touched t ON t.trace_lo = l.trace_lo AND t.trace_hi = l.trace_hi
      UNION SELECT l.trace_hi, l.trace_lo FROM links l SEMI JOIN touched t ON t.trace_lo = l.target_lo AND t.trace_hi = l.target_hi)
    SELECT DISTINCT s.start // ${US_PER_MINUTE} FROM spans s SEMI JOIN near n ON n.trace_lo = s.trace_lo AND n.trace_hi = s.trace_hi
    ORDER BY 1`,
  );
  return rows.map(([minute]) => Number(minute));
}

async function want(connection: DuckDBConnection, traces: readonly Int32Array[]): Promise<void> {
  await connection.run("DELETE FROM wanted");
  await insertRows(
    connection,
    "wanted",
    traces.map((words) => [unsigned64(words, 0), unsigned64(words, 2)]),
  );
}

/** Also the traces of spans that these link to, and of spans that link to them. */
async function wantLinked(connection: DuckDBConnection): Promise<void> {
  await connection.run(`
    INSERT INTO wanted
    SELECT DISTINCT l.target_hi, l.target_lo FROM links l SEMI JOIN wanted w ON w.trace_lo = l.trace_lo AND w.trace_hi = l.trace_hi
    UNION
    SELECT DISTINCT l.trace_hi, l.trace_lo FROM links l SEMI JOIN wanted w ON w.trace_lo = l.target_lo AND w.trace_hi = l.target_hi`);
}
