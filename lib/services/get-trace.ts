// One trace as the API tells it.
import type { Trace, TraceAttribute, TraceSpan } from "../contract/trace";
import { canonicalId, type DeclaredNames, NO_NAMES } from "../domain/declared-names";
import { DomainError } from "../domain/errors";
import { serviceId, UNKNOWN_SERVICE } from "../domain/node";
import { type Attribute, type AttributeValue, type Span, textAttribute } from "../domain/span";
import { readTraceId } from "./trace-id";

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
const STATUSES = ["unset", "ok", "error"] as const;

interface TraceSource {
  trace(words: Int32Array): Promise<Span[]>;
}

/** @throws DomainError invalid_parameter for what is no id, not_found for an id that nothing is known of. */
export async function getTrace(source: TraceSource, id: string, names: DeclaredNames = NO_NAMES): Promise<Trace> {
  const spans = await source.trace(readTraceId(id, "traceId"));
  if (spans.length === 0) throw new DomainError("not_found", `nothing is known of trace ${id.toLowerCase()}`);
  return toTrace(id.toLowerCase().padStart(32, "0"), spans, names);
}

export function toTrace(traceId: string, spans: readonly Span[], names: DeclaredNames = NO_NAMES): Trace {
  const list = spans.map((span) => toSpan(span, names));
  let start = spans[0]!.startNs;
  let end = start;
  for (const { startNs, endNs } of spans) {
    if (startNs < start) start = startNs;
    if (endNs > end) end = endNs;
    if (startNs > end) end = startNs;
  }
  return {
    traceId,
    startUnixNano: String(start),
    durationMs: Number(end - start) / 1e6,
    services: [...new Set(list.map(({ service }) => service))],
    spans: list,
  };
}

function toSpan(span: Span, names: DeclaredNames): TraceSpan {
  const { attributes: resource } = span.resource;
  const service = serviceId(
    textAttribute(resource, "service.name") ?? UNKNOWN_SERVICE,
    textAttribute(resource, "service.namespace") ?? "",
  );
  const countedAs = canonicalId(names, service);
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId || null,
    name: span.name,
    kind: KINDS[span.kind],
    service,
    ...(countedAs !== service && { countedAs }),
    startUnixNano: String(span.startNs),
    durationMs: span.endNs === 0n || span.endNs < span.startNs ? null : Number(span.endNs - span.startNs) / 1e6,
    status: { code: STATUSES[span.status.code], message: span.status.message },
    attributes: span.attributes.map(toAttribute),
    events: span.events.map(({ name, timeNs, attributes }) => ({
      name,
      timeUnixNano: String(timeNs),
      attributes: attributes.map(toAttribute),
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      traceId,
      spanId,
      attributes: attributes.map(toAttribute),
    })),
    resource: resource.map(toAttribute),
    scope: span.scope,
  };
}

const toAttribute = ([key, value]: Attribute): TraceAttribute => ({ key, type: typeOf(value), value: toText(value) });

function typeOf(value: AttributeValue): TraceAttribute["type"] {
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "double";
  if (value instanceof Uint8Array) return "bytes";
  return Array.isArray(value) ? "list" : "map";
}

function toText(value: AttributeValue): string {
  if (value === null) return "";
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return typeof value === "object" ? JSON.stringify(plain(value)) : String(value);
}

function plain(value: AttributeValue): unknown {
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? String(value) : value;
  if (value instanceof Uint8Array) return toText(value);
  if (Array.isArray(value)) return value.map(plain);
  return (value as { entries: readonly Attribute[] }).entries.map(([key, inner]) => [key, plain(inner)]);
}
