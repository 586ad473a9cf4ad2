// Tables of the DuckDB store. Ids of traces and spans are 64-bit halves, names are numbers (dictionary tables), times are Unix
// microseconds or minutes. A change of a table is a new entry in MIGRATIONS; entries are never edited.
import type { ColumnSpec } from "./raw-chunks";

export const SPANS: readonly ColumnSpec[] = [
  { name: "trace_hi", cell: "u64" },
  { name: "trace_lo", cell: "u64" },
  { name: "span", cell: "u64" },
  { name: "parent", cell: "u64" },
  { name: "start", cell: "i64" },
  { name: "duration", cell: "i64" },
  { name: "role", cell: "u8" },
  { name: "outcome", cell: "u8" },
  { name: "service", cell: "u32" },
  { name: "operation", cell: "u32" },
  { name: "peer", cell: "u32" },
  { name: "resource", cell: "u32" },
  { name: "weight", cell: "f32" },
  { name: "body", cell: "u32" },
  { name: "body_offset", cell: "u32" },
  { name: "batch", cell: "u32" },
];

export const LINKS: readonly ColumnSpec[] = [
  { name: "trace_hi", cell: "u64" },
  { name: "trace_lo", cell: "u64" },
  { name: "span", cell: "u64" },
  { name: "start", cell: "i64" },
  { name: "target_hi", cell: "u64" },
  { name: "target_lo", cell: "u64" },
  { name: "target_span", cell: "u64" },
  { name: "batch", cell: "u32" },
];

export const BODIES: readonly ColumnSpec[] = [
  { name: "id", cell: "u32" },
  { name: "batch", cell: "u32" },
  { name: "bytes", cell: "blob" },
];

export const CALLS: readonly ColumnSpec[] = [
  { name: "minute", cell: "i32" },
  { name: "edge", cell: "u32" },
  { name: "operation", cell: "u32" },
  { name: "calls", cell: "u32" },
  { name: "callee", cell: "u32" },
  { name: "between_sides", cell: "u32" },
  { name: "client_error", cell: "u32" },
  { name: "throttled", cell: "u32" },
  { name: "paired", cell: "u32" },
  { name: "client_only", cell: "u32" },
  { name: "unweighted", cell: "u32" },
  { name: "weight", cell: "f64" },
  { name: "error_hi", cell: "u64" },
  { name: "error_lo", cell: "u64" },
  { name: "slow_hi", cell: "u64" },
  { name: "slow_lo", cell: "u64" },
  { name: "any_hi", cell: "u64" },
  { name: "any_lo", cell: "u64" },
];

export const BUCKETS: readonly ColumnSpec[] = [
  { name: "minute", cell: "i32" },
  { name: "edge", cell: "u32" },
  { name: "operation", cell: "u32" },
  { name: "measure", cell: "u8" },
  { name: "bucket", cell: "u16" },
  { name: "count", cell: "u32" },
];

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

const table = (name: string, columns: readonly ColumnSpec[]): string =>
  `CREATE TABLE ${name} (${columns.map((column) => `${column.name} ${SQL_TYPES[column.cell]} NOT NULL`).join(", ")})`;

/** Statement lists by version; version n is the result of the first n lists. */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    table("spans", SPANS),
    table("links", LINKS),
    table("bodies", BODIES),
    table("calls", CALLS),
    table("buckets", BUCKETS),
    "CREATE TABLE minutes (minute INTEGER PRIMARY KEY, saved_ms BIGINT NOT NULL, thinned BOOLEAN NOT NULL)",
    "CREATE TABLE batches (id UINTEGER NOT NULL, received_ms BIGINT NOT NULL)",
    `CREATE TABLE nodes (id UINTEGER NOT NULL, kind VARCHAR NOT NULL, ident VARCHAR NOT NULL, name VARCHAR NOT NULL,
       environment VARCHAR NOT NULL, system VARCHAR NOT NULL)`,
    "CREATE TABLE operations (id UINTEGER NOT NULL, name BLOB NOT NULL)",
    `CREATE TABLE resources (id UINTEGER NOT NULL, service UINTEGER NOT NULL, environment VARCHAR NOT NULL,
       sdk VARCHAR NOT NULL, version VARCHAR NOT NULL, bytes BLOB NOT NULL)`,
    `CREATE TABLE edges (id UINTEGER NOT NULL, caller UINTEGER NOT NULL, callee UINTEGER NOT NULL, via UINTEGER NOT NULL,
       kind UTINYINT NOT NULL)`,
    "CREATE TABLE facts (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL)",
  ],
];
