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
import { asInteger, asList, asNumber, asText, isObject, type JsonObject } from "../json-value";
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
  // One look at each span, however many share an id: a file decides how many do.
  const owners = new Map<string, Span>();
  const firstStarts = new Map<string, bigint>();
  for (const span of spans) {
    if (span.startNs === 0n) continue;
    const parent = span.traceId + span.parentSpanId;
    const first = firstStarts.get(parent);
    if (first === undefined || span.startNs < first) firstStarts.set(parent, span.startNs);
    const service = serviceOf(span);
    if (service === undefined) continue;
    for (const key of [ownerKey(span), ownerKey(span, service)]) {
      const owner = owners.get(key);
      if (!owner || (owner.kind !== SpanKind.CLIENT && span.kind === SpanKind.CLIENT)) owners.set(key, span);
    }
  }
  const copies = new Map<Span, Span>();
  const added = new Map<Span, AddedTags>();
  const begun = new Map<Span, Span>();
  for (const span of spans) {
    const service = serviceOf(span);
    if (service !== undefined && span.startNs !== 0n) continue;
    const owner = owners.get(ownerKey(span, service));
    if (owner) {
      const tags = added.get(owner) ?? new AddedTags(owner);
      tags.add(span.attributes);
      added.set(owner, tags);
      copies.set(span, owner);
    } else if (span.startNs === 0n) {
      const startNs = firstStarts.get(span.traceId + span.spanId);
      if (startNs === undefined) continue;
      issues.add("no_start_time", () => `span ${span.spanId} of trace ${span.traceId}`);
      begun.set(span, { ...span, startNs });
    }
  }
  const written = new Set<Span>();
  return spans.map((span) => {
    const owner = copies.get(span) ?? span;
    const tags = added.get(owner);
    if (!tags) return begun.get(span) ?? span;
    if (written.has(owner)) return copyOf(owner);
    written.add(owner);
    return { ...owner, attributes: tags.all };
  });
}

/** Long names are cut there: a copy is only counted. */
const COPY_NAME = 200;

/** A span once more, to be told from the first by nothing and counted as its copy; what a file says once is not said again. */
const copyOf = (span: Span): Span => ({
  ...span,
  name: span.name.slice(0, COPY_NAME),
  attributes: [],
  events: [],
  status: { ...span.status, message: "" },
});

/** The tags of a whole span, and those that its parts add under other keys. */
class AddedTags {
  readonly all: Attribute[];
  private readonly known: Set<string>;

  constructor(owner: Span) {
    this.all = [...owner.attributes];
    this.known = new Set(owner.attributes.map(([key]) => key));
  }

  add(attributes: readonly Attribute[]): void {
    const fresh = attributes.filter(([key]) => !this.known.has(key));
    for (const attribute of fresh) {
      this.all.push(attribute);
      this.known.add(attribute[0]);
    }
  }
}

/** Of all spans of an id, or of those of one service. */
const ownerKey = ({ traceId, spanId }: Span, service?: AttributeValue): string =>
  service === undefined ? traceId + spanId : `${traceId}${spanId} ${String(service)}`;

const serviceOf = (span: Span): AttributeValue | undefined => attribute(span.resource.attributes, "service.name");

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
  const port = asNumber(remote.port);
  if (!Number.isNaN(port)) attributes.push(["network.peer.port", port]);
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
  const name = asText(local.serviceName);
  const address = asText(local.ipv4) || asText(local.ipv6);
  const key = JSON.stringify([name, address, asText(local.port)]);
  let resource = resources.get(key);
  if (!resource) {
    const attributes: Attribute[] = [];
    if (name) attributes.push(["service.name", name]);
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
