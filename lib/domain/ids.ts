// Trace and span ids as words. Inside they are 128 and 64 bits in big-endian 32-bit words, never JavaScript numbers:
// a double holds 53 bits.

const HEX = /^[0-9a-fA-F]+$/;

/** Each byte as two hex digits: a graph's answer has thousands of ids, and formatting a number is slow. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Hex text of `words.length` 32-bit words. */
export function hexOfWords(words: ArrayLike<number>, from: number, count: number): string {
  let text = "";
  for (let i = from; i < from + count; i++) {
    const word = words[i] ?? 0;
    text += BYTES[word >>> 24]! + BYTES[(word >>> 16) & 255]! + BYTES[(word >>> 8) & 255]! + BYTES[word & 255]!;
  }
  return text;
}

/** Reads hex digits into 32-bit words, left-padding with zeros; the text must be hex of at most 8 digits a word. */
export function wordsOfHex(hex: string, words: Uint32Array, at: number, count: number): void {
  const padded = hex.padStart(count * 8, "0");
  for (let i = 0; i < count; i++) words[at + i] = Number.parseInt(padded.slice(i * 8, i * 8 + 8), 16);
}

/** Whether the text is exactly `digits` hex digits and not all zero. */
export const isStrictId = (text: string, digits: number): boolean =>
  text.length === digits && HEX.test(text) && !/^0+$/.test(text);

export interface LenientId {
  /** Lower-case hex of the asked length, or "" when the text names nothing (empty or all zero). */
  readonly hex: string;
  /** The text had to be hashed: it is no hex number, or too long for one. Keep the original for display. */
  readonly hashed: boolean;
}

/**
 * An id from a file format that is careless about ids: hex is left-padded, anything else is hashed to the same length, so
 * that equal texts stay equal.
 * @param digits 32 for a trace id, 16 for a span id.
 */
export function lenientId(text: string, digits: number): LenientId {
  if (text === "" || /^0+$/.test(text)) return { hex: "", hashed: false };
  if (text.length <= digits && HEX.test(text)) return { hex: text.toLowerCase().padStart(digits, "0"), hashed: false };
  let hex = "";
  for (let seed = 1; hex.length < digits; seed++) hex += hash32(text, seed).toString(16).padStart(8, "0");
  return { hex, hashed: true };
}

/** 32-bit FNV-1a over UTF-16 units with a finaliser (murmur3's); for names of things, not for security. */
export function hash32(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
