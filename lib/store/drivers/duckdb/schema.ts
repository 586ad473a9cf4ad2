// Tables of the DuckDB store. Ids of traces and spans are 64-bit halves, names are numbers (dictionary tables), times are Unix
// microseconds or minutes. A change of a table is a new entry in MIGRATIONS; entries are literal and never edited. The lists of
// columns are what the newest version has, for those that read and append whole rows; a test holds them against each other.
import type { ColumnSpec } from "./raw-chunks";

/** Tables with rows of a minute's calls, which are replaced and retired together. */
export const MINUTE_TABLES = ["calls", "buckets", "minutes"];
/** The same of hours: what minutes become once they are old. */
export const HOUR_TABLES = ["hour_calls", "hour_buckets", "hours"];
export const MINUTES_PER_HOUR = 60;
export const US_PER_MINUTE = 60_000_000;

export const SPANS = [
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
] as const satisfies readonly ColumnSpec[];

export const LINKS = [
  { name: "trace_hi", cell: "u64" },
  { name: "trace_lo", cell: "u64" },
  { name: "span", cell: "u64" },
  { name: "start", cell: "i64" },
  { name: "target_hi", cell: "u64" },
  { name: "target_lo", cell: "u64" },
  { name: "target_span", cell: "u64" },
  { name: "batch", cell: "u32" },
] as const satisfies readonly ColumnSpec[];

export const BODIES = [
  { name: "id", cell: "u32" },
  { name: "batch", cell: "u32" },
  { name: "bytes", cell: "blob" },
] as const satisfies readonly ColumnSpec[];

export const BATCHES = [
  { name: "id", cell: "u32" },
  { name: "received_ms", cell: "i64" },
] as const satisfies readonly ColumnSpec[];

export const CALLS = [
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
] as const satisfies readonly ColumnSpec[];

export const BUCKETS = [
  { name: "minute", cell: "i32" },
  { name: "edge", cell: "u32" },
  { name: "operation", cell: "u32" },
  { name: "measure", cell: "u8" },
  { name: "bucket", cell: "u16" },
  { name: "count", cell: "u32" },
] as const satisfies readonly ColumnSpec[];

/** Statement lists by version; version n is the result of the first n lists. */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE spans (trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, span UBIGINT NOT NULL, parent UBIGINT NOT NULL,
       start BIGINT NOT NULL, duration BIGINT NOT NULL, role UTINYINT NOT NULL, outcome UTINYINT NOT NULL,
       service UINTEGER NOT NULL, operation UINTEGER NOT NULL, peer UINTEGER NOT NULL,
       resource UINTEGER NOT NULL, weight FLOAT NOT NULL, body UINTEGER NOT NULL,
       body_offset UINTEGER NOT NULL, batch UINTEGER NOT NULL)`,
    `CREATE TABLE links (trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL, span UBIGINT NOT NULL, start BIGINT NOT NULL,
       target_hi UBIGINT NOT NULL, target_lo UBIGINT NOT NULL, target_span UBIGINT NOT NULL,
       batch UINTEGER NOT NULL)`,
    "CREATE TABLE bodies (id UINTEGER NOT NULL, batch UINTEGER NOT NULL, bytes BLOB NOT NULL)",
    `CREATE TABLE calls (minute INTEGER NOT NULL, edge UINTEGER NOT NULL, operation UINTEGER NOT NULL,
       calls UINTEGER NOT NULL, callee UINTEGER NOT NULL, between_sides UINTEGER NOT NULL,
       client_error UINTEGER NOT NULL, throttled UINTEGER NOT NULL, paired UINTEGER NOT NULL,
       client_only UINTEGER NOT NULL, unweighted UINTEGER NOT NULL, weight DOUBLE NOT NULL,
       error_hi UBIGINT NOT NULL, error_lo UBIGINT NOT NULL, slow_hi UBIGINT NOT NULL,
       slow_lo UBIGINT NOT NULL, any_hi UBIGINT NOT NULL, any_lo UBIGINT NOT NULL)`,
    `CREATE TABLE buckets (minute INTEGER NOT NULL, edge UINTEGER NOT NULL, operation UINTEGER NOT NULL,
       measure UTINYINT NOT NULL, bucket USMALLINT NOT NULL, count UINTEGER NOT NULL)`,
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
  // Bodies lie in further tables too (body-tables.ts); an older version would not find them there.
  [],
  [
    `CREATE TABLE hour_calls (hour INTEGER NOT NULL, edge UINTEGER NOT NULL, operation UINTEGER NOT NULL,
       calls UBIGINT NOT NULL, callee UBIGINT NOT NULL, between_sides UBIGINT NOT NULL,
       client_error UBIGINT NOT NULL, throttled UBIGINT NOT NULL, paired UBIGINT NOT NULL,
       client_only UBIGINT NOT NULL, unweighted UBIGINT NOT NULL, weight DOUBLE NOT NULL,
       first_minute INTEGER NOT NULL, last_minute INTEGER NOT NULL)`,
    `CREATE TABLE hour_buckets (hour INTEGER NOT NULL, edge UINTEGER NOT NULL, operation UINTEGER NOT NULL,
       measure UTINYINT NOT NULL, bucket USMALLINT NOT NULL, count UBIGINT NOT NULL)`,
    "CREATE TABLE hours (hour INTEGER PRIMARY KEY, saved_ms BIGINT NOT NULL)",
  ],
];
