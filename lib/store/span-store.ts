// What the engine needs of a store. One implementation per folder in drivers/. The stored spans are the truth; calls per minute
// are derived from them and can be made again at any time.

import type { CallSums } from "../derive/call-sums";
import type { CallTable, Measure } from "../derive/call-table";
import type { EdgeKey } from "../derive/edge-book";
import type { DirectoryEntries } from "../domain/directory";
import type { SpanColumns } from "../domain/span-columns";
import type { StoreError } from "./store-error";

/** What goes into the store together or not at all. */
export interface Commit {
  /** Number of this commit, larger than every one before. */
  readonly batch: number;
  /** Unix milliseconds. */
  readonly receivedMs: number;
  readonly columns: SpanColumns;
  /** Rows of `columns` that are new. */
  readonly fresh: Int32Array;
  /** Rows of `columns` that tell something new about a span that is stored already. */
  readonly merged: Int32Array;
  /** Request bodies (gzip of OTLP protobuf), by the `body` column; only those that a stored row needs are kept. */
  readonly bodies: readonly Uint8Array[];
  /** Names that came with these spans. */
  readonly directory: DirectoryEntries;
}

/** What a store knows when it is opened. */
export interface Stored {
  readonly directory: DirectoryEntries;
  /** In the order of their ids. */
  readonly edges: readonly EdgeKey[];
  /** Number of the last commit, 0 when there is none. */
  readonly lastBatch: number;
  /** Unix milliseconds of the last commit; 0 when there is none. */
  readonly lastReceivedMs: number;
  readonly spans: number;
  /** Those of them that count where people see it: all but the product's own traces. */
  readonly counted: number;
  /** Commits after this one are not in the calls per minute. */
  readonly derivedBatch: number;
  /** Minutes whose calls are stored. */
  readonly minutes: readonly number[];
  /** Those of them whose spans are no longer all there: they cannot be derived again. */
  readonly thinned: readonly number[];
  /** Unix hours that stored minutes were added up to; their minutes are gone. */
  readonly hours: readonly number[];
  /** Arrival of the oldest span that counts, Unix milliseconds; null without any. */
  readonly oldestMs: number | null;
  /** Services whose clocks ran ahead of ours: the latest start they claimed, in Unix microseconds. */
  readonly ahead: readonly { readonly service: number; readonly startUs: number }[];
}

export interface SeriesPoint {
  /** The first minute, and how many: 1, or 60 where minutes became hours. */
  readonly minute: number;
  readonly minutes: number;
  readonly calls: number;
  readonly errors: number;
}

export interface EdgeHistory {
  readonly edge: number;
  readonly firstMinute: number;
  readonly lastMinute: number;
}

/** Asks for traces with a call between any of these pairs of services (node ids): the newest, at most `most`. */
export interface CallQuery {
  readonly pairs: readonly { readonly caller: number; readonly callee: number }[];
  readonly most: number;
}

export interface TracesFound {
  /** Four words each, the newest first. */
  readonly traces: readonly Int32Array[];
  /** There are more than were asked for. */
  readonly more: boolean;
}

/** Where it begins or ends within a stored hour it has to be widened by its asker: half an hour is not known. */
export interface MinuteRange {
  /** First minute, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Where a trace stands among others, which are listed newest first. */
export interface TracePlace {
  /** Start of its first span, Unix microseconds. */
  readonly startUs: number;
  /** Trace id, four words. */
  readonly trace: Int32Array;
}

/** What one span of a trace has to meet, all of it together. */
export interface SpanConditions {
  /** Starts in [fromUs, toUs), Unix microseconds. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Node ids of its service; null for any. */
  readonly services: readonly number[] | null;
  /** Node ids that its service is none of. */
  readonly exceptServices: readonly number[];
  /** Node ids, of which it is of a service or names a peer as its far side; null for any. */
  readonly of: { readonly services: readonly number[]; readonly peers: readonly number[] } | null;
  /** Dictionary ids of its name; null for any. */
  readonly operations: readonly number[] | null;
  /** Its duration, microseconds; spans of unknown duration meet neither. */
  readonly leastUs: number | null;
  readonly mostUs: number | null;
  /** Its outcome at least; 0 for any. */
  readonly outcome: number;
  /** Only of traces that stand behind this one. */
  readonly before: TracePlace | null;
}

/** A span that meets conditions, and where it is stored whole. */
export interface SpanPlace {
  readonly place: TracePlace;
  readonly body: number;
  readonly offset: number;
}

/** A trace in a few numbers. */
export interface TraceFacts {
  readonly place: TracePlace;
  /** Latest end of its spans, Unix microseconds. */
  readonly endUs: number;
  readonly spans: number;
  /** Spans whose outcome is at least the one asked for. */
  readonly failed: number;
  /** Node ids. */
  readonly services: readonly number[];
  /** Of its root; of its first span where no root was seen. */
  readonly rootService: number;
  readonly rootOperation: number;
}

export interface RetentionLimits {
  /** Spans that arrived before go, Unix milliseconds; and the oldest of the others above so many bytes of spans. */
  readonly arrivedBeforeMs: number;
  readonly spanBytes: number;
  /** Minutes saved before become hours, an hour at a time, Unix milliseconds. */
  readonly savedBeforeMs: number;
  /** Minutes that memory knows better: their hours wait. */
  readonly inMemory: readonly number[];
  /** Hours whose minutes were saved before go, Unix milliseconds. */
  readonly hoursBeforeMs: number;
}

/** What retention did, and what is there after it. */
export interface Retired {
  /** Spans that went, the product's own left out. */
  readonly spans: number;
  /** Some of them went because all together were too large. */
  readonly cutForSize: boolean;
  /** Minutes that became hours, and minutes that lost spans. */
  readonly minutes: readonly number[];
  readonly thinned: readonly number[];
  /** Every hour that is stored. */
  readonly hours: readonly number[];
  /** Arrival of the oldest span that counts, Unix milliseconds; null without any. */
  readonly oldestMs: number | null;
}

export interface StoreSize {
  readonly file: number;
  /** What was written since the file was written last. */
  readonly log: number;
}

export interface StoredTrace {
  readonly columns: SpanColumns;
  /** Bodies by the `body` column. */
  readonly bodies: ReadonlyMap<number, Uint8Array>;
}

export interface SpanStore {
  readonly name: string;
  /** Why nothing is answered any more until it is opened again; null while it works. */
  readonly dead: StoreError | null;
  /** What could not be read so far because it is damaged, a sentence each; the rest is answered. */
  readonly damaged: readonly string[];

  load(): Promise<Stored>;

  /**
   * Returns when everything is durable. Commits must not overlap.
   * @param appended called when only the COMMIT is left: from then on `commit` itself is not read any more.
   */
  commit(commit: Commit, appended?: () => void): Promise<void>;

  /**
   * Every stored span of these traces (four words each), with the spans of other traces that they are linked with, either
   * way. Looks at starts in [fromUs, toUs]. At most `limit` rows; null when there are more.
   */
  relatives(traces: readonly Int32Array[], fromUs: number, toUs: number, limit: number): Promise<SpanColumns | null>;

  /** Which of these rows are stored already, by their whole key. */
  known(columns: SpanColumns, rows: readonly number[]): Promise<Set<number>>;

  /** Minutes in which these traces (four words each), and those they are linked with, have spans. */
  minutesOf(traces: readonly Int32Array[]): Promise<number[]>;

  /**
   * Spans of every trace that has one starting in `minute`, with what they are linked with. The traces are told apart into
   * `slices` parts (a power of two) by the last bits of their ids, of which this is number `slice`. Spans of commits after
   * `upToBatch` are left out, so that several questions see the same state.
   */
  minuteSpans(minute: number, slice: number, slices: number, upToBatch: number): Promise<SpanColumns>;

  /** How many spans start in a minute. */
  countMinute(minute: number): Promise<number>;

  /** Minutes in which a trace with a span of a commit after `batch` has spans. */
  minutesTouchedAfter(batch: number): Promise<number[]>;

  /** Replaces the calls of these minutes; from here on everything up to commit `derivedBatch` is derived. */
  saveMinutes(save: {
    readonly tables: readonly CallTable[];
    readonly edges: readonly { readonly id: number; readonly key: EdgeKey }[];
    readonly directory: DirectoryEntries;
    readonly derivedBatch: number;
    /** Unix milliseconds: retention of minutes counts from here, not from when their spans say they were. */
    readonly savedMs: number;
  }): Promise<void>;

  /**
   * Stored calls of a range added up, minutes in `except` left out: by edge when `edges` is null, else of those edges and by
   * operation.
   */
  readCalls(range: MinuteRange, except: readonly number[], edges: readonly number[] | null): Promise<CallSums>;

  /** Calls of each group of edges together, minute by minute. */
  readSeries(
    range: MinuteRange,
    except: readonly number[],
    groups: readonly (readonly number[])[],
  ): Promise<SeriesPoint[][]>;

  /** Samples of one measure of these edges together, by (first) minute and latency bucket. */
  readBuckets(
    range: MinuteRange,
    except: readonly number[],
    edges: readonly number[],
    measure: Measure,
  ): Promise<Map<number, Map<number, number>>>;

  /** First and last minute in which each edge has stored calls, leaving out the minutes `except`. */
  history(except: readonly number[]): Promise<EdgeHistory[]>;

  trace(trace: Int32Array): Promise<StoredTrace>;

  /**
   * Traces with calls whose callee's side starts in [fromUs, toUs), one answer for each query in their order. Calls of which one
   * side was never seen are not found.
   */
  tracesWithCalls(queries: readonly CallQuery[], fromUs: number, toUs: number): Promise<TracesFound[]>;

  // Searches run beside everything else: neither commits nor other questions wait for them.

  /** Traces with a span that meets the conditions, newest first, at most `limit`. */
  findTraces(conditions: SpanConditions, limit: number): Promise<TracePlace[]>;

  /** The spans that meet the conditions, trace by trace in the same order, at most `limit`. */
  findSpans(conditions: SpanConditions, limit: number): Promise<SpanPlace[]>;

  /** How many spans start in [fromUs, toUs), those of some services (node ids) left out. */
  countSpans(fromUs: number, toUs: number, exceptServices: readonly number[]): Promise<number>;

  /** These bodies; what is not there any more is left out. */
  readBodies(ids: readonly number[]): Promise<Map<number, Uint8Array>>;

  /** What these traces are, in the order asked; `failed` counts outcomes from `outcome` on. */
  describeTraces(traces: readonly TracePlace[], outcome: number): Promise<TraceFacts[]>;

  /** Forgets what is over the limits, the oldest first; minutes become hours. Commits have their turn between its steps. */
  retire(limits: RetentionLimits): Promise<Retired>;

  /** Copies everything that is committed into a new file, which this driver opens as it is. Commits wait meanwhile. */
  backupTo(path: string): Promise<void>;

  /** Bytes on disk; 0 when the store has none. */
  size(): Promise<StoreSize>;

  /** @param orderly false where something failed: then no more is written, and what is on disk is the truth. */
  close(orderly?: boolean): Promise<void>;
}
