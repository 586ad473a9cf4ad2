// Single values and few rows, bound: names, numbers and bytes to DuckDB and back.
import { DuckDBBlobValue, type DuckDBConnection, type DuckDBValue } from "@duckdb/node-api";

/** In one statement. */
const VALUES_AT_ONCE = 2048;

export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** The first value of the first row, as a number. */
export async function numberOf(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await rowsOf(connection, sql))[0]![0]);
}

/** Few rows, by bound values. */
export async function insertRows(
  connection: DuckDBConnection,
  table: string,
  rows: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const most = Math.ceil(VALUES_AT_ONCE / (rows[0]?.length ?? 1));
  for (let at = 0; at < rows.length; at += most) {
    const part = rows.slice(at, at + most);
    const marks = part.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
    await connection.run(`INSERT INTO ${table} VALUES ${marks}`, part.flat());
  }
}

/** Two words, the more significant first, as an unsigned 64-bit integer. */
export const unsigned64 = (words: ArrayLike<number>, at: number): bigint =>
  (BigInt(words[at]! >>> 0) << 32n) | BigInt(words[at + 1]! >>> 0);

export const blob = (bytes: Uint8Array): DuckDBBlobValue => new DuckDBBlobValue(bytes);

export const bytesOf = (value: DuckDBValue | undefined): Uint8Array => (value as DuckDBBlobValue).bytes;
