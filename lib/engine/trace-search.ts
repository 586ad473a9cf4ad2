// Finds traces by what one of their spans is: the store compares columns, attributes are read from the stored bodies, newest
// first and for a limited time. The answer says how far it looked.
import { canonicalId, type DeclaredNames } from "../domain/declared-names";
import type { Directory } from "../domain/directory";
import { hexOfWords } from "../domain/ids";
import { CANARY_ENVIRONMENT } from "../domain/node";
import { Outcome } from "../domain/outcome";
import { type Attribute, textAttribute } from "../domain/span";
import { readSpansAt } from "../ingest/otlp/read-span";
import type { SpanConditions, SpanPlace, SpanStore, TracePlace } from "../store/span-store";
import { inflate } from "./inflate";

/** How long attributes are read for one answer, and how many spans at most. */
const READING_MS = 2000;
const MOST_READ = 200_000;
/** Spans of which the attributes are read together: a body that holds many of them is inflated once. */
const TOGETHER = 4096;
const BODIES_TOGETHER = 16;
const US_PER_MINUTE = 60_000_000;
/** What is stored was checked when it came in. */
const MOST_BODY = 1 << 30;

export interface TraceSearch {
  /** [from, to) in Unix minutes. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** null for all. */
  readonly environment: string | null;
  /** Node id; for what sends no spans itself, spans that name it. null for any. */
  readonly service: string | null;
  /** Name of the span; null for any. */
  readonly operation: string | null;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly failed: boolean;
  /** Of the span or its resource; null for any. */
  readonly attribute: { readonly key: string; readonly value: string } | null;
  readonly limit: number;
  readonly before: TracePlace | null;
}

export interface FoundTraces {
  /** Newest first. */
  readonly traces: readonly {
    readonly traceId: string;
    readonly startUs: number;
    readonly durationUs: number;
    readonly rootService: string;
    readonly rootName: string;
    readonly spans: number;
    readonly services: readonly string[];
    readonly errors: number;
  }[];
  /** Where to go on; null when there is nothing more. */
  readonly next: TracePlace | null;
  /** Spans looked at; whether that was all it takes to answer. */
  readonly searched: { readonly spans: number; readonly complete: boolean };
}

export interface SearchPorts {
  now(): number;
  pause(): Promise<void>;
}

interface Found {
  readonly places: readonly TracePlace[];
  readonly next: TracePlace | null;
  readonly searched: FoundTraces["searched"];
}

export async function searchTraces(
  store: SpanStore,
  directory: Directory,
  names: DeclaredNames,
  ports: SearchPorts,
  search: TraceSearch,
): Promise<FoundTraces> {
  const conditions = conditionsOf(directory, names, search);
  const found = search.attribute
    ? await byAttribute(store, ports, conditions, search.attribute, search.limit)
    : await byColumns(store, conditions, search.limit);
  const facts = await store.describeTraces(found.places, Outcome.FAILED);
  return {
    traces: facts.map(({ place, endUs, spans, failed, services, rootService, rootOperation }) => ({
      traceId: hexOfWords(place.trace, 0, 4),
      startUs: place.startUs,
      durationUs: endUs - place.startUs,
      rootService: directory.node(rootService).id,
      rootName: directory.operation(rootOperation),
      spans,
      services: [...new Set(services.map((id) => directory.node(id).id))].sort(),
      errors: failed,
    })),
    next: found.next,
    searched: found.searched,
  };
}

async function byColumns(store: SpanStore, conditions: SpanConditions, limit: number): Promise<Found> {
  const places = await store.findTraces(conditions, limit + 1);
  const more = places.length > limit;
  const spans = await store.countSpans(conditions.fromUs, conditions.toUs, conditions.exceptServices);
  return {
    places: places.slice(0, limit),
    next: more ? places[limit - 1]! : null,
    searched: { spans, complete: true },
  };
}

async function byAttribute(
  store: SpanStore,
  ports: SearchPorts,
  conditions: SpanConditions,
  wanted: { readonly key: string; readonly value: string },
  limit: number,
): Promise<Found> {
  const started = ports.now();
  const candidates = await store.findSpans(conditions, MOST_READ);
  const found = new Map<string, TracePlace>();
  let at = 0;
  while (at < candidates.length && found.size <= limit && (at === 0 || ports.now() - started < READING_MS)) {
    const end = endOfTrace(candidates, at + TOGETHER);
    const part = candidates.slice(at, end);
    for (const index of await matching(store, ports, part, wanted)) {
      const { place } = part[index]!;
      found.set(hexOfWords(place.trace, 0, 4), place);
    }
    at = end;
  }
  const places = [...found.values()];
  const looked = at === candidates.length && candidates.length < MOST_READ;
  // A page that is full goes on behind its last trace; one that ran out of time, behind the last that it looked into.
  const next = places.length > limit ? places[limit - 1]! : looked || at === 0 ? null : candidates[at - 1]!.place;
  return {
    places: places.slice(0, limit),
    next,
    searched: { spans: at, complete: looked || places.length > limit },
  };
}

/** The first index from `at` on at which another trace begins. */
function endOfTrace(candidates: readonly SpanPlace[], at: number): number {
  if (at >= candidates.length) return candidates.length;
  const { place } = candidates[at - 1]!;
  let end = at;
  while (end < candidates.length && candidates[end]!.place.trace.every((word, i) => word === place.trace[i])) end++;
  return end;
}

/** Which of these spans have the attribute, in their order. */
async function matching(
  store: SpanStore,
  ports: SearchPorts,
  spans: readonly SpanPlace[],
  { key, value }: { readonly key: string; readonly value: string },
): Promise<number[]> {
  const wanted = new Map<number, Map<number, number>>();
  for (const [index, { body, offset }] of spans.entries()) {
    const offsets = wanted.get(body) ?? new Map<number, number>();
    wanted.set(body, offsets.set(offset, index));
  }
  // Text stands in a body as it is; numbers and booleans do not.
  const texts = [key, ...(isText(value) ? [value] : [])].map((text) => Buffer.from(text));
  const ids = [...wanted.keys()];
  const found: number[] = [];
  for (let at = 0; at < ids.length; at += BODIES_TOGETHER) {
    for (const [id, compressed] of await store.readBodies(ids.slice(at, at + BODIES_TOGETHER))) {
      await ports.pause();
      const bytes = inflate(compressed, "gzip", MOST_BODY);
      const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (texts.some((text) => !raw.includes(text))) continue;
      const offsets = wanted.get(id)!;
      for (const [offset, span] of readSpansAt(bytes, new Set(offsets.keys()))) {
        if (has(span.attributes, key, value) || has(span.resource.attributes, key, value))
          found.push(offsets.get(offset)!);
      }
    }
  }
  return found.sort((a, b) => a - b);
}

const has = (list: readonly Attribute[], key: string, value: string): boolean => textAttribute(list, key) === value;

const isText = (value: string): boolean =>
  Number.isNaN(Number(value)) && !["NaN", "true", "false"].includes(value) && value !== "";

function conditionsOf(directory: Directory, names: DeclaredNames, search: TraceSearch): SpanConditions {
  const { environment, operation } = search;
  const wanted = search.service === null ? null : canonicalId(names, search.service);
  const environments = new Set<string>();
  const senders: number[] = [];
  const canary: number[] = [];
  const of = { services: [] as number[], peers: [] as number[] };
  for (let id = 1; id < directory.nodeCount; id++) {
    const node = directory.node(id);
    const sends = node.kind === "service";
    if (node.environment === CANARY_ENVIRONMENT && environment !== CANARY_ENVIRONMENT) {
      if (sends) canary.push(id);
      continue;
    }
    environments.add(node.environment);
    if (environment !== null && node.environment !== environment) continue;
    if (sends) senders.push(id);
    if (canonicalId(names, node.id) === wanted) (sends ? of.services : of.peers).push(id);
  }
  const all = environment === null || (environments.size === 1 && environments.has(environment));
  return {
    fromUs: search.fromMinute * US_PER_MINUTE,
    toUs: search.toMinute * US_PER_MINUTE,
    services: all ? null : senders,
    exceptServices: canary,
    of: wanted === null ? null : of,
    operations: operation === null ? null : operationsNamed(directory, operation),
    leastUs: search.minMs === null ? null : Math.ceil(search.minMs * 1000),
    mostUs: search.maxMs === null ? null : Math.floor(search.maxMs * 1000),
    outcome: search.failed ? Outcome.FAILED : Outcome.OK,
    before: search.before,
  };
}

/** Several, because names are told apart by their bytes. */
function operationsNamed(directory: Directory, name: string): number[] {
  const ids: number[] = [];
  for (let id = 0; id < directory.operationCount; id++) if (directory.operation(id) === name) ids.push(id);
  return ids;
}
