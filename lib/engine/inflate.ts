// The one place where compressed bytes of strangers are inflated. The limit holds while inflating: what a length field or a
// gzip trailer claims is the sender's word.
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { DomainError, unreadable } from "../domain/errors";

export type Encoding = "identity" | "gzip" | "deflate";

/** Few, large output buffers: the default of 16 KiB costs a sixth of the speed. */
const CHUNK = 1 << 20;
const LEAST_CHUNK = 16 << 10;
/** What deflate can make of a byte, at most; a trailer that says more is none. */
const MOST_GROWTH = 1032;

/** @throws DomainError too_large above `limit` bytes inflated, unreadable when the bytes are not what the encoding says. */
export function inflate(bytes: Uint8Array, encoding: Encoding, limit: number): Uint8Array {
  if (encoding === "identity") {
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  const claimed = encoding === "gzip" ? claimedBytes(bytes) : 0;
  // The sender's word, but who says too much is believed, where it can be: a hundred bombs cost nothing.
  if (claimed > limit && claimed <= MOST_GROWTH * bytes.length && isGzip(bytes)) throw tooLarge(limit);
  try {
    const options = { chunkSize: chunkFor(claimed, encoding), maxOutputLength: limit };
    return encoding === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw unreadable(`the body is not valid ${encoding}`);
  }
}

/** What the trailer of a gzip says of its last member; 0 where there is none. */
function claimedBytes(bytes: Uint8Array): number {
  if (bytes.length < 4) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
}

/** A buffer as large as the trailer says that it takes: only a hint, and what is not used costs all the same. */
const chunkFor = (claimed: number, encoding: Encoding): number =>
  encoding === "gzip" ? Math.max(LEAST_CHUNK, Math.min(CHUNK, claimed + 64)) : CHUNK;

/** For bodies that came plain: the fastest level, because it runs beside the ingest. */
export const deflateForStore = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1, chunkSize: CHUNK });

export const isGzip = (bytes: Uint8Array): boolean => bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

const tooLarge = (limit: number): DomainError =>
  new DomainError(
    "too_large",
    `the body is larger than ${formatLimit(limit)}; send smaller batches or raise the limit`,
  );

const formatLimit = (bytes: number): string => (bytes >= 1 << 20 ? `${bytes / (1 << 20)} MiB` : `${bytes} bytes`);
