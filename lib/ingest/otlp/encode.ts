// Writes spans as an ExportTraceServiceRequest. Files of every other format become these bytes, so that the engine has one
// input and one way to keep a span whole. Fields ascend, as SDKs write them. Source: opentelemetry-proto trace/v1.
import type { Attribute, AttributeValue, Resource, Span } from "../../domain/span";
import { MAX_VALUE_DEPTH } from "./value-depth";

const utf8 = new TextEncoder();

/** A growing byte buffer with the few writers that the messages need. */
class Writer {
  private bytes = new Uint8Array(1 << 16);
  private view = new DataView(this.bytes.buffer);
  at = 0;

  finish(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  private room(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const next = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    next.set(this.bytes.subarray(0, this.at));
    this.bytes = next;
    this.view = new DataView(next.buffer);
  }

  varint(value: number): void {
    this.room(10);
    while (value > 127) {
      this.bytes[this.at++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    this.bytes[this.at++] = value;
  }

  varint64(value: bigint): void {
    this.room(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      this.bytes[this.at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.bytes[this.at++] = Number(rest);
  }

  fixed64(value: bigint): void {
    this.room(8);
    this.view.setBigUint64(this.at, BigInt.asUintN(64, value), true);
    this.at += 8;
  }

  double(value: number): void {
    this.room(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  raw(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  text(tag: number, value: string): void {
    if (value === "") return;
    this.varint(tag);
    this.raw(utf8.encode(value));
  }

  id(tag: number, hex: string): void {
    if (hex === "") return;
    this.varint(tag);
    this.raw(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  }

  /** A nested message: its length is written once its content is, so the content moves by the length's own bytes. */
  message(tag: number, content: () => void): void {
    this.varint(tag);
    const start = this.at;
    content();
    const length = this.at - start;
    let size = 1;
    for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) size++;
    this.room(size);
    this.bytes.copyWithin(start + size, start, this.at);
    this.at = start;
    this.varint(length);
    this.at = start + size + length;
  }
}

/** Deeper values are cut here: deeper than what is ever shown, so that the decoder still sees and counts the fault. */
const DEEPEST = MAX_VALUE_DEPTH + 2;

function writeValue(out: Writer, value: AttributeValue, depth = 0): void {
  if (value === null || depth > DEEPEST) return;
  if (typeof value === "string") {
    out.varint(0x0a);
    out.raw(utf8.encode(value));
  } else if (typeof value === "boolean") {
    out.varint(0x10);
    out.varint(value ? 1 : 0);
  } else if (typeof value === "bigint" || (Number.isSafeInteger(value) && !Object.is(value, -0))) {
    out.varint(0x18);
    out.varint64(BigInt(value as number | bigint));
  } else if (typeof value === "number") {
    out.varint(0x21);
    out.double(value);
  } else if (value instanceof Uint8Array) {
    out.varint(0x3a);
    out.raw(value);
  } else if ("entries" in value && !Array.isArray(value)) {
    out.message(0x32, () => writeAttributes(out, 0x0a, value.entries as readonly Attribute[], depth + 1));
  } else {
    const list = value as readonly AttributeValue[];
    out.message(0x2a, () => {
      for (const item of list) out.message(0x0a, () => writeValue(out, item, depth + 1));
    });
  }
}

function writeAttributes(out: Writer, tag: number, attributes: readonly Attribute[], depth = 0): void {
  for (const [key, value] of attributes) {
    out.message(tag, () => {
      out.text(0x0a, key);
      out.message(0x12, () => writeValue(out, value, depth));
    });
  }
}

function writeSpan(out: Writer, span: Span): void {
  out.id(0x0a, span.traceId);
  out.id(0x12, span.spanId);
  out.text(0x1a, span.traceState);
  out.id(0x22, span.parentSpanId);
  out.text(0x2a, span.name);
  out.varint(0x30);
  out.varint(span.kind);
  out.varint(0x39);
  out.fixed64(span.startNs);
  out.varint(0x41);
  out.fixed64(span.endNs);
  writeAttributes(out, 0x4a, span.attributes);
  for (const event of span.events) {
    out.message(0x5a, () => {
      out.varint(0x09);
      out.fixed64(event.timeNs);
      out.text(0x12, event.name);
      writeAttributes(out, 0x1a, event.attributes);
    });
  }
  for (const link of span.links) {
    out.message(0x6a, () => {
      out.id(0x0a, link.traceId);
      out.id(0x12, link.spanId);
      writeAttributes(out, 0x22, link.attributes);
    });
  }
  if (span.status.code !== 0 || span.status.message !== "") {
    out.message(0x7a, () => {
      out.text(0x12, span.status.message);
      if (span.status.code !== 0) {
        out.varint(0x18);
        out.varint(span.status.code);
      }
    });
  }
}

/** A Resource message. */
export function encodeResource({ attributes }: Resource): Uint8Array {
  const out = new Writer();
  writeAttributes(out, 0x0a, attributes);
  return out.finish();
}

/** One request with these spans: consecutive spans that share a resource or scope object share its message. */
export function encodeSpans(spans: readonly Span[]): Uint8Array {
  const out = new Writer();
  for (let i = 0; i < spans.length; ) {
    const { resource } = spans[i]!;
    out.message(0x0a, () => {
      out.message(0x0a, () => writeAttributes(out, 0x0a, resource.attributes));
      while (spans[i]?.resource === resource) {
        const { scope } = spans[i]!;
        out.message(0x12, () => {
          if (scope.name || scope.version) {
            out.message(0x0a, () => {
              out.text(0x0a, scope.name);
              out.text(0x12, scope.version);
            });
          }
          for (; spans[i]?.resource === resource && spans[i]?.scope === scope; i++) {
            const span = spans[i]!;
            out.message(0x12, () => writeSpan(out, span));
          }
        });
      }
    });
  }
  return out.finish();
}
