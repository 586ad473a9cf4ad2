import type { Attribute, AttributeValue, Resource, Scope, Span, SpanEvent, SpanLink } from "../../domain/span";
import { SpanKind, StatusCode } from "../../domain/span";
import { isUtf8 } from "../utf8";
import { MAX_VALUE_DEPTH } from "./value-depth";
import { Cursor, truncated, varint64 } from "./wire";

const text = new TextDecoder();
/** Stands where a value was cut. */
export const CUT = "…cut: nested deeper than 32";

type Visit = (tag: number, start: number, end: number) => void;

/** Calls `visit` with every field; for length-delimited ones [start, end) is the content, else the value's bytes. */
function fields(cursor: Cursor, start: number, end: number, visit: Visit): void {
  cursor.at = start;
  while (cursor.at < end) {
    const tag = cursor.varint(end);
    if ((tag & 7) === 2) {
      const stop = cursor.lengthEnd(end);
      const from = cursor.at;
      visit(tag, from, stop);
      cursor.at = stop;
    } else {
      const from = cursor.at;
      cursor.skip(tag, end);
      const stop = cursor.at;
      visit(tag, from, stop);
      cursor.at = stop;
    }
  }
}

const slice = (cursor: Cursor, start: number, end: number): string => text.decode(cursor.bytes.subarray(start, end));

function unsigned64(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let i = end - 1; i >= start; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);

function readValue(cursor: Cursor, start: number, end: number, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) return CUT;
  let value: AttributeValue = null;
  fields(cursor, start, end, (tag, from, to) => {
    switch (tag >>> 3) {
      case 1:
        value = slice(cursor, from, to);
        break;
      case 2:
        value = varint64(cursor.bytes, from) !== 0n;
        break;
      case 3: {
        const integer = varint64(cursor.bytes, from);
        value = isSafe(integer) ? Number(integer) : integer;
        break;
      }
      case 4:
        if (to - from !== 8) throw truncated(from);
        value = cursor.view.getFloat64(from, true);
        break;
      case 5: {
        const list: AttributeValue[] = [];
        fields(cursor, from, to, (inner, a, b) => {
          if (inner === 0x0a) list.push(readValue(cursor, a, b, depth + 1));
        });
        value = list;
        break;
      }
      case 6: {
        const entries: Attribute[] = [];
        fields(cursor, from, to, (inner, a, b) => {
          if (inner === 0x0a) entries.push(readAttribute(cursor, a, b, depth + 1));
        });
        value = { entries };
        break;
      }
      case 7:
        value = cursor.bytes.slice(from, to);
        break;
    }
  });
  return value;
}

function readAttribute(cursor: Cursor, start: number, end: number, depth = 0): Attribute {
  let key = "";
  let value: AttributeValue = null;
  fields(cursor, start, end, (tag, from, to) => {
    if (tag === 0x0a) key = slice(cursor, from, to);
    else if (tag === 0x12) value = readValue(cursor, from, to, depth);
  });
  return [key, value];
}

/** Whether the keys of a Resource message and their texts are UTF-8; not lists and maps. */
export function isResourceText(bytes: Uint8Array): boolean {
  const cursor = new Cursor(bytes);
  let good = true;
  fields(cursor, 0, bytes.length, (tag, from, to) => {
    if (tag !== 0x0a) return;
    fields(cursor, from, to, (part, keyStart, keyEnd) => {
      if (part === 0x0a) good &&= isUtf8(bytes, keyStart, keyEnd);
      else if (part === 0x12)
        fields(cursor, keyStart, keyEnd, (kind, start, end) => {
          if (kind === 0x0a) good &&= isUtf8(bytes, start, end);
        });
    });
  });
  return good;
}

/** A Resource message. */
export function readResource(bytes: Uint8Array): Resource {
  const cursor = new Cursor(bytes);
  const attributes: Attribute[] = [];
  fields(cursor, 0, bytes.length, (tag, from, to) => {
    if (tag === 0x0a) attributes.push(readAttribute(cursor, from, to));
  });
  return { attributes };
}

function readScope(cursor: Cursor, start: number, end: number): Scope {
  let name = "";
  let version = "";
  fields(cursor, start, end, (tag, from, to) => {
    if (tag === 0x0a) name = slice(cursor, from, to);
    else if (tag === 0x12) version = slice(cursor, from, to);
  });
  return { name, version };
}

const hex = (bytes: Uint8Array, start: number, end: number): string => {
  let out = "";
  for (let i = start; i < end; i++) out += bytes[i]!.toString(16).padStart(2, "0");
  return out;
};

function readEvent(cursor: Cursor, start: number, end: number): SpanEvent {
  let timeNs = 0n;
  let name = "";
  const attributes: Attribute[] = [];
  fields(cursor, start, end, (tag, from, to) => {
    if (tag === 0x09) timeNs = unsigned64(cursor.bytes, from, to);
    else if (tag === 0x12) name = slice(cursor, from, to);
    else if (tag === 0x1a) attributes.push(readAttribute(cursor, from, to));
  });
  return { timeNs, name, attributes };
}

function readLink(cursor: Cursor, start: number, end: number): SpanLink {
  let traceId = "";
  let spanId = "";
  const attributes: Attribute[] = [];
  fields(cursor, start, end, (tag, from, to) => {
    if (tag === 0x0a) traceId = hex(cursor.bytes, from, to);
    else if (tag === 0x12) spanId = hex(cursor.bytes, from, to);
    else if (tag === 0x22) attributes.push(readAttribute(cursor, from, to));
  });
  return { traceId, spanId, attributes };
}

/** The Span message in [start, end). */
export function readSpan(bytes: Uint8Array, start: number, end: number, resource: Resource, scope: Scope): Span {
  const cursor = new Cursor(bytes);
  const span = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    traceState: "",
    name: "",
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    attributes: [] as Attribute[],
    events: [] as SpanEvent[],
    links: [] as SpanLink[],
    status: { code: 0 as StatusCode, message: "" },
    resource,
    scope,
  };
  fields(cursor, start, end, (tag, from, to) => {
    switch (tag) {
      case 0x0a:
        span.traceId = hex(bytes, from, to);
        break;
      case 0x12:
        span.spanId = hex(bytes, from, to);
        break;
      case 0x1a:
        span.traceState = slice(cursor, from, to);
        break;
      case 0x22:
        span.parentSpanId = /^0*$/.test(hex(bytes, from, to)) ? "" : hex(bytes, from, to);
        break;
      case 0x2a:
        span.name = slice(cursor, from, to);
        break;
      case 0x30:
        span.kind = Math.min(Number(varint64(cursor.bytes, from)), 255);
        break;
      case 0x39:
        span.startNs = unsigned64(bytes, from, to);
        break;
      case 0x41:
        span.endNs = unsigned64(bytes, from, to);
        break;
      case 0x4a:
        span.attributes.push(readAttribute(cursor, from, to));
        break;
      case 0x5a:
        span.events.push(readEvent(cursor, from, to));
        break;
      case 0x6a:
        span.links.push(readLink(cursor, from, to));
        break;
      case 0x7a: {
        let code = 0;
        let message = "";
        fields(cursor, from, to, (inner, a, b) => {
          if (inner === 0x12) message = slice(cursor, a, b);
          else if (inner === 0x18) code = Number(varint64(cursor.bytes, a));
        });
        span.status = { code: (code > StatusCode.ERROR ? StatusCode.UNSET : code) as StatusCode, message };
        break;
      }
    }
  });
  return { ...span, kind: (span.kind > SpanKind.CONSUMER ? SpanKind.UNSPECIFIED : span.kind) as SpanKind };
}

interface SpanPlace {
  readonly start: number;
  readonly end: number;
  readonly resource: Resource;
  readonly scope: Scope;
}

const NO_SCOPE: Scope = { name: "", version: "" };

/** Where each span of a request body lies, with its resource and scope; only spans that `wanted` accepts are kept. */
function findSpans(bytes: Uint8Array, wanted: (offset: number) => boolean): SpanPlace[] {
  const cursor = new Cursor(bytes);
  const places: SpanPlace[] = [];
  fields(cursor, 0, bytes.length, (tag, start, end) => {
    if (tag !== 0x0a) return;
    const attributes: Attribute[] = [];
    const found: { start: number; end: number; scope: Scope }[] = [];
    fields(cursor, start, end, (field, from, to) => {
      if (field === 0x0a) {
        fields(cursor, from, to, (inner, a, b) => {
          if (inner === 0x0a) attributes.push(readAttribute(cursor, a, b));
        });
      } else if (field === 0x12 || field === 8002) {
        let scope = NO_SCOPE;
        const spans: { start: number; end: number }[] = [];
        fields(cursor, from, to, (inner, a, b) => {
          if (inner === 0x0a) scope = readScope(cursor, a, b);
          else if (inner === 0x12 && wanted(a)) spans.push({ start: a, end: b });
        });
        for (const span of spans) found.push({ ...span, scope });
      }
    });
    for (const place of found) places.push({ ...place, resource: { attributes } });
  });
  return places;
}

/** Every span of a request body, in its order. */
export function readSpans(bytes: Uint8Array): Span[] {
  return findSpans(bytes, () => true).map((at) => readSpan(bytes, at.start, at.end, at.resource, at.scope));
}

/** The spans of a request body whose messages start at these offsets; a span that cannot be read is left out. */
export function readSpansAt(bytes: Uint8Array, offsets: ReadonlySet<number>): Map<number, Span> {
  const spans = new Map<number, Span>();
  for (const at of findSpans(bytes, (offset) => offsets.has(offset))) {
    try {
      spans.set(at.start, readSpan(bytes, at.start, at.end, at.resource, at.scope));
    } catch {
      // Its columns were read; what else it holds is malformed and stays unseen.
    }
  }
  return spans;
}
