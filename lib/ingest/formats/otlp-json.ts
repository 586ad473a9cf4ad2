// OTLP in JSON: documents {"resourceSpans":[…]}, JSON lines of them (the Collector's file exporter), Jaeger's api v3 answers
// {"result":{"resourceSpans":[…]}}. Source: opentelemetry-proto docs/specification.md ("JSON Protobuf Encoding").
// Lenient like the Collector's reader: snake_case keys, enum names, and base64 ids, which make it also Tempo's JSON.
import { DomainError } from "../../domain/errors";
import {
  type Attribute,
  type AttributeValue,
  type Resource,
  type Scope,
  type Span,
  SpanKind,
  StatusCode,
} from "../../domain/span";
import { asInteger, asList, asNumber, asText, field, isObject, type JsonObject, parseBounded } from "../json-value";
import type { TraceFormat } from "./format";

const KINDS: Record<string, SpanKind> = {
  SPAN_KIND_UNSPECIFIED: SpanKind.UNSPECIFIED,
  SPAN_KIND_INTERNAL: SpanKind.INTERNAL,
  SPAN_KIND_SERVER: SpanKind.SERVER,
  SPAN_KIND_CLIENT: SpanKind.CLIENT,
  SPAN_KIND_PRODUCER: SpanKind.PRODUCER,
  SPAN_KIND_CONSUMER: SpanKind.CONSUMER,
};
const STATUSES: Record<string, StatusCode> = {
  STATUS_CODE_UNSET: StatusCode.UNSET,
  STATUS_CODE_OK: StatusCode.OK,
  STATUS_CODE_ERROR: StatusCode.ERROR,
};
/** Deeper values would be cut when shown; reading them deeper would only cost stack. */
const DEEPEST = 40;

export const otlpJson: TraceFormat = {
  id: "otlp-json",
  label: "OTLP JSON",
  ownsItem: (path, item) =>
    (path === "resourceSpans" || path === "result.resourceSpans" || path === "trace.resourceSpans" || path === "") &&
    isObject(item) &&
    !usesBase64Ids(item) &&
    ("scopeSpans" in item ||
      "scope_spans" in item ||
      "instrumentationLibrarySpans" in item ||
      "resourceSpans" in item ||
      ("resource" in item && path !== "")),
  ownsDocument: (document) => "resourceSpans" in document || "resource_spans" in document,
  read: (value) =>
    readResourceSpansList(
      isObject(value) && !("resourceSpans" in value) ? [value] : asList(isObject(value) ? value.resourceSpans : value),
    ),
};

/** A whole request as it comes over HTTP. @throws DomainError unreadable; too_large for a million objects and lists. */
export function readOtlpJson(json: string): Span[] {
  const request = parseBounded(json);
  if (!isObject(request)) throw new DomainError("unreadable", 'expected an object {"resourceSpans":[…]}');
  const list = field(request, "resourceSpans", "resource_spans");
  if (list === undefined && Object.keys(request).length > 0) {
    throw new DomainError(
      "unreadable",
      `expected "resourceSpans", found ${Object.keys(request)
        .slice(0, 3)
        .map((key) => JSON.stringify(key))
        .join(", ")}`,
    );
  }
  return readResourceSpansList(asList(list));
}

export const readResourceSpansList = (list: readonly unknown[]): Span[] =>
  list.flatMap((item) => (isObject(item) ? readResourceSpans(item) : []));

function readResourceSpans(item: JsonObject): Span[] {
  const resource = readResource(item.resource);
  const scopes = asList(
    field(item, "scopeSpans", "scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans"),
  );
  return scopes.flatMap((entry) => {
    if (!isObject(entry)) return [];
    const scope = readScope(field(entry, "scope", "instrumentationLibrary"));
    return asList(entry.spans).flatMap((span) => (isObject(span) ? [readSpan(span, resource, scope)] : []));
  });
}

const readResource = (resource: unknown): Resource => ({
  attributes: isObject(resource) ? readAttributes(resource.attributes) : [],
});

const readScope = (scope: unknown): Scope =>
  isObject(scope) ? { name: asText(scope.name), version: asText(scope.version) } : { name: "", version: "" };

function readSpan(span: JsonObject, resource: Resource, scope: Scope): Span {
  const get = (camel: string, snake: string): unknown => field(span, camel, snake);
  const status = isObject(span.status) ? span.status : {};
  return {
    traceId: readId(get("traceId", "trace_id"), 32),
    spanId: readId(get("spanId", "span_id"), 16),
    parentSpanId: readId(get("parentSpanId", "parent_span_id"), 16),
    traceState: asText(get("traceState", "trace_state")),
    name: asText(span.name),
    kind: readEnum(span.kind, KINDS, SpanKind.CONSUMER),
    startNs: asInteger(get("startTimeUnixNano", "start_time_unix_nano")),
    endNs: asInteger(get("endTimeUnixNano", "end_time_unix_nano")),
    attributes: readAttributes(span.attributes),
    events: asList(span.events).flatMap((event) =>
      isObject(event)
        ? [
            {
              timeNs: asInteger(field(event, "timeUnixNano", "time_unix_nano")),
              name: asText(event.name),
              attributes: readAttributes(event.attributes),
            },
          ]
        : [],
    ),
    links: asList(span.links).flatMap((link) =>
      isObject(link)
        ? [
            {
              traceId: readId(field(link, "traceId", "trace_id"), 32),
              spanId: readId(field(link, "spanId", "span_id"), 16),
              attributes: readAttributes(link.attributes),
            },
          ]
        : [],
    ),
    status: { code: readEnum(status.code, STATUSES, StatusCode.ERROR), message: asText(status.message) },
    resource,
    scope,
  };
}

function readEnum<T extends number>(value: unknown, names: Record<string, T>, largest: number): T {
  if (typeof value === "string" && Object.hasOwn(names, value)) return names[value]!;
  const number = asNumber(value);
  return (Number.isInteger(number) && number >= 0 && number <= largest ? number : 0) as T;
}

/** Hex of a whole number of bytes, or base64 as gogo's jsonpb writes ids; "" when it is neither, which a span is rejected for. */
function readId(value: unknown, digits: number): string {
  if (typeof value !== "string" || value === "") return "";
  if (value.length !== base64Length(digits) && /^([0-9a-fA-F]{2})+$/.test(value)) {
    return /^0+$/.test(value) && digits === 16 ? "" : value.toLowerCase();
  }
  return fromBase64(value, digits);
}

const base64Length = (digits: number): number => Math.ceil(digits / 2 / 3) * 4;

function fromBase64(text: string, digits: number): string {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return "";
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    let hex = "";
    for (let i = 0; i < bytes.length; i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, "0");
    return /^0*$/.test(hex) && digits === 16 ? "" : hex;
  } catch {
    return "";
  }
}

/** Whether the first span of a ResourceSpans has ids in base64: Tempo's JSON, not OTLP's. */
export function usesBase64Ids(item: JsonObject): boolean {
  for (const scope of asList(field(item, "scopeSpans", "instrumentationLibrarySpans"))) {
    for (const span of asList(isObject(scope) ? scope.spans : undefined)) {
      const id = isObject(span) ? span.traceId : undefined;
      if (typeof id === "string" && id !== "")
        return id.length === base64Length(32) && fromBase64(id, 32).length === 32;
    }
  }
  return false;
}

export const readAttributes = (list: unknown, depth = 0): Attribute[] =>
  asList(list).flatMap((entry): Attribute[] =>
    isObject(entry) ? [[asText(entry.key), readValue(entry.value, depth)]] : [],
  );

function readValue(value: unknown, depth: number): AttributeValue {
  if (!isObject(value))
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
  if (depth > DEEPEST) return null;
  const get = (camel: string, snake: string): unknown => field(value, camel, snake);
  const text = get("stringValue", "string_value");
  if (text !== undefined) return asText(text);
  const truth = get("boolValue", "bool_value");
  if (truth !== undefined) return truth === true || truth === "true";
  const integer = get("intValue", "int_value");
  if (integer !== undefined) {
    const number = asInteger(integer);
    return number >= BigInt(Number.MIN_SAFE_INTEGER) && number <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(number)
      : number;
  }
  const double = get("doubleValue", "double_value");
  if (double !== undefined) return asNumber(double);
  const array = get("arrayValue", "array_value");
  if (isObject(array)) return asList(array.values).map((item) => readValue(item, depth + 1));
  const map = get("kvlistValue", "kvlist_value");
  if (isObject(map)) return { entries: readAttributes(map.values, depth + 1) };
  const bytes = get("bytesValue", "bytes_value");
  if (typeof bytes === "string")
    return Uint8Array.from(fromBase64(bytes, 0).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return null;
}
