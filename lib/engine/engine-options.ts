import { REDACTED_KEYS } from "../ingest/otlp/sensitive-keys";

const DAY_MS = 86_400_000;

export interface EngineOptions {
  /** Ids held in memory for linking: spans, and ids that others name. */
  readonly memorySpans: number;
  /** Traces remembered at least of spans that have left memory: four bytes each, twice. A power of two. */
  readonly lostTraces: number;
  /** A span whose parent was not seen for this long is looked up in the store. */
  readonly settleMs: number;
  /** Spans are kept this long after arrival, and as many of the newest as fit so many bytes. */
  readonly retainSpansMs: number;
  readonly retainSpansBytes: number;
  /** Calls per minute are kept this long and then added up to hours, which are kept this long. */
  readonly retainMinutesMs: number;
  readonly retainHoursMs: number;
  /** Attribute keys whose values are overwritten before anything is kept of them; none for keeping all. */
  readonly redactKeys: readonly string[];
  /** Saboteur switches for tests: each breaks one promise on purpose. */
  readonly sabotage?: {
    readonly ackBeforeCommit?: boolean;
    readonly noDedupe?: boolean;
    /** Pairs only what meets in memory: never looks into the store. */
    readonly memoryOnly?: boolean;
    /** The store never gets past its COMMIT. */
    readonly blockCommit?: boolean;
    /** The engine's thread ends upon the first request that it refuses. */
    readonly dieOnRefusal?: boolean;
    /** Counts nothing in a minute that waits for being derived again. */
    readonly frozenMinutes?: boolean;
    /** Does not tell that a look-up in the store changed counts. */
    readonly silentLookUps?: boolean;
  };
}

export const ENGINE_DEFAULTS: EngineOptions = {
  memorySpans: 600_000,
  lostTraces: 1 << 21,
  settleMs: 10_000,
  retainSpansMs: DAY_MS,
  retainSpansBytes: 10 * 2 ** 30,
  retainMinutesMs: 7 * DAY_MS,
  retainHoursMs: 400 * DAY_MS,
  redactKeys: REDACTED_KEYS,
};

export interface EnginePorts {
  /** Unix milliseconds. */
  now(): number;
  /** Lets other work have its turn. */
  pause(): Promise<void>;
  /** Told after every change of the answers; must not throw. */
  changed?(version: number): void;
  /** Told when the store failed and the engine stops taking spans. */
  failed?(error: unknown): void;
}
