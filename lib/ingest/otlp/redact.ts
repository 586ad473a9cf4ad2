// Overwrites the values of secrets in an ExportTraceServiceRequest, where they stand: a value becomes a text of as many bytes,
// so that every other byte keeps its place. Attributes of resources, scopes, spans, events and links are looked at, and lists
// within them. It runs before anything else reads the body.
import type { SensitiveKeys } from "./sensitive-keys";
import { Cursor, FIXED64, LENGTH } from "./wire";

const STAR = 0x2a;
const STRING = 0x0a;
const ARRAY = 0x2a;
const KVLIST = 0x32;
const KEY = 0x0a;
const VALUE = 0x12;
/** Of lists: field 1, whatever it holds. */
const ITEM = 0x0a;

/** Which fields lead to attributes, by tag: how to go on with what they hold. */
type Message = readonly (undefined | "attribute" | Fields)[];
interface Fields {
  readonly fields: Message;
  /** The decoder does not read it: malformed in there, nothing of it is kept, and the rest of the body is. */
  readonly unread?: true;
}

const message = (fields: Readonly<Record<number, "attribute" | Fields>>, unread?: true): Fields => ({
  fields: Array.from({ length: 128 }, (_, tag) => fields[tag]),
  ...(unread && { unread }),
});

const EVENT = message({ 26: "attribute" }, true);
const LINK = message({ 34: "attribute" }, true);
const SPAN = message({ 74: "attribute", 90: EVENT, 106: LINK });
const SCOPE = message({ 26: "attribute" }, true);
const SCOPE_SPANS = message({ 10: SCOPE, 18: SPAN });
const RESOURCE = message({ 10: "attribute" });
const RESOURCE_SPANS = message({ 10: RESOURCE, 18: SCOPE_SPANS });
const REQUEST = message({ 10: RESOURCE_SPANS });

export class Redactor {
  private readonly cursor = new Cursor();
  private bytes: Uint8Array = new Uint8Array(0);
  private found = 0;

  constructor(private readonly keys: SensitiveKeys) {}

  /**
   * Returns how many values were overwritten, in `bytes` itself.
   * @throws DomainError "unreadable" for a body that is no such request.
   */
  redact(bytes: Uint8Array): number {
    if (this.keys.isEmpty) return 0;
    this.bytes = bytes;
    this.found = 0;
    this.cursor.open(bytes);
    this.message(REQUEST, 0, bytes.length);
    return this.found;
  }

  /** The fields in [at, end). As deep as the format nests messages, and no deeper. */
  private message({ fields }: Fields, from: number, end: number): void {
    const { bytes, cursor } = this;
    let at = from;
    while (at < end) {
      let tag = bytes[at]!;
      let start = at + 2;
      let stop = start + bytes[at + 1]!;
      // Nearly every field has a tag of one byte, and is short or a time.
      if (tag > 127 || (tag & 7) !== LENGTH || bytes[at + 1]! > 127 || !(stop <= end)) {
        if (tag < 128 && (tag & 7) === FIXED64 && at + 9 <= end) {
          at += 9;
          continue;
        }
        cursor.at = at;
        tag = cursor.varint(end);
        if ((tag & 7) !== LENGTH) {
          cursor.skip(tag, end);
          at = cursor.at;
          continue;
        }
        stop = cursor.lengthEnd(end);
        start = cursor.at;
      }
      at = stop;
      const field = fields[tag];
      if (field === undefined) continue;
      if (field === "attribute") this.attribute(start, stop);
      else if (field.unread) this.unread(field, start, stop);
      else this.message(field, start, stop);
    }
  }

  private unread(fields: Fields, start: number, end: number): void {
    try {
      this.message(fields, start, end);
    } catch {
      this.bytes.fill(0, start, end);
    }
  }

  /** Most attributes are a short key and then a short text or number. */
  private attribute(start: number, end: number): void {
    const { bytes } = this;
    const keyLength = bytes[start + 1]!;
    const second = start + 2 + keyLength;
    const valueStart = second + 2;
    if (
      bytes[start] !== KEY ||
      keyLength > 127 ||
      valueStart >= end ||
      bytes[second] !== VALUE ||
      bytes[second + 1]! > 127 ||
      valueStart + bytes[second + 1]! !== end
    ) {
      this.anyAttribute(start, end);
      return;
    }
    if (this.keys.hasAt(this.cursor.view, start + 2, keyLength)) this.mask(valueStart, end);
    else if (bytes[valueStart] !== STRING || bytes[valueStart + 1] !== end - valueStart - 2)
      this.values([valueStart, end]);
  }

  /** Any other KeyValue: long, the other way round, with fields that are repeated, missing or unknown. */
  private anyAttribute(start: number, end: number): void {
    const nested: number[] = [];
    this.pair(start, end, nested);
    this.values(nested);
  }

  /** Values in which lists may lie, as starts and ends. The input decides how deep they nest, so this is no recursion. */
  private values(pending: number[]): void {
    while (pending.length > 0) {
      const end = pending.pop()!;
      const start = pending.pop()!;
      try {
        this.value(start, end, pending);
      } catch {
        // Deeper than the decoder looks, malformed is nothing that a body is refused for; nor is it kept.
        this.bytes.fill(0, start, end);
      }
    }
  }

  private value(start: number, end: number, pending: number[]): void {
    const { cursor } = this;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== ARRAY && tag !== KVLIST) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      while (cursor.at < stop) {
        const item = cursor.varint(stop);
        if (item !== ITEM) {
          cursor.skip(item, stop);
          continue;
        }
        const itemEnd = cursor.lengthEnd(stop);
        if (tag === ARRAY) pending.push(cursor.at, itemEnd);
        else this.pair(cursor.at, itemEnd, pending);
        cursor.at = itemEnd;
      }
    }
  }

  /** Overwrites the value of a KeyValue, or notes it as one in which lists may lie. */
  private pair(start: number, end: number, pending: number[]): void {
    const { cursor } = this;
    const values: number[] = [];
    let sensitive = false;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== KEY && tag !== VALUE) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      if (tag === VALUE) values.push(cursor.at, stop);
      else sensitive ||= this.keys.hasAt(cursor.view, cursor.at, stop - cursor.at);
      cursor.at = stop;
    }
    if (!sensitive) pending.push(...values);
    else for (let i = 0; i < values.length; i += 2) this.mask(values[i]!, values[i + 1]!);
  }

  /** Makes an AnyValue, whatever it holds, a text of stars. */
  private mask(start: number, end: number): void {
    const size = end - start;
    if (size < 2) return;
    const { bytes } = this;
    // The length takes as many bytes as fit: where one too many would be left over, it is written longer than it has to be.
    let digits = 1;
    while (size - 1 - digits >= 128 ** digits) digits++;
    let length = size - 1 - digits;
    bytes[start] = STRING;
    for (let i = 1; i <= digits; i++) {
      bytes[start + i] = (length & 127) | (i < digits ? 128 : 0);
      length >>>= 7;
    }
    bytes.fill(STAR, start + 1 + digits, end);
    this.found++;
  }
}
