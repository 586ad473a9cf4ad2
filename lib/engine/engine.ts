// The heart of the server: takes request bodies, makes spans durable, counts calls. Runs in one worker thread, which alone
// owns the store. A plain class with ports, so that tests run it without a thread.
//
// One commit: take the oldest batch; bring back from the store what late spans may be related to; count new spans and drop
// copies; append and COMMIT; only then answer. Requests that arrive meanwhile fill the next batch, so batches are as large as
// the load makes them, and a lone request is committed at once. Under load the next full batch is counted during a COMMIT.
import type { Cycles } from "../contract/cycles";
import type { EdgeDetail, Graph, NodeDetail, Perspective } from "../contract/graph";
import { EdgeBook } from "../derive/edge-book";
import { Added, Linker, minuteOf } from "../derive/linker";
import { type DeclaredNames, NO_NAMES } from "../domain/declared-names";
import { Directory } from "../domain/directory";
import { DomainError } from "../domain/errors";
import { type IssueCode, Issues } from "../domain/issue";
import { Serial } from "../domain/serial";
import type { Span } from "../domain/span";
import { ID_WORDS, type SpanColumns } from "../domain/span-columns";
import { readOtlpJson } from "../ingest/formats/otlp-json";
import { ColumnDecoder, type TimeRange } from "../ingest/otlp/decode-columns";
import { encodeSpans } from "../ingest/otlp/encode";
import { readText } from "../ingest/utf8";
import type { Commit, SpanStore, Stored } from "../store/span-store";
import { Answers, type GraphRequest } from "./answers";
import { BatchQueue } from "./batch-queue";
import { deflateForStore } from "./inflate";
import type { IngestBatch } from "./ingest-batch";
import { distinctTraces, LateSpans, traceKey } from "./late-spans";
import { MinuteBook } from "./minute-book";
import { rederiveMinute } from "./rederive";
import { SourceBook } from "./source-book";
import { type FoundTraces, searchTraces, type TraceSearch } from "./trace-search";
import { graphOfTraces, type MappedTraces, type TracesGraph } from "./traces-graph";

const US_PER_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Live doors take starts from 2000 on, up to a day ahead; files anything from 1970 to 2262. */
const LIVE_EARLIEST_US = Date.UTC(2000, 0, 1) * US_PER_MS;
const FILE_LATEST_US = Date.UTC(2262, 0, 1) * US_PER_MS;
/** How far apart in time relatives of a late span are looked for: as long as spans are kept. */
const RELATIVES_US = DAY_MS * US_PER_MS;
/** Minutes that stay in memory after their time, and how many at most. */
const KEEP_MINUTES = 3;
const MOST_MINUTES = 64;
/** How often what is over its age is looked for, and what is over its size. */
const RETIRE_MS = 10 * MINUTE_MS;
const SIZE_MS = 20_000;
/** Commits noted one by one while they are not derived; what more there are is derived with the last. */
const MOST_MARKS = 4096;
/** Traces looked up with one question. */
const TRACES_AT_ONCE = 2000;

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
};

export const DOORS = ["otlp-http", "otlp-grpc", "import"] as const;
export type Door = (typeof DOORS)[number];

export interface IngestRequest {
  /** An ExportTraceServiceRequest. */
  readonly bytes: Uint8Array;
  /** The same in gzip, where it came so: as it is stored. */
  readonly gzip: Uint8Array | null;
  readonly format: "protobuf" | "json";
  readonly door: Door;
}

export interface IngestReport {
  /** Spans in the request, rejected ones included. */
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly issues: readonly { code: IssueCode; count: number; example: string }[];
  /** First and last start of the spans, in Unix microseconds; null without any. */
  readonly startsUs: { readonly from: number; readonly to: number } | null;
  /** The environments that they are of. */
  readonly environments: readonly string[];
}

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

/** A batch that memory has counted and the store has yet to take. */
interface Counted {
  readonly commit: Commit;
  /** Where the memory of the linker stood after it. */
  readonly sequence: number;
}

/** Reading what a batch has to be held against failed: memory is as it was, and the batch can come again. */
class NotCounted extends Error {
  override readonly name = "NotCounted";

  constructor(cause: unknown) {
    super("a batch could not be counted", { cause });
  }
}

function notCounted(cause: unknown): never {
  throw new NotCounted(cause);
}

export class Engine {
  private readonly decoder: ColumnDecoder;
  private readonly linker: Linker;
  private readonly late: LateSpans;
  private readonly book: MinuteBook;
  private readonly sources = new SourceBook();
  private readonly answers: Answers;

  private readonly batches = new BatchQueue();
  /** When everything counted so far is durable, or the store has failed. */
  private stored: Promise<void> = Promise.resolve();
  private running: Promise<void> | null = null;
  private background: Promise<void> | null = null;
  /** Whoever counts takes this, and whoever looks at a state between two commits. */
  private readonly counting = new Serial();
  /** Traces too large for memory, whose minutes have to be derived from the store. */
  private readonly oversized: Int32Array[] = [];
  /** Where the memory of the linker stood after each commit that is not known to be fully derived. */
  private readonly marks: { readonly batch: number; readonly sequence: number }[] = [];

  private names = NO_NAMES;
  private deriving = 0;
  private lastBatch: number;
  private derivedBatch: number;
  private version = 1;
  private broken: unknown = null;
  private closing = false;
  private readonly startedMs: number;
  private lastIngestMs: number;
  private lastSaveMs: number;
  private lastSweepMs: number;
  private lastRetireMs: number;
  private lastSizeMs = 0;
  /** Arrival of the oldest stored span; null without any. */
  private oldestMs: number | null;
  /** Whether spans went for their size, not their age, when some went last. */
  private cutForSize = false;

  private constructor(
    private readonly store: SpanStore,
    private readonly options: EngineOptions,
    private readonly ports: EnginePorts,
    private readonly directory: Directory,
    private readonly edges: EdgeBook,
    stored: Stored,
  ) {
    this.decoder = new ColumnDecoder(directory);
    this.book = new MinuteBook(
      stored.minutes,
      stored.thinned,
      stored.hours,
      !options.sabotage?.memoryOnly,
      !options.sabotage?.frozenMinutes,
    );
    this.linker = new Linker(
      directory,
      edges,
      this.book,
      options.memorySpans,
      options.lostTraces,
      !options.sabotage?.noDedupe,
    );
    this.late = new LateSpans(this.linker.ring, stored.ahead);
    this.answers = new Answers(
      store,
      directory,
      edges,
      this.book,
      this.sources,
      Math.floor(options.retainMinutesMs / MINUTE_MS),
    );
    this.lastBatch = stored.lastBatch;
    this.derivedBatch = stored.derivedBatch;
    this.startedMs = ports.now();
    this.lastIngestMs = this.startedMs;
    this.lastSaveMs = this.startedMs;
    this.lastSweepMs = this.startedMs;
    this.lastRetireMs = this.startedMs;
    this.oldestMs = stored.oldestMs;
  }

  /** Opens on what the store holds; minutes that were not derived to the end are derived again in the background. */
  static async start(store: SpanStore, options: EngineOptions, ports: EnginePorts): Promise<Engine> {
    const stored = await store.load();
    const directory = Directory.restore(stored.directory);
    const engine = new Engine(store, options, ports, directory, EdgeBook.restore(stored.edges), stored);
    if (stored.spans > 0) {
      // Whatever is in the store is not in memory, and arrived before now.
      engine.linker.ring.startAt(ports.now());
      if (stored.lastBatch > stored.derivedBatch) {
        for (const minute of await store.minutesTouchedAfter(stored.derivedBatch)) engine.book.touch(minute);
      }
    }
    await engine.answers.refresh();
    engine.tick();
    return engine;
  }

  // ---- ingest -------------------------------------------------------------------------------------------------------------

  /** Takes one request body; the answer comes after the COMMIT that holds its spans. */
  async ingest({ bytes, gzip, door, format }: IngestRequest): Promise<IngestReport> {
    try {
      if (format === "json") return await this.ingestJson(bytes, door);
      return await this.take(bytes, gzip, door, new Issues());
    } catch (error) {
      if (error instanceof DomainError && error.code !== "unavailable") this.noteRefused(door, error.message);
      throw error;
    }
  }

  private async ingestJson(bytes: Uint8Array, door: Door): Promise<IngestReport> {
    const { text, flawed } = readText(bytes);
    const issues = new Issues();
    if (flawed) issues.add("invalid_utf8", "a request in JSON");
    return await this.ingestSpans(readOtlpJson(text), door, issues);
  }

  /** The same for spans that came as objects, from other formats; `issues` is what reading them already found. */
  async ingestSpans(spans: readonly Span[], door: Door, issues: Issues): Promise<IngestReport> {
    return await this.take(encodeSpans(spans), null, door, issues);
  }

  /** The same for a file of OTLP protobuf, which may be larger than a request. */
  async ingestFile(bytes: Uint8Array): Promise<IngestReport> {
    return await this.take(bytes, null, "import", new Issues());
  }

  /** Notes a file of which every part was taken. */
  noteImported(): void {
    this.sources.asked("import");
  }

  /** Notes a request that was refused whole. */
  noteRefused(door: Door, message: string): void {
    this.sources.refused(door, this.ports.now(), message);
  }

  private take(bytes: Uint8Array, compressed: Uint8Array | null, door: Door, issues: Issues): Promise<IngestReport> {
    if (this.broken)
      throw new DomainError("unavailable", "the store failed; the server has to be restarted", {
        retryAfterSeconds: 30,
      });
    if (this.closing) throw new DomainError("unavailable", "the server is stopping", { retryAfterSeconds: 5 });
    const batch = this.batches.toFill();
    const { columns } = batch;
    const from = columns.length;
    const spans = this.decoder.decode(bytes, batch.bodies.length, columns, issues, this.rangeOf(door));
    const to = columns.length;
    if (to > from) batch.addBody(compressed ?? deflateForStore(bytes));
    const startsUs = startsOf(columns, from, to);
    const environments = this.environmentsOf(columns, from, to);
    return new Promise<IngestReport>((resolve, reject) => {
      const done = (error?: unknown): void => {
        if (error) reject(error);
        const { duplicates } = entry;
        const stored = to - from - duplicates;
        resolve({
          received: spans,
          stored,
          duplicates,
          rejected: issues.rejected,
          issues: issues.entries(),
          startsUs,
          environments,
        });
      };
      const entry = { from, to, spans, issues, door, duplicates: 0, done };
      batch.entries.push(entry);
      if (this.options.sabotage?.ackBeforeCommit) done();
      this.wake();
    });
  }

  private environmentsOf({ service }: SpanColumns, from: number, to: number): string[] {
    const found = new Set<string>();
    for (let row = from; row < to; row++) {
      if (row === from || service[row] !== service[row - 1]) found.add(this.directory.node(service[row]!).environment);
    }
    return [...found];
  }

  private rangeOf(door: Door): TimeRange {
    if (door === "import") return { earliestUs: 0, latestUs: FILE_LATEST_US };
    return { earliestUs: LIVE_EARLIEST_US, latestUs: (this.ports.now() + DAY_MS) * US_PER_MS };
  }

  private wake(): void {
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (!this.batches.isEmpty) this.wake();
      else this.tick();
    });
  }

  private async run(): Promise<void> {
    if (!this.batches.hasFull) await this.ports.pause(); // requests that arrived together are committed together
    for (;;) {
      // A batch that would grow by waiting waits for the COMMIT under way.
      if (!this.batches.hasFull) await this.stored;
      const batch = this.batches.take();
      if (!batch) return;
      await this.counting.run(() => this.commit(batch));
    }
  }

  /** Runs a task while memory holds exactly what the store's spans say. */
  private between<T>(task: () => T): Promise<T> {
    return this.counting.run(async () => {
      await this.stored;
      return task();
    });
  }

  /**
   * A failed commit leaves memory and store apart: nothing more is taken, so that nothing is answered that is not true. What
   * failed before it was counted leaves them as they were.
   */
  private fail(error: unknown, batch: IngestBatch): void {
    const harmless = error instanceof NotCounted;
    if (!harmless) {
      if (!this.broken) this.ports.failed?.(error);
      this.broken ??= error;
    }
    const refusal = new DomainError(
      "unavailable",
      `the store could not ${harmless ? "read" : "write"}; nothing of this request was kept`,
      { retryAfterSeconds: harmless ? 5 : 30 },
      { cause: error },
    );
    for (const entry of batch.entries) entry.done(refusal);
  }

  /** Returns when only the COMMIT is left to wait for; `stored` is done when that is. */
  private commit(batch: IngestBatch): Promise<void> {
    const before = this.stored;
    return new Promise((appended) => {
      this.stored = this.count(batch, before)
        .then(async (counted) => {
          await before;
          if (this.broken) throw this.broken;
          await this.store.commit(counted.commit, appended);
          this.finish(batch, counted);
        })
        .catch((error: unknown) => this.fail(error, batch))
        .finally(() => {
          this.batches.giveBack(batch);
          appended();
        });
    });
  }

  /** Counts a batch. `before`: the commits of those counted earlier. */
  private async count({ columns, entries, bodies }: IngestBatch, before: Promise<void>): Promise<Counted> {
    if (this.broken) throw this.broken;
    const now = this.ports.now();
    const apart = await this.meetLateSpans(columns, now, before);
    const rows = new Int32Array(columns.length);
    let news = 0;
    const merged: number[] = [];
    let entry = 0;
    const tell = (row: number, added: Added): void => {
      while (row >= entries[entry]!.to) entry++;
      if (added === Added.NEW) rows[news++] = row;
      else {
        entries[entry]!.duplicates++;
        if (added === Added.MERGED) merged.push(row);
      }
    };
    this.linker.ring.arriveAt(now);
    if (apart) this.countApart(columns, apart, tell);
    else this.linker.addRows(columns, 0, columns.length, tell);
    const fresh = rows.subarray(0, news);
    this.late.note(columns, fresh, now);
    this.lastBatch++;
    return {
      sequence: this.linker.ring.sequence,
      commit: {
        batch: this.lastBatch,
        receivedMs: now,
        columns,
        fresh,
        merged: Int32Array.from(merged),
        bodies,
        directory: this.directory.drain(),
      },
    };
  }

  /** What follows once a batch is durable. */
  private finish(batch: IngestBatch, { commit, sequence }: Counted): void {
    if (this.marks.length >= MOST_MARKS) this.marks.pop();
    this.marks.push({ batch: commit.batch, sequence });
    this.lastIngestMs = commit.receivedMs;
    if (commit.fresh.length > 0) this.oldestMs ??= commit.receivedMs;
    this.noteSources(batch, commit.fresh, commit.receivedMs);
    this.bump();
    if (!this.options.sabotage?.ackBeforeCommit) for (const each of batch.entries) each.done();
  }

  private bump(): void {
    this.version++;
    this.ports.changed?.(this.version);
  }

  /**
   * Brings relatives of late spans back from the store, and with them the copies that late spans may be.
   * @returns null when what is needed is in memory now; else, for traces too large for that, their rows and which of those
   *   are stored already.
   */
  private async meetLateSpans(
    columns: SpanColumns,
    now: number,
    before: Promise<void>,
  ): Promise<{ rows: Set<number>; stored: Set<number> } | null> {
    if (this.options.sabotage?.memoryOnly) return null;
    const late = this.late.of(columns, now);
    if (late.length === 0) return null;
    await before; // the store has to hold what was counted
    const traces = distinctTraces(columns, late);
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const row of late) {
      from = Math.min(from, columns.start[row]!);
      to = Math.max(to, columns.start[row]!);
    }
    const { ring } = this.linker;
    const room = Math.floor((ring.capacity - columns.length * 2 - columns.links) / 4);
    const relatives =
      room <= 0
        ? null
        : await this.store.relatives(traces, from - RELATIVES_US, to + RELATIVES_US, room).catch(notCounted);
    if (relatives) {
      this.linker.page(relatives);
      return null;
    }
    const large = new Set(traces.map((trace) => traceKey(trace)));
    const rows: number[] = [];
    for (let row = 0; row < columns.length; row++) if (large.has(traceKey(columns.ids, row * ID_WORDS))) rows.push(row);
    for (const trace of traces) this.oversized.push(trace);
    return { rows: new Set(rows), stored: await this.store.known(columns, rows).catch(notCounted) };
  }

  /** Spans of traces too large for memory are stored without being counted: their minutes are derived from the store. */
  private countApart(
    columns: SpanColumns,
    apart: { rows: Set<number>; stored: Set<number> },
    tell: (row: number, added: Added) => void,
  ): void {
    const seen = new Set<string>();
    for (let row = 0; row < columns.length; ) {
      if (!apart.rows.has(row)) {
        const from = row;
        while (row < columns.length && !apart.rows.has(row)) row++;
        this.linker.addRows(columns, from, row, tell);
        continue;
      }
      const at = row * ID_WORDS;
      const key = [
        columns.ids.slice(at, at + 6).join(),
        columns.start[row],
        columns.role[row]! >> 4,
        columns.service[row],
      ].join();
      const copy = apart.stored.has(row) || seen.has(key) || this.linker.ring.findSpan(columns, row) >= 0;
      seen.add(key);
      this.book.touch(minuteOf(columns.start[row]!));
      tell(row, copy ? Added.MERGED : Added.NEW);
      row++;
    }
  }

  private noteSources({ columns, entries }: IngestBatch, fresh: Int32Array, now: number): void {
    for (const { spans, from, to, duplicates, issues, door } of entries) {
      if (door !== "import") this.sources.asked(door);
      this.sources.took(door as Door, now, {
        received: spans,
        stored: to - from - duplicates,
        duplicates,
        rejected: issues.rejected,
      });
      this.sources.issues.merge(issues);
    }
    for (let at = 0; at < fresh.length; ) {
      const start = at;
      const resource = columns.resource[fresh[at]!]!;
      while (at < fresh.length && columns.resource[fresh[at]!] === resource) at++;
      this.sources.sent(columns.service[fresh[start]!]!, resource, at - start, now);
    }
  }

  // ---- background: look-ups, derivation, saving, retention ----------------------------------------------------------------

  /** Does what is due in the background; the owner calls this a few times a second. */
  tick(): void {
    if (this.background || this.broken || this.closing) return;
    this.background = this.keepHouse()
      .catch((error: unknown) => {
        this.broken = error;
        this.ports.failed?.(error);
      })
      .finally(() => {
        this.background = null;
      });
  }

  private async keepHouse(): Promise<void> {
    const now = this.ports.now();
    if (now - this.lastSweepMs >= Math.min(1000, this.options.settleMs)) {
      this.lastSweepMs = now;
      await this.lookUp(now - this.options.settleMs);
    }
    await this.touchOversized();
    while (!this.closing) {
      // What is taken is derived: a minute that is neither marked nor derived would be saved as if it were whole.
      const minute = this.book.takeDirty(now, now - this.lastIngestMs > 1000);
      if (minute === null) break;
      await this.derive(minute);
    }
    const idle = now - this.lastIngestMs > 1000;
    const due = now - this.lastSaveMs > (idle ? 1000 : MINUTE_MS) || this.book.size > MOST_MINUTES;
    if (this.book.hasUnsaved && due) await this.save();
    if (now - this.lastRetireMs > RETIRE_MS || (await this.isOverSize(now))) await this.retire(now);
  }

  /** A glance at the files' size, which holds room of spans long gone too: the store looks closer. */
  private async isOverSize(now: number): Promise<boolean> {
    if (now - this.lastSizeMs < SIZE_MS) return false;
    this.lastSizeMs = now;
    return (await this.store.size()) > this.options.retainSpansBytes;
  }

  /** Looks in the store for parents and link targets of spans that arrived before `beforeMs` and were not seen in memory. */
  private async lookUp(beforeMs: number): Promise<void> {
    const missing = await this.between(() => this.linker.ring.takeUnresolved(beforeMs));
    if (this.options.sabotage?.memoryOnly) return;
    const traces = [...new Map(missing.map((trace) => [traceKey(trace), trace])).values()];
    for (let at = 0; at < traces.length; at += TRACES_AT_ONCE) {
      const part = traces.slice(at, at + TRACES_AT_ONCE);
      const relatives = await this.store.relatives(part, 0, FILE_LATEST_US, Math.floor(this.linker.ring.capacity / 4));
      if (relatives) {
        await this.between(() => this.linker.page(relatives));
        if (!this.options.sabotage?.silentLookUps) this.bump();
      } else for (const trace of part) this.oversized.push(trace);
    }
  }

  private async touchOversized(): Promise<void> {
    while (this.oversized.length > 0) {
      // Not before the commit that found them is durable.
      const traces = await this.between(() => this.oversized.splice(0, TRACES_AT_ONCE));
      for (const minute of await this.store.minutesOf(traces)) this.book.touch(minute);
    }
  }

  private async derive(minute: number): Promise<void> {
    this.deriving++;
    const started = this.ports.now();
    const upTo = await this.between(() => {
      this.book.beginDeriving(minute);
      return this.lastBatch;
    });
    const pause = (): Promise<void> => this.ports.pause();
    const table = await rederiveMinute(this.store, this.directory, this.edges, minute, upTo, pause);
    const now = this.ports.now();
    this.book.replace(table, now, now - started);
    this.deriving--;
    this.bump();
  }

  /** Writes the minutes that changed. What memory holds between two commits is exactly what the store's spans say. */
  private async save(): Promise<void> {
    const save = await this.between(() => {
      const whole = !this.book.hasDirty && this.oversized.length === 0;
      const swept = this.linker.ring.sweptUpTo;
      let derived = this.derivedBatch;
      while (whole && this.marks.length > 0 && this.marks[0]!.sequence <= swept) derived = this.marks.shift()!.batch;
      const tables = this.book.takeUnsaved();
      return {
        tables,
        edges: this.edges.drain(),
        directory: this.directory.drain(),
        derivedBatch: derived,
        savedMs: this.ports.now(),
      };
    });
    await this.store.saveMinutes(save);
    this.derivedBatch = save.derivedBatch;
    this.lastSaveMs = this.ports.now();
    this.book.forgetSaved(Math.floor(this.lastSaveMs / MINUTE_MS) - KEEP_MINUTES, MOST_MINUTES);
    await this.answers.refresh();
  }

  private async retire(now: number): Promise<void> {
    this.lastRetireMs = now;
    const { options, book } = this;
    book.forgetSaved(Math.floor(now / MINUTE_MS) - KEEP_MINUTES, MOST_MINUTES);
    const retired = await this.store.retire({
      arrivedBeforeMs: now - options.retainSpansMs,
      spanBytes: options.retainSpansBytes,
      savedBeforeMs: now - options.retainMinutesMs,
      inMemory: book.list().map(({ minute }) => minute),
      hoursBeforeMs: now - options.retainHoursMs,
    });
    if (retired.spans > 0) this.cutForSize = retired.cutForSize;
    this.oldestMs = retired.oldestMs;
    book.retire(retired.minutes, retired.thinned, retired.hours);
    await this.answers.refresh();
  }

  /** Returns when everything that was sent is stored, linked, derived and saved. */
  async settle(): Promise<void> {
    for (;;) {
      while (this.running !== null || this.background !== null) await (this.running ?? this.background);
      if (this.broken) throw this.broken;
      await this.lookUp(Number.POSITIVE_INFINITY);
      await this.touchOversized();
      if (!this.book.hasDirty && !this.running) break;
      for (;;) {
        const minute = this.book.takeDirty(Number.POSITIVE_INFINITY, true);
        if (minute === null) break;
        await this.derive(minute);
      }
    }
    await this.save();
  }

  /** Flushes the last batch, saves, and closes the store. */
  async close(): Promise<void> {
    while (this.running !== null) await this.running;
    this.closing = true;
    while (this.background !== null) await this.background;
    if (!this.broken) await this.save();
    await this.store.close();
  }

  // ---- answers ------------------------------------------------------------------------------------------------------------

  /** What names mean in every answer from here on. */
  declare(names: DeclaredNames): void {
    this.names = names;
    this.answers.declare(names);
    this.bump();
  }

  graph(request: GraphRequest): Promise<Graph> {
    return this.answers.graph(this.book.widen(request), this.version);
  }

  edge(request: GraphRequest, id: string): Promise<EdgeDetail | null> {
    return this.answers.edge(this.book.widen(request), id, this.version);
  }

  node(request: GraphRequest, id: string): Promise<NodeDetail | null> {
    return this.answers.node(this.book.widen(request), id, this.version);
  }

  cycles(request: GraphRequest): Promise<Cycles> {
    return this.answers.cycles(this.book.widen(request), this.version);
  }

  trace(trace: Int32Array): Promise<Span[]> {
    return this.answers.trace(trace);
  }

  /** Traces with a span that meets what is asked. */
  traces(search: TraceSearch): Promise<FoundTraces> {
    return searchTraces(this.store, this.directory, this.names, this.ports, search);
  }

  /** The graph of those traces alone. */
  tracesGraph(search: MappedTraces, perspective: Perspective): Promise<TracesGraph> {
    return graphOfTraces(this.store, this.directory, this.names, this.ports, search, perspective, this.version);
  }

  /** What came in since the start, and the state of the store. */
  async status(): Promise<EngineStatus> {
    const senders = this.sources.listSenders().map(({ service, resource, spans, lastMs }) => {
      const { id, environment } = this.directory.node(service);
      const { sdk, version } = this.directory.resource(resource);
      return { service: id, environment, sdk, version, spans, lastMs };
    });
    return {
      version: this.version,
      startedMs: this.startedMs,
      broken: this.broken ? (this.broken instanceof Error ? this.broken.message : String(this.broken)) : null,
      storeBytes: await this.store.size(),
      oldestMs: this.oldestMs,
      cutForSize: this.cutForSize,
      minutesToDerive: this.book.dirtyMinutes.length + this.deriving,
      derivations: this.book.derivations,
      tooLate: this.book.tooLate,
      doors: this.sources.listDoors(),
      issues: this.sources.issues.entries(),
      refusals: this.sources.listRefusals(),
      senders,
      namesOverLimit: this.directory.overflowed,
      memory: { spans: this.linker.ring.size, capacity: this.linker.ring.capacity },
    };
  }
}

export interface EngineStatus {
  readonly version: number;
  readonly startedMs: number;
  /** Why the engine takes nothing any more; null while it works. */
  readonly broken: string | null;
  readonly storeBytes: number;
  /** Arrival of the oldest stored span, Unix milliseconds; null without any. */
  readonly oldestMs: number | null;
  /** Whether older ones went for the size of all, not for their age. */
  readonly cutForSize: boolean;
  /** Those under way included. */
  readonly minutesToDerive: number;
  /** Minutes derived from the store since the start, each time counted. */
  readonly derivations: number;
  /** Counts that came for minutes whose spans were retired. */
  readonly tooLate: number;
  readonly doors: ReturnType<SourceBook["listDoors"]>;
  readonly issues: readonly { code: IssueCode; count: number; example: string }[];
  readonly refusals: ReturnType<SourceBook["listRefusals"]>;
  readonly senders: readonly {
    service: string;
    environment: string;
    sdk: string;
    version: string;
    spans: number;
    lastMs: number;
  }[];
  readonly namesOverLimit: number;
  readonly memory: { readonly spans: number; readonly capacity: number };
}

function startsOf(columns: SpanColumns, from: number, to: number): IngestReport["startsUs"] {
  if (from === to) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row++) {
    first = Math.min(first, columns.start[row]!);
    last = Math.max(last, columns.start[row]!);
  }
  return { from: first, to: last };
}
