// Zipkin v2 JSON: a list of spans, a list of traces, or one span. Source: zipkin-api zipkin2-api.yaml; Trace.java for the
// merging of parts. Times are microseconds. One span may be reported in parts, by both sides under one id (B3 sharing), and
// without kind or times. What it cannot say: events with attributes, links, resources.
import { isStrictId } from "../../domain/ids";
import type { Issues } from "../../domain/issue";
import {
  type Attribute,
  type AttributeValue,
  attribute,
  type Resource,
  type Span,
  type SpanEvent,
  SpanKind,
  StatusCode,
} from "../../domain/span";
import { asInteger, asList, asText, isObject, type JsonObject } from "../json-value";
import type { TraceFormat } from "./format";

const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["SERVER", SpanKind.SERVER],
  ["CLIENT", SpanKind.CLIENT],
  ["PRODUCER", SpanKind.PRODUCER],
  ["CONSUMER", SpanKind.CONSUMER],
]);
const SCOPE = { name: "", version: "" };
const TRACE_DIGITS = 32;

const looksLikeSpan = (value: unknown): value is JsonObject =>
  isObject(value) && "traceId" in value && "id" in value && !("spanId" in value);

export const zipkinJson: TraceFormat = {
  id: "zipkin-json",
  label: "Zipkin v2 JSON",
  ownsItem: (path, item) => path === "" && (looksLikeSpan(item) || (Array.isArray(item) && looksLikeSpan(item[0]))),
  ownsDocument: looksLikeSpan,
  read: (value) => readSpans(Array.isArray(value) ? value : [value]),
  tidy: joinParts,
};

/**
 * Zipkin spans may come in parts. A part that does not say whose it is belongs to a span of the same id that does, the
 * caller's half first; a part without a start has the start of its whole, else of what hangs under it. Parts stay in the list
 * as copies of their whole, so that they are counted as what they are, and their tags go to the whole.
 */
function joinParts(spans: readonly Span[], issues: Issues): Span[] {
  const byId = new Map<string, Span[]>();
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    push(byId, span.traceId + span.spanId, span);
    push(children, span.traceId + span.parentSpanId, span);
  }
  const wholes = new Map<Span, Span>();
  const whole = (span: Span): Span => wholes.get(span) ?? span;
  const copies = new Map<Span, Span>();
  for (const span of spans) {
    if (serviceOf(span) !== undefined && span.startNs !== 0n) continue;
    const others = (byId.get(span.traceId + span.spanId) ?? []).filter(
      (other) => other !== span && serviceOf(other) !== undefined && other.startNs !== 0n,
    );
    const same = others.filter((other) => serviceOf(span) === undefined || serviceOf(other) === serviceOf(span));
    const owner = same.find(({ kind }) => kind === SpanKind.CLIENT) ?? same[0];
    if (owner) {
      const known = new Set(whole(owner).attributes.map(([key]) => key));
      const added = span.attributes.filter(([key]) => !known.has(key));
      wholes.set(owner, { ...whole(owner), attributes: [...whole(owner).attributes, ...added] });
      copies.set(span, owner);
    } else if (span.startNs === 0n) {
      const starts = (children.get(span.traceId + span.spanId) ?? [])
        .map(({ startNs }) => startNs)
        .filter((start) => start !== 0n);
      if (starts.length === 0) continue;
      issues.add("no_start_time", `span ${span.spanId} of trace ${span.traceId}`);
      wholes.set(span, { ...span, startNs: starts.sort((a, b) => (a < b ? -1 : 1))[0]! });
    }
  }
  return spans.map((span) => whole(copies.get(span) ?? span));
}

const serviceOf = (span: Span): AttributeValue | undefined => attribute(span.resource.attributes, "service.name");

function push(map: Map<string, Span[]>, key: string, span: Span): void {
  const list = map.get(key);
  if (list) list.push(span);
  else map.set(key, [span]);
}

function readSpans(list: readonly unknown[]): Span[] {
  const resources = new Map<string, Resource>();
  return list.flatMap((item) => (looksLikeSpan(item) ? [readSpan(item, resources)] : []));
}

function readSpan(span: JsonObject, resources: Map<string, Resource>): Span {
  const tags = readTags(span.tags);
  const tag = (key: string): string | undefined => tags.find(([name]) => name === key)?.[1] as string | undefined;
  const local = isObject(span.localEndpoint) ? span.localEndpoint : {};
  const remote = isObject(span.remoteEndpoint) ? span.remoteEndpoint : {};
  const named = asText(remote.serviceName);
  const kind = KINDS.get(asText(span.kind).toUpperCase()) ?? (named ? SpanKind.CLIENT : SpanKind.UNSPECIFIED);
  const error = tag("error");
  const attributes: Attribute[] = tags.filter(([key]) => key !== "error" && key !== "otel.status_code");
  if (named) attributes.push(["peer.service", named]);
  const address = asText(remote.ipv4) || asText(remote.ipv6);
  if (address) attributes.push(["network.peer.address", address]);
  if (remote.port !== undefined) attributes.push(["network.peer.port", Number(remote.port)]);
  if (error) attributes.push(["error.type", error]);
  if (span.shared === true) attributes.push(["zipkin.shared", true]);
  if (span.debug === true) attributes.push(["zipkin.debug", true]);
  const startUs = asInteger(span.timestamp);
  const durationUs = asInteger(span.duration);
  // The presence of `error`, even empty, means that it failed.
  const failed = error !== undefined || tag("otel.status_code") === "ERROR";
  return {
    traceId: readId(asText(span.traceId), TRACE_DIGITS),
    spanId: readId(asText(span.id), 16),
    parentSpanId: readId(asText(span.parentId), 16),
    traceState: "",
    name: asText(span.name),
    kind,
    startNs: startUs * 1000n,
    endNs: durationUs > 0n ? (startUs + durationUs) * 1000n : 0n,
    attributes,
    events: asList(span.annotations).flatMap((annotation): SpanEvent[] =>
      isObject(annotation)
        ? [{ timeNs: asInteger(annotation.timestamp) * 1000n, name: asText(annotation.value), attributes: [] }]
        : [],
    ),
    links: [],
    status: { code: failed ? StatusCode.ERROR : StatusCode.UNSET, message: error ?? "" },
    resource: resourceOf(local, resources),
    scope: SCOPE,
  };
}

function resourceOf(local: JsonObject, resources: Map<string, Resource>): Resource {
  const key = JSON.stringify([local.serviceName, local.ipv4, local.ipv6, local.port]);
  let resource = resources.get(key);
  if (!resource) {
    const attributes: Attribute[] = [];
    const name = asText(local.serviceName);
    if (name) attributes.push(["service.name", name]);
    const address = asText(local.ipv4) || asText(local.ipv6);
    if (address) attributes.push(["host.ip", address]);
    resource = { attributes };
    resources.set(key, resource);
  }
  return resource;
}

const readTags = (tags: unknown): Attribute[] =>
  isObject(tags) ? Object.entries(tags).map(([key, value]): Attribute => [key, asText(value)]) : [];

/** Ids are strict hex; 64-bit trace ids and shorter span ids are left-padded. "" when it is no id. */
function readId(text: string, digits: number): string {
  const padded = text.toLowerCase().padStart(digits, "0");
  return isStrictId(padded, digits) ? padded : "";
}
