// Good inputs of every format that is read: traces of the simulated shop and spans of every shape, written by plain writers of
// our own; the Collector's bytes; and, where they are, small files of other projects.
import { readFileSync } from "node:fs";
import type { Attribute, AttributeValue, Span } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { permuteFields } from "./permute-fields";
import { randomSpans } from "./random-spans";
import { hasSharedData, listShared, readShared } from "./shared-data";

export type JsonFormat = "otlp" | "tempo" | "jaeger" | "zipkin";

const MOST_SPANS = 8;
/** Larger files of other projects are left out: there, the same damage is rarer and takes longer. */
const MOST_BYTES = 6_000;

const random = seededRandom("decoder corpus");
const truth = new Truth();
const shop = new Simulation(ecommerce, random, truth);
const groups: readonly (readonly Span[])[] = [
  ...Array.from({ length: 12 }, (_, i) => shop.request(1_790_000_000_000_000 + i * 50_000).spans.slice(0, MOST_SPANS)),
  ...Array.from({ length: 12 }, (_, i) => randomSpans(random, 1 + (i % 4))),
];

const utf8 = new TextEncoder();
const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");

function otlpValue(value: AttributeValue): object {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return { intValue: String(value) };
  if (typeof value === "number") return { doubleValue: value };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if ("entries" in value && !Array.isArray(value))
    return { kvlistValue: { values: otlpAttributes(value.entries as readonly Attribute[]) } };
  return { arrayValue: { values: (value as readonly AttributeValue[]).map(otlpValue) } };
}

const otlpAttributes = (list: readonly Attribute[]): object[] =>
  list.map(([key, value]) => ({ key, value: otlpValue(value) }));

const otlpResource = (spans: readonly Span[], id: (hex: string) => string): object => ({
  resource: { attributes: otlpAttributes(spans[0]!.resource.attributes) },
  scopeSpans: [
    {
      scope: spans[0]!.scope,
      spans: spans.map((span) => ({
        traceId: id(span.traceId),
        spanId: id(span.spanId),
        parentSpanId: id(span.parentSpanId),
        traceState: span.traceState,
        name: span.name,
        kind: span.kind,
        startTimeUnixNano: String(span.startNs),
        endTimeUnixNano: String(span.endNs),
        attributes: otlpAttributes(span.attributes),
        events: span.events.map(({ timeNs, name, attributes }) => ({
          timeUnixNano: String(timeNs),
          name,
          attributes: otlpAttributes(attributes),
        })),
        links: span.links.map(({ traceId, spanId, attributes }) => ({
          traceId: id(traceId),
          spanId: id(spanId),
          attributes: otlpAttributes(attributes),
        })),
        status: span.status,
      })),
    },
  ],
});

const plain = (value: AttributeValue): string =>
  typeof value === "object" ? JSON.stringify(otlpValue(value)) : String(value);
const serviceOf = ({ resource }: Span): string => plain(resource.attributes[0]?.[1] ?? "");
const KINDS = ["", "", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const micros = (ns: bigint): number => Number(ns / 1000n);
const jaegerTags = (list: readonly Attribute[]): object[] =>
  list.map(([key, value]) => ({ key, type: typeof value === "number" ? "float64" : "string", value: plain(value) }));

const jaegerSpan = (span: Span): object => ({
  traceID: span.traceId,
  spanID: span.spanId,
  operationName: span.name,
  references: span.parentSpanId ? [{ refType: "CHILD_OF", traceID: span.traceId, spanID: span.parentSpanId }] : [],
  startTime: micros(span.startNs),
  duration: micros(span.endNs - span.startNs),
  tags: [...jaegerTags(span.attributes), { key: "span.kind", type: "string", value: KINDS[span.kind]!.toLowerCase() }],
  logs: span.events.map(({ timeNs, attributes }) => ({ timestamp: micros(timeNs), fields: jaegerTags(attributes) })),
  processID: serviceOf(span),
});

const jaegerTrace = (spans: readonly Span[]): object => ({
  traceID: spans[0]!.traceId,
  spans: spans.map(jaegerSpan),
  processes: Object.fromEntries(
    spans.map((span) => [
      serviceOf(span),
      { serviceName: serviceOf(span), tags: jaegerTags(span.resource.attributes) },
    ]),
  ),
});

const zipkinSpan = (span: Span, i: number): object => ({
  traceId: span.traceId,
  id: span.spanId,
  ...(span.parentSpanId && { parentId: span.parentSpanId }),
  ...(KINDS[span.kind] && { kind: KINDS[span.kind] }),
  name: span.name,
  ...(i % 5 !== 4 && { timestamp: micros(span.startNs) }),
  duration: micros(span.endNs - span.startNs),
  ...(i % 5 !== 3 && { localEndpoint: { serviceName: serviceOf(span), ipv4: "10.0.0.1", port: 80 } }),
  remoteEndpoint: { serviceName: "far", ipv6: "::1", port: 5432 },
  annotations: span.events.map(({ timeNs, name }) => ({ timestamp: micros(timeNs), value: name })),
  tags: Object.fromEntries(span.attributes.map(([key, value]) => [key, plain(value)])),
  ...(i % 2 === 1 && { shared: true }),
});

const hex = (id: string): string => id;
const documents: Record<JsonFormat, (spans: readonly Span[], i: number) => unknown> = {
  otlp: (spans, i) =>
    i % 3 === 0
      ? { result: { resourceSpans: [otlpResource(spans, hex)] } }
      : { resourceSpans: [otlpResource(spans, hex)] },
  tempo: (spans, i) =>
    i % 2 === 0
      ? { batches: [otlpResource(spans, base64)] }
      : { trace: { resourceSpans: [otlpResource(spans, base64)] } },
  jaeger: (spans, i) =>
    i % 3 === 0 ? jaegerTrace(spans) : { data: i % 3 === 1 ? [jaegerTrace(spans)] : jaegerTrace(spans), total: 0 },
  zipkin: (spans, i) =>
    i % 3 === 0 ? [spans.map(zipkinSpan)] : i % 3 === 1 ? zipkinSpan(spans[0]!, i) : spans.map(zipkinSpan),
};

const FOLDERS: Record<JsonFormat, string> = { otlp: "otlp-json", tempo: "tempo", jaeger: "jaeger", zipkin: "zipkin" };

const filesOf = (folder: string): Uint8Array[] =>
  (hasSharedData ? listShared(folder) : []).map(readShared).filter(({ length }) => length <= MOST_BYTES);

export const jsonCorpus = (format: JsonFormat): Uint8Array[] => [
  ...groups.map((spans, i) => utf8.encode(JSON.stringify(documents[format](spans, i)))),
  ...filesOf(FOLDERS[format]),
];

/** ExportTraceServiceRequests. */
export const protobufCorpus = (): Uint8Array[] => [
  ...groups.map((spans) => encodeSpans(spans)),
  ...groups.slice(0, 6).map((spans) => permuteFields(encodeSpans(spans), "descending", random.next)),
  new Uint8Array(readFileSync("test/fixtures/collector-export.bin")),
];
