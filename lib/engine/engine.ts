// The heart of the server: takes request bodies, makes spans durable, counts calls, answers. Runs in one worker thread, which
// alone owns the store. A plain class with ports, so that tests run it without a thread.
//
// A span's way: `intake` decodes it into a batch, `commit-line` has it counted (`count-batch`) and committed and answers its
// sender; `housekeeping` does beside it what is late; `answers` adds up what is stored and what is in memory.
import type { Cycles } from "../contract/cycles";
import type { EdgeDetail, Graph, NodeDetail, Perspective } from "../contract/graph";
import { EdgeBook } from "../derive/edge-book";
import type { DeclaredNames } from "../domain/declared-names";
import { Directory } from "../domain/directory";
import { DomainError } from "../domain/errors";
import { Issues } from "../domain/issue";
import type { Span } from "../domain/span";
import { readOtlpJson } from "../ingest/formats/otlp-json";
import { encodeSpans } from "../ingest/otlp/encode";
import { readText } from "../ingest/utf8";
import type { SpanStore, Stored } from "../store/span-store";
import { unlessDamaged } from "../store/store-error";
import { Answers, type GraphRequest } from "./answers";
import { CommitLine } from "./commit-line";
import type { Door, IngestReport, IngestRequest } from "./doors";
import type { EngineOptions, EnginePorts } from "./engine-options";
import { EngineParts } from "./engine-parts";
import { type EngineStatus, statusOf } from "./engine-status";
import { Housekeeping } from "./housekeeping";
import { Intake } from "./intake";
import { type Kept, nothingKept } from "./kept";
import { type FoundTraces, searchTraces, type TraceSearch } from "./trace-search";
import { graphOfTraces, type MappedTraces, type TracesGraph } from "./traces-graph";

const MINUTE_MS = 60_000;

export class Engine {
  private readonly line: CommitLine;
  private readonly intake: Intake;
  private readonly answers: Answers;
  private readonly housekeeping: Housekeeping;
  private readonly startedMs: number;
  private names: DeclaredNames;

  private constructor(
    private readonly parts: EngineParts,
    stored: Stored,
    { startedMs, names }: Kept,
  ) {
    const { store, directory, edges, book, sources, options, ports } = parts;
    this.startedMs = startedMs;
    this.names = names;
    this.line = new CommitLine(parts, stored, () => this.tick());
    this.intake = new Intake(parts, this.line);
    const remembered = Math.floor(options.retainMinutesMs / MINUTE_MS);
    this.answers = new Answers(store, directory, edges, book, sources, remembered, () => ports.now());
    this.answers.declare(names);
    this.housekeeping = new Housekeeping(parts, this.line, this.answers, stored);
  }

  /**
   * Opens on what the store holds; minutes that were not derived to the end are derived again in the background.
   * @param kept of the engine before.
   */
  static async start(
    store: SpanStore,
    options: EngineOptions,
    ports: EnginePorts,
    kept: Kept = nothingKept(ports.now()),
  ): Promise<Engine> {
    const stored = await store.load();
    const directory = Directory.restore(stored.directory, options.names);
    const edges = EdgeBook.restore(stored.edges);
    const parts = new EngineParts(store, options, ports, directory, edges, stored, kept);
    const engine = new Engine(parts, stored, kept);
    if (stored.spans > 0) {
      // Whatever is in the store is not in memory, and arrived before now.
      parts.linker.ring.startAt(ports.now());
      if (stored.lastBatch > stored.derivedBatch) {
        const touched = await store.minutesTouchedAfter(stored.derivedBatch).catch(unlessDamaged<number[]>([]));
        for (const minute of touched) parts.book.touch(minute);
      }
    }
    await engine.answers.refresh();
    engine.tick();
    return engine;
  }

  /** Takes one request body; the answer comes after the COMMIT that holds its spans. */
  async ingest({ bytes, gzip, door, format }: IngestRequest): Promise<IngestReport> {
    try {
      if (format === "json") return await this.ingestJson(bytes, door);
      return await this.intake.take(bytes, gzip, door, new Issues());
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
    return await this.intake.take(encodeSpans(spans), null, door, issues);
  }

  /** The same for a file of OTLP protobuf, which may be larger than a request. */
  async ingestFile(bytes: Uint8Array): Promise<IngestReport> {
    return await this.intake.take(bytes, null, "import", new Issues());
  }

  /** Notes a file of which every part was taken. */
  noteImported(): void {
    this.parts.sources.asked("import");
  }

  /** Notes a request that was refused whole. */
  noteRefused(door: Door, message: string): void {
    this.parts.sources.refused(door, this.parts.ports.now(), message);
  }

  /** Takes nothing more, and says to whoever owns it that it has failed. */
  fault(error: unknown): void {
    this.parts.fail(error);
  }

  /** What of the store could not be read, a sentence each. */
  get damaged(): readonly string[] {
    return this.parts.store.damaged;
  }

  /** Does what is due in the background; the owner calls this a few times a second. */
  tick(): void {
    this.housekeeping.tick();
  }

  /** Returns when everything that was sent is stored, linked, derived and saved. */
  settle(): Promise<void> {
    return this.housekeeping.settle();
  }

  /** Flushes the last batch, saves, and closes the store. */
  async close(): Promise<void> {
    while (this.line.running !== null) await this.line.running;
    this.intake.closed = true;
    await this.housekeeping.close();
    await this.parts.store.close();
  }

  /**
   * Ends on a store that failed: what waits is refused, and nothing more is written. What was acknowledged is in the store, and
   * what is asked of it afterwards fails.
   */
  async abandon(): Promise<void> {
    while (this.line.running !== null) await this.line.running;
    await this.housekeeping.stop();
    await this.parts.store.close(false);
  }

  /** Of the answers. */
  get version(): number {
    return this.parts.version;
  }

  /** Copies what is stored into a new file; what was acknowledged before is in it. */
  backup(path: string): Promise<void> {
    return this.parts.store.backupTo(path);
  }

  /** What names mean in every answer from here on. */
  declare(names: DeclaredNames): void {
    this.names = names;
    this.answers.declare(names);
    this.parts.bump();
  }

  graph(request: GraphRequest): Promise<Graph> {
    return this.answers.graph(this.parts.book.widen(request), this.parts.version);
  }

  edge(request: GraphRequest, id: string): Promise<EdgeDetail | null> {
    return this.answers.edge(this.parts.book.widen(request), id, this.parts.version);
  }

  node(request: GraphRequest, id: string): Promise<NodeDetail | null> {
    return this.answers.node(this.parts.book.widen(request), id, this.parts.version);
  }

  cycles(request: GraphRequest): Promise<Cycles> {
    return this.answers.cycles(this.parts.book.widen(request), this.parts.version);
  }

  trace(trace: Int32Array): Promise<Span[]> {
    return this.answers.trace(trace);
  }

  /** Traces with a span that meets what is asked. */
  traces(search: TraceSearch): Promise<FoundTraces> {
    const { store, directory, ports } = this.parts;
    return searchTraces(store, directory, this.names, ports, search);
  }

  /** The graph of those traces alone. */
  tracesGraph(search: MappedTraces, perspective: Perspective): Promise<TracesGraph> {
    const { store, directory, ports, version } = this.parts;
    return graphOfTraces(store, directory, this.names, ports, search, perspective, version);
  }

  status(): Promise<EngineStatus> {
    const { startedMs, line, housekeeping } = this;
    const { cutForSize, deriving } = housekeeping;
    return statusOf(this.parts, () => ({
      startedMs,
      oldestMs: line.oldestMs,
      spans: line.spans,
      cutForSize,
      deriving,
    }));
  }
}
