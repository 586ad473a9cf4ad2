// The embedded store: one DuckDB file. Appends are typed-array chunks inside one transaction per commit; reads run on
// connections of their own beside it. What each question and each write does stands in a file of its own beside this one.

import { stat, statfs } from "node:fs/promises";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { CallSums } from "../../../derive/call-sums";
import type { Measure } from "../../../derive/call-table";
import { DomainError } from "../../../domain/errors";
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
import { StoreError, unlessDamaged } from "../../store-error";
import { copyFileApart } from "./backup";
import { BodyTables } from "./body-tables";
import { appendDirectory } from "./directory-rows";
import { faultOf } from "./faults";
import { tracesWithCalls } from "./find-calls";
import { countSpans, describeTraces, findSpans, findTraces } from "./find-traces";
import { letGo } from "./held";
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
  await letGo(options.path);
  const instance = await openDuckDb(options);
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    return connection;
  };
  try {
    const [writer, reader, searcher] = [await connect(), await connect(), await connect()];
    await prepareReader(reader);
    const bodies = await BodyTables.open(writer, options.bodyTableBytes);
    const [spans, calls] = [await SpanWriter.open(writer, bodies), await CallWriter.open(writer)];
    return new DuckDbStore(options, instance, writer, reader, searcher, bodies, spans, calls);
  } catch (error) {
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
    throw error;
  }
}

/** What folding the log may take on the disk besides the log's own size: row groups that are written anew. */
const FOLD_ROOM = 64 << 20;
/** Kinds of damage that are told apart; more say nothing new. */
const MOST_DAMAGE = 8;

/** Bytes of the write-ahead log above which it is folded into the file: rarer takes less in all, and longer at a start. */
const FOLD_BYTES = 128 << 20;

const sizeOf = (file: string): Promise<number> =>
  stat(/* turbopackIgnore: true */ file).then(
    ({ size }) => size,
    () => 0,
  );

class DuckDbStore implements SpanStore {
  readonly name = "duckdb";
  dead: StoreError | null = null;
  private readonly damage = new Set<string>();
  private closed = false;
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

  get damaged(): readonly string[] {
    return [...this.damage];
  }

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
   * folded in a COMMIT, which fails with it. Without room for it nothing is tried: a fold that fails is the end of the instance.
   */
  private async foldLog(): Promise<void> {
    if ((await this.logBytes()) < this.foldAt) return;
    const folded = await this.write("checkpoint", () => this.fold()).catch(() => false);
    this.foldAt = folded ? FOLD_BYTES : this.foldAt + FOLD_BYTES; // the log stays, and with it everything
  }

  /** False where the disk has no room for it. */
  private async fold(): Promise<boolean> {
    if (this.options.path !== ":memory:") {
      const { bavail, bsize } = await statfs(/* turbopackIgnore: true */ this.options.path);
      if (bavail * bsize < (await this.logBytes()) + FOLD_ROOM) return false;
    }
    await this.writer.run("CHECKPOINT");
    return true;
  }

  private logBytes(): Promise<number> {
    return sizeOf(`${this.options.path}.wal`);
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
          fold: () => this.writes.run(async () => void (await this.fold())),
          logBytes: () => this.logBytes(),
        },
        limits,
      ),
    );
  }

  load(): Promise<Stored> {
    return this.read("load", () =>
      loadStored(this.reader, (question, otherwise) => this.named("load", question).catch(unlessDamaged(otherwise))),
    );
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
    return this.write("backup", async () => {
      // From here on the file alone holds everything, and only another write changes it.
      if (!(await this.fold()))
        throw new DomainError("unavailable", "The disk of the data folder has no room for a backup.");
      await copyFileApart(this.options.path, path);
    });
  }

  async size(): Promise<StoreSize> {
    return { file: await sizeOf(this.options.path), log: await sizeOf(`${this.options.path}.wal`) };
  }

  async close(orderly = true): Promise<void> {
    await this.folding;
    this.closed = true; // nothing new begins while what is under way ends
    await this.writes.idle();
    await this.reads.idle();
    await this.searches.idle();
    if (orderly && !this.dead && this.options.path !== ":memory:") await this.fold().catch(() => false);
    // Appenders end with their connection: closed by themselves they would write what a commit that failed left in them.
    for (const connection of [this.searcher, this.reader, this.writer]) connection.closeSync();
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
    return this.writes.run(() => this.named(operation, task, true));
  }

  private read<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.reads.run(() => this.named(operation, task));
  }

  private search<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.searches.run(() => this.named(operation, task));
  }

  private async named<T>(operation: string, task: () => Promise<T>, writing = false): Promise<T> {
    try {
      if (this.closed) throw new Error("the store was closed");
      return await task();
    } catch (cause) {
      if (cause instanceof StoreError || cause instanceof DomainError) throw cause;
      const fault = this.closed ? "dead" : faultOf(cause, writing);
      const error = new StoreError(this.name, operation, { cause }, fault);
      if (error.fault === "dead" || error.fault === "ruined") this.dead ??= error;
      else if (error.fault === "damaged" && this.damage.size < MOST_DAMAGE) this.damage.add(error.message);
      throw error;
    }
  }
}
