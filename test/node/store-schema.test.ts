// The tables that a new file gets are literal SQL, which may not change; what appends and reads whole rows goes by lists of
// columns, which may. Here they meet.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDuckDb } from "@/lib/store/drivers/duckdb/open";
import type { ColumnSpec } from "@/lib/store/drivers/duckdb/raw-chunks";
import { BODIES, BUCKETS, CALLS, LINKS, MIGRATIONS, SPANS } from "@/lib/store/drivers/duckdb/schema";

const SQL_TYPES: Record<ColumnSpec["cell"], string> = {
  u8: "UTINYINT",
  u16: "USMALLINT",
  u32: "UINTEGER",
  i32: "INTEGER",
  u64: "UBIGINT",
  i64: "BIGINT",
  f32: "FLOAT",
  f64: "DOUBLE",
  blob: "BLOB",
};
const LISTS: Record<string, readonly ColumnSpec[]> = {
  spans: SPANS,
  links: LINKS,
  bodies: BODIES,
  calls: CALLS,
  buckets: BUCKETS,
};

const folder = mkdtempSync(join(tmpdir(), "headwater-schema-"));
let tables: Map<string, string[]>;

/** `name TYPE`, in order, with `?` for columns that may be empty, by table. */
async function columnsIn(path: string): Promise<Map<string, string[]>> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns ORDER BY table_name, ordinal_position",
  );
  const found = new Map<string, string[]>();
  for (const [table, name, type, nullable] of rows.getRows())
    found.set(String(table), [...(found.get(String(table)) ?? []), `${name} ${type}${nullable === "NO" ? "" : "?"}`]);
  connection.closeSync();
  instance.closeSync();
  return found;
}

const expected = (columns: readonly ColumnSpec[]): string[] =>
  columns.map(({ name, cell }) => `${name} ${SQL_TYPES[cell]}`);

beforeAll(async () => {
  const path = join(folder, "new.duckdb");
  (await openDuckDb({ path })).closeSync();
  tables = await columnsIn(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a new file", () => {
  it.each(Object.keys(LISTS))("has the columns of %s that are appended", (table) => {
    expect(tables.get(table)).toEqual(expected(LISTS[table]!));
  });

  it("twin: a list that has changed without a migration is caught", () => {
    const [first, second, ...rest] = SPANS;
    expect(tables.get("spans")).not.toEqual(expected([second, first, ...rest]));
    expect(tables.get("spans")).not.toEqual(expected([...SPANS, { name: "more", cell: "u32" }]));
  });

  it("has every table, and the version that it is", async () => {
    const hours = ["hour_buckets", "hour_calls", "hours"];
    const names = [
      ...hours,
      "batches",
      "edges",
      "facts",
      "minutes",
      "nodes",
      "operations",
      "resources",
      ...Object.keys(LISTS),
    ];
    expect([...tables.keys()].sort()).toEqual(names.sort());
  });
});

describe("migration 1", () => {
  it("is literal, and what it was when the first files were made", () => {
    expect(MIGRATIONS[0]).toHaveLength(12);
    expect(MIGRATIONS[0]!.map((sql) => sql.replaceAll(/\s+/g, " "))).toMatchInlineSnapshot(`
      [
        "CREATE TABLE spans (trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, span UBIGINT NOT NULL, parent UBIGINT NOT NULL, start BIGINT NOT NULL, duration BIGINT NOT NULL, role UTINYINT NOT NULL, outcome UTINYINT NOT NULL, service UINTEGER NOT NULL, operation UINTEGER NOT NULL, peer UINTEGER NOT NULL, resource UINTEGER NOT NULL, weight FLOAT NOT NULL, body UINTEGER NOT NULL, body_offset UINTEGER NOT NULL, batch UINTEGER NOT NULL)",
        "CREATE TABLE links (trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, span UBIGINT NOT NULL, start BIGINT NOT NULL, target_hi UBIGINT NOT NULL, target_lo UBIGINT NOT NULL, target_span UBIGINT NOT NULL, batch UINTEGER NOT NULL)",
        "CREATE TABLE bodies (id UINTEGER NOT NULL, batch UINTEGER NOT NULL, bytes BLOB NOT NULL)",
        "CREATE TABLE calls (minute INTEGER NOT NULL, edge UINTEGER NOT NULL, operation UINTEGER NOT NULL, calls UINTEGER NOT NULL, callee UINTEGER NOT NULL, between_sides UINTEGER NOT NULL, client_error UINTEGER NOT NULL, throttled UINTEGER NOT NULL, paired UINTEGER NOT NULL, client_only UINTEGER NOT NULL, unweighted UINTEGER NOT NULL, weight DOUBLE NOT NULL, error_hi UBIGINT NOT NULL, error_lo UBIGINT NOT NULL, slow_hi UBIGINT NOT NULL, slow_lo UBIGINT NOT NULL, any_hi UBIGINT NOT NULL, any_lo UBIGINT NOT NULL)",
        "CREATE TABLE buckets (minute INTEGER NOT NULL, edge UINTEGER NOT NULL, operation UINTEGER NOT NULL, measure UTINYINT NOT NULL, bucket USMALLINT NOT NULL, count UINTEGER NOT NULL)",
        "CREATE TABLE minutes (minute INTEGER PRIMARY KEY, saved_ms BIGINT NOT NULL, thinned BOOLEAN NOT NULL)",
        "CREATE TABLE batches (id UINTEGER NOT NULL, received_ms BIGINT NOT NULL)",
        "CREATE TABLE nodes (id UINTEGER NOT NULL, kind VARCHAR NOT NULL, ident VARCHAR NOT NULL, name VARCHAR NOT NULL, environment VARCHAR NOT NULL, system VARCHAR NOT NULL)",
        "CREATE TABLE operations (id UINTEGER NOT NULL, name BLOB NOT NULL)",
        "CREATE TABLE resources (id UINTEGER NOT NULL, service UINTEGER NOT NULL, environment VARCHAR NOT NULL, sdk VARCHAR NOT NULL, version VARCHAR NOT NULL, bytes BLOB NOT NULL)",
        "CREATE TABLE edges (id UINTEGER NOT NULL, caller UINTEGER NOT NULL, callee UINTEGER NOT NULL, via UINTEGER NOT NULL, kind UTINYINT NOT NULL)",
        "CREATE TABLE facts (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL)",
      ]
    `);
  });
});
