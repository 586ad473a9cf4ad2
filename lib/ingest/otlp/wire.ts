// Protobuf's wire format, as far as reading needs it: tags, varints, lengths, skipping.
// Source: protobuf.dev "Encoding". Every read is checked against the end of its message: a length may lie.
import { viewOf } from "../../domain/byte-dictionary";
import { unreadable } from "../../domain/errors";

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const GROUP_START = 3;
export const GROUP_END = 4;
export const FIXED32 = 5;

/** Largest tag: 29 bits of field number. */
export const MOST_TAG = 0xffffffff;
/** Deepest group that is skipped; groups are long out of use and only appear in hostile input. */
const MAX_GROUPS = 32;

export const truncated = (offset: number) => unreadable("the message ends inside a field", offset);

/** A position in bytes; reading moves it. One per decoder, so that nothing is allocated while decoding. */
export class Cursor {
  at = 0;
  bytes!: Uint8Array;
  /** The same bytes, for loads wider than one. */
  view!: DataView;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.open(bytes);
  }

  /** Starts over at the first byte of `bytes`. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.at = 0;
  }

  /** A varint as a number; above 2^53 the low bits are lost, which no caller needs. */
  varint(end: number): number {
    const bytes = this.bytes;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.at >= end) throw truncated(this.at);
      const byte = bytes[this.at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw unreadable("a varint is longer than ten bytes", this.at);
  }

  /** Reads a length and returns the end of what it announces, which is checked to lie inside `end`. */
  lengthEnd(end: number): number {
    const length = this.varint(end);
    const stop = this.at + length;
    if (stop > end) throw unreadable("a length reaches beyond its message", this.at);
    return stop;
  }

  /** Moves past the value of a field that nobody asked for. */
  skip(tag: number, end: number): void {
    const wire = tag & 7;
    if (tag >>> 3 === 0) throw unreadable("field number 0", this.at);
    if (tag > MOST_TAG) throw unreadable("a field number beyond all fields", this.at);
    if (wire === VARINT) this.varint(end);
    else if (wire === LENGTH) this.at = this.lengthEnd(end);
    else if (wire === FIXED64) this.advance(8, end);
    else if (wire === FIXED32) this.advance(4, end);
    else if (wire === GROUP_START) this.skipGroup(end);
    else throw unreadable(`wire type ${wire} where a field should start`, this.at);
  }

  private advance(count: number, end: number): void {
    if (this.at + count > end) throw truncated(this.at);
    this.at += count;
  }

  private skipGroup(end: number): void {
    let depth = 1;
    while (depth > 0) {
      const tag = this.varint(end);
      const wire = tag & 7;
      if (wire === GROUP_START) {
        if (++depth > MAX_GROUPS) throw unreadable("groups nested too deep", this.at);
      } else if (wire === GROUP_END) depth--;
      else this.skip(tag, end);
    }
  }
}

/** The varint at `start` as a signed 64-bit integer; it must have been checked to be whole. */
export function varint64(bytes: Uint8Array, start: number): bigint {
  let value = 0n;
  for (let i = 0; ; i++) {
    const byte = bytes[start + i]!;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return BigInt.asIntN(64, value);
  }
}
