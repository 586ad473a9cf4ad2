// Typed arrays into DuckDB and back without a JavaScript value per cell. `copy_data_to_vector` is an unchecked copy: a wrong
// width corrupts memory, so the widths live here, next to the types, and a test writes and reads every one of them.
import {
  BIGINT,
  BLOB,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  FLOAT,
  INTEGER,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";

/** Rows in one chunk, DuckDB's own vector size. */
export const CHUNK_ROWS = 2048;

type CellArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

interface CellType {
  readonly type: DuckDBType;
  /** Bytes per cell. */
  readonly width: number;
  make(rows: number): CellArray;
}

/** 64-bit cells are pairs of 32-bit words, low word first. */
export const CELLS = {
  u8: { type: UTINYINT, width: 1, make: (rows) => new Uint8Array(rows) },
  u16: { type: USMALLINT, width: 2, make: (rows) => new Uint16Array(rows) },
  u32: { type: UINTEGER, width: 4, make: (rows) => new Uint32Array(rows) },
  i32: { type: INTEGER, width: 4, make: (rows) => new Int32Array(rows) },
  u64: { type: UBIGINT, width: 8, make: (rows) => new Uint32Array(rows * 2) },
  i64: { type: BIGINT, width: 8, make: (rows) => new Uint32Array(rows * 2) },
  f32: { type: FLOAT, width: 4, make: (rows) => new Float32Array(rows) },
  f64: { type: DOUBLE, width: 8, make: (rows) => new Float64Array(rows) },
} as const satisfies Record<string, CellType>;
export type CellName = keyof typeof CELLS;

export interface ColumnSpec {
  readonly name: string;
  readonly cell: CellName | "blob";
}

/** Arrays of cells by the names of their columns; 64-bit integers and whole numbers up to 32 bits are words all the same. */
export const cellsByName = <Specs extends readonly ColumnSpec[]>(
  specs: Specs,
  cells: readonly CellArray[],
): Record<Specs[number]["name"], Uint32Array> =>
  Object.fromEntries(specs.map(({ name }, i) => [name, cells[i]])) as Record<Specs[number]["name"], Uint32Array>;

/** Appends rows to one table, column by column, a chunk at a time. */
export class ChunkAppender {
  /** Staging arrays in the order of the columns; blobs stage in `blobs`. */
  readonly cells: CellArray[];
  readonly blobs: Uint8Array[] = [];
  private readonly chunk: DuckDBDataChunk;
  private rows = 0;

  private constructor(
    private readonly appender: DuckDBAppender,
    private readonly columns: readonly ColumnSpec[],
  ) {
    this.cells = columns.map(({ cell }) => (cell === "blob" ? new Uint8Array(0) : CELLS[cell].make(CHUNK_ROWS)));
    this.chunk = DuckDBDataChunk.create(columns.map(({ cell }) => (cell === "blob" ? BLOB : CELLS[cell].type)));
  }

  static async open(
    connection: DuckDBConnection,
    table: string,
    columns: readonly ColumnSpec[],
  ): Promise<ChunkAppender> {
    return new ChunkAppender(await connection.createAppender(table), columns);
  }

  /** The staging row to fill next; `push` counts it. */
  get row(): number {
    return this.rows;
  }

  /** Counts the staged row, and hands the chunk over when it is full. */
  push(): void {
    if (++this.rows === CHUNK_ROWS) this.handOver();
  }

  /** Puts everything staged into the open transaction. */
  flush(): void {
    if (this.rows > 0) this.handOver();
    this.appender.flushSync();
  }

  close(): void {
    this.appender.closeSync();
  }

  private handOver(): void {
    const raw = this.chunk.chunk;
    for (const [i, { cell }] of this.columns.entries()) {
      const vector = duckdb.data_chunk_get_vector(raw, i);
      if (cell === "blob") {
        for (let row = 0; row < this.rows; row++)
          duckdb.vector_assign_string_element_len(vector, row, this.blobs[row]!);
        continue;
      }
      const array = this.cells[i]!;
      duckdb.copy_data_to_vector(
        vector,
        0,
        array.buffer as ArrayBuffer,
        array.byteOffset,
        this.rows * CELLS[cell].width,
      );
    }
    duckdb.data_chunk_set_size(raw, this.rows);
    this.appender.appendDataChunk(this.chunk);
    duckdb.data_chunk_reset(raw);
    this.rows = 0;
    this.blobs.length = 0;
  }
}

/** Rows of a query, as typed arrays per chunk. The columns of the query must be the given cells, without NULLs. */
export async function readChunks(
  connection: DuckDBConnection,
  sql: string,
  cells: readonly CellName[],
  visit: (arrays: CellArray[], rows: number) => void,
): Promise<void> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    const rows = chunk?.rowCount ?? 0;
    if (!chunk || rows === 0) return;
    const arrays = cells.map((cell, i) => {
      const { width, make } = CELLS[cell];
      const array = make(rows);
      const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, i), rows * width);
      new Uint8Array(array.buffer).set(bytes.subarray(0, rows * width));
      return array;
    });
    visit(arrays, rows);
  }
}

/** Half an id: the words at `at`, the more significant first, into a 64-bit cell. */
export function putHalf(cells: CellArray, row: number, words: ArrayLike<number>, at: number): void {
  cells[row * 2] = words[at + 1]!;
  cells[row * 2 + 1] = words[at]!;
}

export function takeHalf(cells: CellArray, row: number, words: Int32Array | number[], at: number): void {
  words[at] = cells[row * 2 + 1]!;
  words[at + 1] = cells[row * 2]!;
}

/** A trace id, four words. */
export function takeTrace(hi: CellArray, lo: CellArray, row: number): Int32Array {
  const words = new Int32Array(4);
  takeHalf(hi, row, words, 0);
  takeHalf(lo, row, words, 2);
  return words;
}

/** A non-negative integer below 2^53 as two words, low first. */
export function putInteger(cells: CellArray, row: number, value: number): void {
  const high = Math.floor(value / 4294967296);
  cells[row * 2] = value - high * 4294967296;
  cells[row * 2 + 1] = high;
}

export const takeInteger = (cells: CellArray, row: number): number =>
  cells[row * 2 + 1]! * 4294967296 + cells[row * 2]!;
