import { DIRECTORY_LIMITS, type DirectoryLimits } from "../domain/directory";
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
  /** Less free on the disk, and no spans are taken; null for 256 MiB or 5 % of the disk, whichever is more. */
  readonly minFreeBytes: number | null;
  /** Distinct names kept apart. */
  readonly names: DirectoryLimits;
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
    /** An error that nothing catches upon each request that is refused. */
    readonly throwOnRefusal?: boolean;
    /** Counts nothing in a minute that waits for being derived again. */
    readonly frozenMinutes?: boolean;
    /** Does not tell that a look-up in the store changed counts. */
    readonly silentLookUps?: boolean;
    /** A store that failed is not opened again. */
    readonly noRecovery?: boolean;
    /** Files that cannot be opened stay where they are, and keep the server from starting. */
    readonly noRescue?: boolean;
    /** Spans are taken until the disk has no room left. */
    readonly noDiskGuard?: boolean;
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
  minFreeBytes: null,
  names: DIRECTORY_LIMITS,
};

export interface EnginePorts {
  /** Unix milliseconds. */
  now(): number;
  /** Lets other work have its turn. */
  pause(): Promise<void>;
  /** False while the disk has no room even for what is kept beside spans; it is kept later. */
  mayWrite?(): boolean;
  /** Told after every change of the answers; must not throw. */
  changed?(version: number): void;
  /** Told once, when the store failed and the engine stops taking spans; must not throw. */
  failed?(error: unknown): void;
}
