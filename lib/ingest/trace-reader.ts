// Reads a trace file of any known format while it arrives, and tells what it turned out to be. The content decides, never a
// name. Spans come out in portions; memory holds one portion and one unfinished value.
import { unreadable } from "../domain/errors";
import { Issues } from "../domain/issue";
import type { Resource, Span } from "../domain/span";
import { FORMATS } from "./formats";
import type { TraceFormat } from "./formats/format";
import { JsonItems, type ListPath } from "./json-items";
import { isObject, type JsonObject, parseJson } from "./json-value";
import { ProtobufRecords } from "./protobuf-records";

/** Spans handed on at once. */
const PORTION = 4_000;
/** The first byte of OTLP protobuf, which is also a newline. */
const PROTOBUF_FIRST_BYTE = 0x0a;
/** So many bytes tell the one from the other. */
const HEAD = 1024;

export type Portion =
  | { readonly kind: "spans"; readonly spans: readonly Span[]; readonly issues: Issues }
  /** An ExportTraceServiceRequest (or TracesData), and the byte of the file at which it starts. */
  | { readonly kind: "protobuf"; readonly bytes: Uint8Array; readonly offset: number };

export class TraceReader {
  /** Label of the format, once known. */
  format: string | null = null;
  private current: TraceFormat | null = null;
  private items: JsonItems | null = null;
  /** The beginning, while it may still be either. */
  private head: Uint8Array = new Uint8Array(0);
  private protobuf: ProtobufRecords | null = null;
  private spans: Span[] = [];
  private issues = new Issues();
  private values = 0;

  constructor(private readonly take: (portion: Portion) => void) {}

  /** @throws DomainError unreadable or too_large, naming the byte and what was found there. */
  feed(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.items || this.protobuf) {
      this.goOn(chunk);
      return;
    }
    const head = joined(this.head, chunk);
    const protobuf = head[0] === PROTOBUF_FIRST_BYTE && hasControls(head.subarray(0, HEAD));
    if (head[0] === PROTOBUF_FIRST_BYTE && !protobuf && head.length < HEAD) this.head = head;
    else this.begin(protobuf, head);
  }

  private begin(protobuf: boolean, head: Uint8Array): void {
    this.head = new Uint8Array(0);
    if (protobuf) {
      this.protobuf = new ProtobufRecords((bytes, offset) => this.take({ kind: "protobuf", bytes, offset }));
      this.format = "OTLP protobuf";
    } else {
      this.items = new JsonItems({
        item: (path, json, offset) => this.item(path, json, offset),
        document: (json, lists, offset) => this.document(json, lists, offset),
        flawed: (offset) => this.issues.add("invalid_utf8", `JSON at byte ${offset}`),
      });
    }
    this.goOn(head);
  }

  private goOn(chunk: Uint8Array): void {
    if (this.protobuf) this.protobuf.feed(chunk);
    else this.items!.feed(chunk);
  }

  end(): void {
    if (this.head.length > 0) this.begin(false, this.head);
    if (this.protobuf) {
      this.protobuf.end();
      return;
    }
    if (!this.items) throw unreadable("the file is empty");
    this.items.end();
    if (this.values === 0) throw unreadable("the file holds no trace");
    this.flush();
  }

  private item(path: ListPath, json: string, offset: number): void {
    const value = parseJson(json, offset);
    if (!isObject(value) && !Array.isArray(value))
      throw unreadable(`expected a span or trace, found ${json.slice(0, 40)}`, offset);
    const format = this.formatOf((candidate) => candidate.ownsItem(path, value));
    if (!format)
      throw unreadable(
        `an item of ${path ? `"${path}"` : "the list"} is no trace of a known format: ${describe(value)}`,
        offset,
      );
    this.read(format, value);
  }

  private document(json: string, lists: readonly ListPath[], offset: number): void {
    const value = parseJson(json, offset);
    if (lists.length > 0 || !isObject(value)) {
      // Its lists were read item by item; an empty one is a file without spans, not a wrong file.
      if (lists.length > 0) this.values++;
      return;
    }
    const format = this.formatOf((candidate) => candidate.ownsDocument(value));
    if (!format) throw unreadable(`no trace of a known format: ${describe(value)}`, offset);
    this.read(format, value);
  }

  private formatOf(owns: (format: TraceFormat) => boolean): TraceFormat | null {
    if (this.current && owns(this.current)) return this.current;
    return FORMATS.find(owns) ?? null;
  }

  private read(format: TraceFormat, value: JsonObject | readonly unknown[]): void {
    this.values++;
    this.current = format;
    this.format ??= format.label;
    for (const span of format.read(value, this.issues)) this.spans.push(span);
    if (this.spans.length >= PORTION) this.flush();
  }

  private flush(): void {
    if (this.spans.length === 0) return;
    const spans = this.current?.tidy?.(this.spans, this.issues) ?? this.spans;
    this.take({ kind: "spans", spans: byResource(spans), issues: this.issues });
    this.spans = [];
    this.issues = new Issues();
  }
}

/**
 * The spans of one resource beside each other, in their order: encoded, they share it, where a file that mixes long resources
 * would become many times its size.
 */
function byResource(spans: readonly Span[]): Span[] {
  const groups = new Map<Resource, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.resource);
    if (group) group.push(span);
    else groups.set(span.resource, [span]);
  }
  return [...groups.values()].flat();
}

/**
 * Whether there are control characters other than white space. JSON has none, not even in strings; OTLP protobuf has them from
 * the start: tags, lengths and ids.
 */
const hasControls = (bytes: Uint8Array): boolean =>
  bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);

function joined(head: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (head.length === 0) return chunk;
  const bytes = new Uint8Array(head.length + chunk.length);
  bytes.set(head);
  bytes.set(chunk, head.length);
  return bytes;
}

/** What a value is, for a person who expected something else. */
function describe(value: JsonObject | readonly unknown[]): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const keys = Object.keys(value);
  const hint = HINTS.find(({ keys: wanted }) => wanted.every((key) => keys.includes(key)))?.hint;
  const shown = keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 30)));
  return `${hint ? `${hint}; ` : ""}an object with ${shown.length > 0 ? shown.join(", ") : "no keys"}`;
}

/** Neighbours of the trace formats that people try, and what they are. */
const HINTS: readonly { readonly keys: readonly string[]; readonly hint: string }[] = [
  { keys: ["resourceMetrics"], hint: "these are OTLP metrics, not traces" },
  { keys: ["resourceLogs"], hint: "these are OTLP logs, not traces" },
  {
    keys: ["spans", "processMap"],
    hint: "this is Jaeger's storage form (protobuf JSON), not what its query API and UI export; save GET /api/traces/{id} instead",
  },
  { keys: ["trace_id", "span_id", "service"], hint: "this looks like a Datadog span" },
  { keys: ["trace_id", "id", "start_time"], hint: "this looks like an AWS X-Ray segment" },
  { keys: ["Segments"], hint: "this looks like an AWS X-Ray answer" },
  { keys: ["Traces"], hint: "this looks like an AWS X-Ray answer" },
  { keys: ["parent", "child", "callCount"], hint: "these are ready-made dependencies, not spans" },
];
