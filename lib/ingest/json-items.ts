// Cuts JSON into pieces that can be parsed one by one while a file is still arriving: the items of the long lists that trace
// files are made of. Takes one document, JSON lines, or several documents one after the other. Counts brackets and strings
// only; what is inside an item is for JSON.parse.
import { DomainError, unreadable } from "../domain/errors";
import { MOST_VALUES, tooManyValues } from "./json-value";
import { readText } from "./utf8";

/** Lists whose items stand on their own, by the keys that lead to them; "" is a list at the top. */
export const LISTS = ["", "resourceSpans", "batches", "data", "result.resourceSpans", "trace.resourceSpans"] as const;
export type ListPath = (typeof LISTS)[number];

const LIST_PATHS: ReadonlySet<string> = new Set(LISTS);
/** Keys are only needed down to the lists. */
const KEY_DEPTH = 2;
/** Deepest value: far beyond what any format needs, and little memory. */
const MOST_DEPTH = 250_000;
/** Largest item, and largest document without its lists. */
const MOST_BYTES = 64 << 20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

export interface JsonVisitor {
  /** One item of a list, as JSON text, and the byte at which it starts. */
  item(path: ListPath, json: string, offset: number): void;
  /** A document, its lists emptied; `lists` are the paths of those. */
  document(json: string, lists: readonly ListPath[], offset: number): void;
  /** What comes next held bytes that are not UTF-8; they were replaced. */
  flawed(offset: number): void;
}

const text = new TextDecoder();

export class JsonItems {
  private offset = 0;
  private depth = 0;
  private readonly kinds: number[] = [];
  private readonly keys: string[] = [];
  private inString = false;
  private escaped = false;
  /** A string at key depth that may turn out to be a key. */
  private stringStart = -1;
  /** The part of that string that came with earlier chunks. */
  private stringHead = "";
  private lastString = "";

  private listDepth = -1;
  private listPath: ListPath = "";
  private itemStart = -1;
  private documentOffset = 0;
  private shellStart = 0;
  private lists: ListPath[] = [];
  private shell: Uint8Array[] = [];
  private shellBytes = 0;
  private item: Uint8Array[] = [];
  private itemBytes = 0;
  private itemOffset = 0;
  /** Objects and lists since the last item or document. */
  private values = 0;

  constructor(private readonly visitor: JsonVisitor) {}

  /** @throws DomainError unreadable, naming the byte; too_large for an item beyond the limits. */
  feed(chunk: Uint8Array): void {
    this.shellStart = 0;
    if (this.itemStart >= 0) this.itemStart = 0;
    this.stringStart = this.stringStart >= 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.endString(chunk, at);
        continue;
      }
      if (byte <= 0x20 || (byte === 0xef && this.offset + at === 0)) continue;
      if ((byte === 0xbb || byte === 0xbf) && this.offset + at < 3) continue; // byte order mark
      this.token(chunk, at, byte);
    }
    this.offset += chunk.length;
    this.keepRest(chunk);
  }

  /** @throws DomainError unreadable when the last document is not whole. */
  end(): void {
    if (this.depth > 0 || this.inString) throw unreadable("the file ends inside a JSON value", this.offset);
  }

  private token(chunk: Uint8Array, at: number, byte: number): void {
    if (this.depth === 0 && byte !== OPEN_OBJECT && byte !== OPEN_LIST) {
      if (byte === COMMA) return; // documents may be separated by commas
      throw unreadable(`expected a JSON object or list, found ${printable(byte)}`, this.offset + at);
    }
    if (this.depth === this.listDepth && this.itemStart < 0 && byte !== COMMA && byte !== CLOSE_LIST) {
      this.itemStart = at;
      this.itemOffset = this.offset + at;
    }
    switch (byte) {
      case QUOTE:
        this.inString = true;
        this.stringStart = this.depth <= KEY_DEPTH && this.listDepth < 0 ? at + 1 : -1;
        return;
      case COLON:
        if (this.depth <= KEY_DEPTH) this.keys[this.depth] = this.lastString;
        return;
      case COMMA:
        if (this.depth === this.listDepth) this.endItem(chunk, at);
        return;
      case OPEN_OBJECT:
      case OPEN_LIST:
        this.openValue(chunk, at, byte);
        return;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        this.closeValue(chunk, at, byte);
    }
  }

  private openValue(chunk: Uint8Array, at: number, byte: number): void {
    if (this.depth === 0) {
      this.documentOffset = this.offset + at;
      this.shellStart = at;
      this.shell = [];
      this.shellBytes = 0;
      this.lists = [];
    }
    if (this.depth === MOST_DEPTH)
      throw unreadable(`the JSON nests deeper than ${MOST_DEPTH.toLocaleString("en")}`, this.offset + at);
    if (++this.values > MOST_VALUES) throw tooManyValues(this.offset + at);
    this.kinds[this.depth++] = byte;
    // No list that stands on its own lies deeper, and looking at all that is open, for every list, would take for ever.
    if (byte !== OPEN_LIST || this.listDepth >= 0 || this.depth > KEY_DEPTH + 1) return;
    const path = this.kinds.slice(0, this.depth - 1).every((kind) => kind === OPEN_OBJECT)
      ? this.keys.slice(1, this.depth).join(".")
      : null;
    if (path === null || !LIST_PATHS.has(path)) return;
    this.listPath = path as ListPath;
    this.lists.push(this.listPath);
    this.listDepth = this.depth;
    this.toShell(chunk.subarray(this.shellStart, at + 1));
  }

  private closeValue(chunk: Uint8Array, at: number, byte: number): void {
    const opened = this.kinds[this.depth - 1];
    if (this.depth === 0 || (byte === CLOSE_OBJECT) !== (opened === OPEN_OBJECT)) {
      throw unreadable(`${printable(byte)} closes nothing`, this.offset + at);
    }
    if (this.depth === this.listDepth) {
      this.endItem(chunk, at);
      this.listDepth = -1;
      this.shellStart = at;
    }
    this.depth--;
    if (this.depth > 0) return;
    this.toShell(chunk.subarray(this.shellStart, at + 1));
    const json = this.read(joined(this.shell, this.shellBytes), this.documentOffset);
    this.shell = [];
    this.shellBytes = 0;
    this.keys.length = 0;
    this.values = 0;
    this.visitor.document(json, this.lists, this.documentOffset);
  }

  private endString(chunk: Uint8Array, at: number): void {
    this.inString = false;
    if (this.stringStart < 0) return;
    this.lastString = this.stringHead + text.decode(chunk.subarray(this.stringStart, at));
    this.stringHead = "";
    this.stringStart = -1;
  }

  private endItem(chunk: Uint8Array, at: number): void {
    if (this.itemStart < 0) return;
    const last = chunk.subarray(this.itemStart, at);
    const bytes = this.item.length === 0 ? last : joined([...this.item, last], this.itemBytes + last.length);
    this.item = [];
    this.itemBytes = 0;
    this.itemStart = -1;
    this.values = 0;
    this.visitor.item(this.listPath, this.read(bytes, this.itemOffset), this.itemOffset);
  }

  private read(bytes: Uint8Array, offset: number): string {
    const { text: json, flawed } = readText(bytes);
    if (flawed) this.visitor.flawed(offset);
    return json;
  }

  /** Keeps what the next chunk goes on with. */
  private keepRest(chunk: Uint8Array): void {
    if (this.depth === 0) return;
    if (this.inString && this.stringStart >= 0) this.stringHead += text.decode(chunk.subarray(this.stringStart));
    if (this.listDepth < 0) this.toShell(chunk.slice(this.shellStart));
    else if (this.itemStart >= 0) {
      const part = chunk.slice(this.itemStart);
      this.item.push(part);
      this.itemBytes += part.length;
      if (this.itemBytes > MOST_BYTES) throw tooLarge(this.itemOffset);
    }
  }

  private toShell(bytes: Uint8Array): void {
    this.shell.push(bytes.slice());
    this.shellBytes += bytes.length;
    if (this.shellBytes > MOST_BYTES) throw tooLarge(this.documentOffset);
  }
}

const tooLarge = (offset: number): DomainError =>
  new DomainError("too_large", `one JSON value is larger than ${MOST_BYTES >> 20} MiB`, { offset });

const printable = (byte: number): string =>
  byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, "0")}`;

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
