// The write-ahead log as DuckDB 1.5 lays it out: eight bytes that say its version, then records of a size, a checksum (eight bytes
// each, little-endian) and as many bytes. Source: duckdb/src/storage/wal_replay.cpp, write_ahead_log.cpp (version 2).
import { type FileHandle, open } from "node:fs/promises";

const HEAD = Buffer.from([0x64, 0x00, 0x62, 0x65, 0x00, 0x02, 0xff, 0xff]);
/** What every version begins with. */
const COMMON = HEAD.subarray(0, 5);
/** Read at once: records may be small, and many. */
const PIECE = 1 << 20;
/** Of a record before its bytes. */
export const RECORD_HEAD = 16;

export interface LogEnd {
  /** Bytes up to the end of the last whole record. */
  readonly whole: number;
  readonly bytes: number;
}

/**
 * Where the whole records of a log end; DuckDB reads no further, and does not say so. null when there is no log, or one of a
 * layout that is not known here.
 */
export async function endOfLog(path: string): Promise<LogEnd | null> {
  const file = await open(/* turbopackIgnore: true */ path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { size } = await file.stat();
    return await walk(file, size);
  } finally {
    await file.close();
  }
}

async function walk(file: FileHandle, bytes: number): Promise<LogEnd | null> {
  const piece = Buffer.alloc(PIECE);
  await file.read(piece, 0, PIECE, 0);
  const head = piece.subarray(0, HEAD.length);
  if (!head.equals(HEAD)) return head.subarray(0, COMMON.length).equals(COMMON) ? null : { whole: 0, bytes };
  let from = 0; // of the piece
  let whole = HEAD.length;
  while (whole + RECORD_HEAD <= bytes) {
    if (whole + RECORD_HEAD > from + PIECE) {
      from = whole;
      await file.read(piece, 0, PIECE, from);
    }
    const next = whole + RECORD_HEAD + Number(piece.readBigUInt64LE(whole - from));
    if (next > bytes) break;
    whole = next;
  }
  return { whole, bytes };
}
