// Jaeger's query API JSON: {"data":[{traceID, spans, processes}]}, one such trace alone, or `data` as one object (what the UI
// keeps). Source: jaeger internal/uimodel, model/json. Times are microseconds; ids are hex, often without leading zeros, and
// in hand-made files anything; kind and error are tags. What it cannot say: nanoseconds, scopes, event names other than a field.
import { type LenientId, lenientId } from "../../domain/ids";
import type { Issues } from "../../domain/issue";
import {
  type Attribute,
  type AttributeValue,
  type Resource,
  type Span,
  type SpanEvent,
  SpanKind,
  type SpanLink,
  StatusCode,
} from "../../domain/span";
import { asInteger, asJson, asList, asText, isObject, type JsonObject } from "../json-value";
import type { TraceFormat } from "./format";

const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["internal", SpanKind.INTERNAL],
  ["server", SpanKind.SERVER],
  ["client", SpanKind.CLIENT],
  ["producer", SpanKind.PRODUCER],
  ["consumer", SpanKind.CONSUMER],
]);
const NO_SCOPE = { name: "", version: "" };
/** An original id is shown up to here. */
const SHOWN_ID = 200;

const looksLikeSpan = (span: unknown): boolean => isObject(span) && "spanID" in span && "operationName" in span;

/** The value if it is a trace of Jaeger's query API. */
function traceIn(value: unknown): JsonObject | null {
  if (!isObject(value) || !Array.isArray(value.spans)) return null;
  return value.spans.length === 0 || looksLikeSpan(value.spans[0]) ? value : null;
}

export const jaegerJson: TraceFormat = {
  id: "jaeger-json",
  label: "Jaeger JSON",
  ownsItem: (path, item) => (path === "data" || path === "") && traceIn(item) !== null,
  ownsDocument: (document) => traceIn(document) !== null || traceIn(document.data) !== null,
  read: (value, issues) => {
    const trace = traceIn(value) ?? (isObject(value) ? traceIn(value.data) : null);
    return trace ? readTrace(trace, issues) : [];
  },
};

function readTrace(trace: JsonObject, issues: Issues): Span[] {
  const processes = isObject(trace.processes) ? trace.processes : {};
  const resources = new Map<unknown, Resource>();
  const resourceOf = (span: JsonObject): Resource => {
    const key = isObject(span.process) ? span.process : processes[asText(span.processID)];
    let resource = resources.get(key);
    if (!resource) {
      resource = readProcess(key);
      resources.set(key, resource);
    }
    return resource;
  };
  const traceOfFile = readTraceId(asText(trace.traceID));
  return asList(trace.spans).flatMap((span) =>
    isObject(span) ? [readSpan(span, traceOfFile, resourceOf(span), issues)] : [],
  );
}

function readProcess(process: unknown): Resource {
  if (!isObject(process)) return { attributes: [] };
  const tags = readTags(process.tags).filter(([key]) => key !== "service.name");
  const name = asText(process.serviceName);
  return { attributes: name ? [["service.name", name], ...tags] : tags };
}

/** A trace id as a file has it, read once: many spans may go by it. */
interface TraceId extends LenientId {
  readonly text: string;
}

const readTraceId = (text: string): TraceId => ({ text, ...lenientId(text, 32) });

function readSpan(span: JsonObject, traceOfFile: TraceId, resource: Resource, issues: Issues): Span {
  const ownTrace = asText(span.traceID);
  const traceId = ownTrace && ownTrace !== traceOfFile.text ? readTraceId(ownTrace) : traceOfFile;
  const trace = traceId.hex;
  if (traceId.hashed) issues.add("hashed_id", traceId.text);
  /** The id of a trace that a reference names; without any, this one. */
  const named = (text: string): string => (text && text !== traceId.text ? readId(text, 32, issues) : trace);
  const tags = readTags(span.tags);
  const tag = (key: string): AttributeValue | undefined => tags.find(([name]) => name === key)?.[1];
  const references = asList(span.references).flatMap((reference) => (isObject(reference) ? [reference] : []));
  // The parent is the first CHILD_OF within the trace; everything else is a link.
  const parentAt = references.findIndex(
    ({ refType, traceID }) => refType === "CHILD_OF" && named(asText(traceID)) === trace,
  );
  const parent = parentAt >= 0 ? asText(references[parentAt]!.spanID) : asText(span.parentSpanID);
  const startUs = asInteger(span.startTime);
  const hasDuration = typeof span.duration === "number" || typeof span.duration === "string";
  const failed = tag("error") === true || tag("error") === "true" || tag("otel.status_code") === "ERROR";
  const attributes = tags.filter(
    ([key]) => key !== "span.kind" && key !== "otel.status_code" && key !== "otel.status_description",
  );
  if (traceId.hashed) attributes.push(["jaeger.trace_id", traceId.text.slice(0, SHOWN_ID)]);
  if (lenientId(asText(span.spanID), 16).hashed)
    attributes.push(["jaeger.span_id", asText(span.spanID).slice(0, SHOWN_ID)]);
  return {
    traceId: trace,
    spanId: readId(asText(span.spanID), 16, issues),
    parentSpanId: readId(parent, 16, issues),
    traceState: asText(tag("w3c.tracestate")),
    name: asText(span.operationName),
    kind: KINDS.get(asText(tag("span.kind")).toLowerCase()) ?? SpanKind.UNSPECIFIED,
    startNs: startUs * 1000n,
    endNs: hasDuration ? (startUs + asInteger(span.duration)) * 1000n : 0n,
    attributes,
    events: asList(span.logs).flatMap((log) => (isObject(log) ? [readLog(log)] : [])),
    links: references.filter((_, i) => i !== parentAt).map((reference): SpanLink => readLink(reference, named, issues)),
    status: {
      code: failed ? StatusCode.ERROR : tag("otel.status_code") === "OK" ? StatusCode.OK : StatusCode.UNSET,
      message: asText(tag("otel.status_description")),
    },
    resource,
    scope: tag("otel.scope.name")
      ? { name: asText(tag("otel.scope.name")), version: asText(tag("otel.scope.version")) }
      : NO_SCOPE,
  };
}

function readLink(reference: JsonObject, named: (text: string) => string, issues: Issues): SpanLink {
  return {
    traceId: named(asText(reference.traceID)),
    spanId: readId(asText(reference.spanID), 16, issues),
    attributes: reference.refType === "CHILD_OF" ? [["opentracing.ref_type", "child_of"]] : [],
  };
}

function readLog(log: JsonObject): SpanEvent {
  const attributes = readTags(log.fields);
  const name = attributes.find(([key]) => key === "event");
  return {
    timeNs: asInteger(log.timestamp) * 1000n,
    name: asText(name?.[1]),
    attributes: attributes.filter((entry) => entry !== name),
  };
}

const readTags = (tags: unknown): Attribute[] =>
  asList(tags).flatMap((tag): Attribute[] => (isObject(tag) ? [[asText(tag.key), readTag(tag)]] : []));

function readTag({ type, value }: JsonObject): AttributeValue {
  if (type === "int64" && typeof value === "string") return asInteger(value);
  if (type === "bool" && typeof value === "string") return value === "true";
  if (type === "float64" && typeof value === "string") return Number(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : value === null || value === undefined
      ? null
      : asJson(value);
}

function readId(text: string, digits: number, issues: Issues): string {
  const { hex, hashed } = lenientId(text, digits);
  if (hashed) issues.add("hashed_id", text);
  return hex;
}
