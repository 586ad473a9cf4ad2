// The write-ahead log as DuckDB 1.5 lays it out: eight bytes that say its version, then records of a size, a checksum (eight bytes
// each, little-endian) and as many bytes. Source: duckdb/src/storage/wal_replay.cpp, write_ahead_log.cpp (version 2).
import { type FileHandle, open } from "node:fs/promises";

const HEAD = Buffer.from([0x64, 0x00, 0x62, 0x65, 0x00, 0x02, 0xff, 0xff]);
/** What every version begins with. */
const COMMON = HEAD.subarray(0, 5);
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
  const head = Buffer.alloc(HEAD.length);
  await file.read(head, 0, HEAD.length, 0);
  if (!head.equals(HEAD)) return head.subarray(0, COMMON.length).equals(COMMON) ? null : { whole: 0, bytes };
  const record = Buffer.alloc(RECORD_HEAD);
  let whole = HEAD.length;
  while (whole + RECORD_HEAD <= bytes) {
    await file.read(record, 0, RECORD_HEAD, whole);
    const next = whole + RECORD_HEAD + Number(record.readBigUInt64LE(0));
    if (next > bytes) break;
    whole = next;
  }
  return { whole, bytes };
}
