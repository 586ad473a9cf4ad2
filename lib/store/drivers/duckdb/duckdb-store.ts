// The embedded store: one DuckDB file. Appends are typed-array chunks inside one transaction per commit; reads run on
// connections of their own beside it. What each question and each write does stands in a file of its own beside this one.

import { stat } from "node:fs/promises";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { CallSums } from "../../../derive/call-sums";
import type { Measure } from "../../../derive/call-table";
import { Serial } from "../../../domain/serial";
import type { SpanColumns } from "../../../domain/span-columns";
import type {
  Commit,
  EdgeHistory,
  MinuteRange,
  RetentionLimits,
  Retired,
  SeriesPoint,
  SpanConditions,
  SpanPlace,
  SpanStore,
  Stored,
  StoredTrace,
  StoreSize,
  TraceFacts,
  TracePlace,
} from "../../span-store";
import { StoreError } from "../../store-error";
import { backUp, copyFileApart } from "./backup";
import { BodyTables } from "./body-tables";
import { appendDirectory } from "./directory-rows";
import { tracesWithCalls } from "./find-calls";
import { countSpans, describeTraces, findSpans, findTraces } from "./find-traces";
import { loadStored } from "./load";
import { type DuckDbOptions, openDuckDb } from "./open";
import { readBuckets, readCalls, readHistory, readSeries } from "./read-calls";
import {
  findKnown,
  minutesOf,
  minutesTouchedAfter,
  prepareReader,
  readMinute,
  readRelatives,
  readTrace,
} from "./related-spans";
import { retire } from "./retire";
import { MINUTE_TABLES, US_PER_MINUTE } from "./schema";
import { insertRows } from "./values";
import { CallWriter } from "./write-calls";
import { SpanWriter } from "./write-spans";

export async function openDuckDbStore(options: DuckDbOptions): Promise<SpanStore> {
  const instance = await openDuckDb(options);
  const writer = await instance.connect();
  const [reader, searcher] = [await instance.connect(), await instance.connect()];
  await prepareReader(reader);
  const bodies = await BodyTables.open(writer, options.bodyTableBytes);
  const [spans, calls] = [await SpanWriter.open(writer, bodies), await CallWriter.open(writer)];
  return new DuckDbStore(options, instance, writer, reader, searcher, bodies, spans, calls);
}

/** Bytes of the write-ahead log above which it is folded into the file: rarer takes less in all, and longer at a start. */
const FOLD_BYTES = 128 << 20;

const sizeOf = (file: string): Promise<number> =>
  stat(/* turbopackIgnore: true */ file).then(
    ({ size }) => size,
    () => 0,
  );

class DuckDbStore implements SpanStore {
  readonly name = "duckdb";
  private folding: Promise<void> | null = null;
  private foldAt = FOLD_BYTES;
  private readonly writes = new Serial();
  private readonly reads = new Serial();
  private readonly searches = new Serial();

  constructor(
    private readonly options: DuckDbOptions,
    private readonly instance: DuckDBInstance,
    private readonly writer: DuckDBConnection,
    private readonly reader: DuckDBConnection,
    private readonly searcher: DuckDBConnection,
    private readonly bodies: BodyTables,
    private readonly spans: SpanWriter,
    private readonly calls: CallWriter,
  ) {}

  async commit(commit: Commit, appended?: () => void): Promise<void> {
    await this.write("commit", () =>
      this.transaction(async () => {
        await appendDirectory(this.writer, commit.directory);
        await this.spans.write(commit);
      }, appended),
    );
    this.folding ??= this.foldLog().finally(() => {
      this.folding = null;
    });
  }

  /**
   * Folds the write-ahead log into the file once it is large. Not in a COMMIT, which whoever sent the spans waits for: it takes
   * as long as many of those. Where it fails it is tried again once the log has grown as much again; a log of LARGEST_LOG is
   * folded in a COMMIT, which fails with it.
   */
  private async foldLog(): Promise<void> {
    if ((await sizeOf(`${this.options.path}.wal`)) < this.foldAt) return;
    try {
      await this.write("checkpoint", () => this.writer.run("CHECKPOINT"));
      this.foldAt = FOLD_BYTES;
    } catch {
      this.foldAt += FOLD_BYTES; // the log stays, and with it everything
    }
  }

  saveMinutes({
    tables,
    edges,
    directory,
    derivedBatch,
    savedMs,
  }: Parameters<SpanStore["saveMinutes"]>[0]): Promise<void> {
    return this.write("saving calls", () =>
      this.transaction(async () => {
        await appendDirectory(this.writer, directory);
        await insertRows(
          this.writer,
          "edges",
          edges.map(({ id, key }) => [id, key.caller, key.callee, key.via, key.kind]),
        );
        if (tables.length > 0) {
          const minutes = tables.map(({ minute }) => minute).join(", ");
          for (const name of MINUTE_TABLES) await this.writer.run(`DELETE FROM ${name} WHERE minute IN (${minutes})`);
        }
        await insertRows(
          this.writer,
          "minutes",
          tables.map(({ minute }) => [minute, BigInt(savedMs), false]),
        );
        this.calls.write(tables);
        await this.writer.run("INSERT OR REPLACE INTO facts VALUES ('derived_batch', ?)", [BigInt(derivedBatch)]);
      }),
    );
  }

  retire(limits: RetentionLimits): Promise<Retired> {
    const { writer, reader, bodies } = this;
    return this.named("retention", () =>
      retire(
        {
          bodies,
          step: (work) => this.writes.run(() => this.transaction(() => work(writer))),
          read: (question) => this.reads.run(() => question(reader)),
          fold: () => this.writes.run(async () => void (await writer.run("CHECKPOINT"))),
          logBytes: () => sizeOf(`${this.options.path}.wal`),
        },
        limits,
      ),
    );
  }

  load(): Promise<Stored> {
    return this.read("load", () => loadStored(this.reader));
  }

  relatives(...asked: Parameters<SpanStore["relatives"]>): Promise<SpanColumns | null> {
    return this.read("looking up relatives", () => readRelatives(this.reader, ...asked));
  }

  known(columns: SpanColumns, rows: readonly number[]): Promise<Set<number>> {
    return this.read("looking for duplicates", () => findKnown(this.reader, columns, rows));
  }

  minutesOf(traces: readonly Int32Array[]): Promise<number[]> {
    return this.read("finding minutes of traces", () => minutesOf(this.reader, traces));
  }

  minuteSpans(...asked: Parameters<SpanStore["minuteSpans"]>): Promise<SpanColumns> {
    return this.read("reading a minute", () => readMinute(this.reader, ...asked));
  }

  countMinute(minute: number): Promise<number> {
    const from = minute * US_PER_MINUTE;
    return this.read("counting a minute", () => countSpans(this.reader, from, from + US_PER_MINUTE));
  }

  minutesTouchedAfter(batch: number): Promise<number[]> {
    return this.read("finding touched minutes", () => minutesTouchedAfter(this.reader, batch));
  }

  readCalls(range: MinuteRange, except: readonly number[], edges: readonly number[] | null): Promise<CallSums> {
    return this.read("reading calls", () => readCalls(this.reader, range, except, edges));
  }

  readSeries(
    range: MinuteRange,
    except: readonly number[],
    groups: readonly (readonly number[])[],
  ): Promise<SeriesPoint[][]> {
    return this.read("reading a series", () => readSeries(this.reader, range, except, groups));
  }

  readBuckets(
    range: MinuteRange,
    except: readonly number[],
    edges: readonly number[],
    measure: Measure,
  ): Promise<Map<number, Map<number, number>>> {
    return this.read("reading a series of latency", () => readBuckets(this.reader, range, except, edges, measure));
  }

  history(except: readonly number[]): Promise<EdgeHistory[]> {
    return this.read("reading the history of edges", () => readHistory(this.reader, except));
  }

  trace(trace: Int32Array): Promise<StoredTrace> {
    return this.read("reading a trace", () => readTrace(this.reader, this.bodies, trace));
  }

  tracesWithCalls(...asked: Parameters<SpanStore["tracesWithCalls"]>): ReturnType<SpanStore["tracesWithCalls"]> {
    return this.read("finding traces of calls", () => tracesWithCalls(this.reader, ...asked));
  }

  findTraces(conditions: SpanConditions, limit: number): Promise<TracePlace[]> {
    return this.search("looking for traces", () => findTraces(this.searcher, conditions, limit));
  }

  findSpans(conditions: SpanConditions, limit: number): Promise<SpanPlace[]> {
    return this.search("looking for spans", () => findSpans(this.searcher, conditions, limit));
  }

  countSpans(...asked: Parameters<SpanStore["countSpans"]>): Promise<number> {
    return this.search("counting spans", () => countSpans(this.searcher, ...asked));
  }

  readBodies(ids: readonly number[]): Promise<Map<number, Uint8Array>> {
    return this.search("reading bodies", () => this.bodies.read(this.searcher, ids));
  }

  describeTraces(traces: readonly TracePlace[], outcome: number): Promise<TraceFacts[]> {
    return this.search("reading traces", () => describeTraces(this.searcher, traces, outcome));
  }

  backupTo(path: string): Promise<void> {
    if (this.options.looseBackup) return this.named("backup", () => copyFileApart(this.options.path, path));
    return this.write("backup", () => backUp(this.writer, this.options.path, path));
  }

  async size(): Promise<StoreSize> {
    return { file: await sizeOf(this.options.path), log: await sizeOf(`${this.options.path}.wal`) };
  }

  async close(): Promise<void> {
    await this.folding;
    await this.writes.idle();
    await this.reads.idle();
    await this.searches.idle();
    this.spans.close();
    this.calls.close();
    if (this.options.path !== ":memory:") await this.writer.run("CHECKPOINT").catch(() => {});
    this.searcher.closeSync();
    this.reader.closeSync();
    this.writer.closeSync();
    this.instance.closeSync();
  }

  private async transaction<T>(work: () => Promise<T>, done?: () => void): Promise<T> {
    await this.writer.run("BEGIN");
    try {
      const result = await work();
      done?.();
      if (this.options.blockCommit) await new Promise(() => {});
      await this.writer.run("COMMIT");
      return result;
    } catch (error) {
      await this.writer.run("ROLLBACK").catch(() => {});
      throw error;
    }
  }

  private write<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.writes.run(() => this.named(operation, task));
  }

  private read<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.reads.run(() => this.named(operation, task));
  }

  private search<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.searches.run(() => this.named(operation, task));
  }

  private async named<T>(operation: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      throw new StoreError(this.name, operation, { cause });
    }
  }
}
