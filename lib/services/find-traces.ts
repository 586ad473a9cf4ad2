// A search for traces as URLs ask it and as the API answers it.
import type { FoundTraces } from "../contract/trace";
import { DomainError } from "../domain/errors";
import { hexOfWords, isStrictId, wordsOfHex } from "../domain/ids";
import { readWindow } from "../domain/window";
import type { FoundTraces as EngineAnswer, TraceSearch } from "../engine/trace-search";
import type { MappedTraces } from "../engine/traces-graph";
import { readTraceId } from "./trace-id";

const DEFAULT_LIMIT = 100;
const MOST_LIMIT = 500;
const MOST_TEXT = 4096;
const MOST_MS = 1e12;
const MS_PER_MINUTE = 60_000;

/** @throws DomainError invalid_parameter, naming which. */
export function readTraceSearch(params: URLSearchParams, nowMs: number): TraceSearch {
  const minMs = milliseconds(params, "minMs");
  const maxMs = milliseconds(params, "maxMs");
  if (minMs !== null && maxMs !== null && minMs > maxMs) throw wrong("maxMs", `is below minMs (${minMs})`);
  return {
    ...readWindow(params, nowMs),
    environment: text(params, "env"),
    service: text(params, "service") || null,
    operation: text(params, "operation") || null,
    minMs,
    maxMs,
    failed: flag(params, "error"),
    attribute: attribute(params),
    limit: limit(params),
    before: place(params),
  };
}

const CONDITIONS = ["service", "operation", "minMs", "maxMs", "error", "attribute"];

/**
 * The traces that a map is made of: those that a search finds, or one by its id.
 * @throws DomainError invalid_parameter, naming which.
 */
export function readMappedTraces(params: URLSearchParams, nowMs: number): MappedTraces {
  const id = params.get("trace") || null;
  const beside = CONDITIONS.find((name) => params.get(name));
  if (id !== null && beside) throw wrong("trace", `cannot stand beside ${beside}: an id names one trace`);
  return { ...readTraceSearch(params, nowMs), trace: id === null ? null : readTraceId(id, "trace") };
}

/** One page of what was found. */
export function toFoundTraces(search: TraceSearch, found: EngineAnswer): FoundTraces {
  return {
    traces: found.traces.map(({ startUs, durationUs, services, ...trace }) => ({
      ...trace,
      services: [...services],
      startUnixNano: `${startUs}000`,
      durationMs: durationUs / 1000,
    })),
    more: found.next !== null,
    next: found.next && `${found.next.startUs}-${hexOfWords(found.next.trace, 0, 4)}`,
    searched: found.searched,
    window: { from: time(search.fromMinute), to: time(search.toMinute) },
  };
}

const time = (minute: number): string => new Date(minute * MS_PER_MINUTE).toISOString();

const wrong = (parameter: string, message: string): DomainError =>
  new DomainError("invalid_parameter", `${parameter} ${message}`, { parameter });

function text(params: URLSearchParams, name: string): string | null {
  const value = params.get(name);
  if (value !== null && value.length > MOST_TEXT) throw wrong(name, `is longer than ${MOST_TEXT} characters`);
  return value;
}

function milliseconds(params: URLSearchParams, name: string): number | null {
  const value = params.get(name);
  if (value === null || value === "") return null;
  const ms = /^\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(ms) || ms > MOST_MS)
    throw wrong(name, `must be milliseconds, such as 250; got ${value.slice(0, 40)}`);
  return ms;
}

function flag(params: URLSearchParams, name: string): boolean {
  const value = params.get(name) ?? "false";
  if (value !== "true" && value !== "false") throw wrong(name, `must be true or false; got ${value.slice(0, 40)}`);
  return value === "true";
}

/** The first `=` ends the key: values may hold more of them. */
function attribute(params: URLSearchParams): TraceSearch["attribute"] {
  const value = text(params, "attribute");
  if (value === null || value === "") return null;
  const at = value.indexOf("=");
  if (at < 1 || at === value.length - 1)
    throw wrong("attribute", `must be key=value, such as http.route=/pay; got ${value.slice(0, 40)}`);
  return { key: value.slice(0, at).trim(), value: value.slice(at + 1).trim() };
}

function limit(params: URLSearchParams): number {
  const value = params.get("limit");
  if (value === null) return DEFAULT_LIMIT;
  const count = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > MOST_LIMIT) throw wrong("limit", `must be 1 to ${MOST_LIMIT}; got ${value.slice(0, 40)}`);
  return count;
}

function place(params: URLSearchParams): TraceSearch["before"] {
  const value = params.get("before");
  if (value === null || value === "") return null;
  const [, startUs, hex] = /^(\d{1,16})-([0-9a-f]{32})$/.exec(value) ?? [];
  if (!startUs || !hex || !isStrictId(hex, 32) || !Number.isSafeInteger(Number(startUs)))
    throw wrong("before", `must be \`next\` of an earlier answer; got ${value.slice(0, 60)}`);
  const words = new Uint32Array(4);
  wordsOfHex(hex, words, 0, 4);
  return { startUs: Number(startUs), trace: new Int32Array(words.buffer) };
}
