// Answers questions about the graph: what is stored and what is in memory, added up. Closed minutes are read once per window
// and kept until something is saved.
import type { Cycles } from "../contract/cycles";
import type { EdgeDetail, Graph, NodeDetail } from "../contract/graph";
import type { CallSums } from "../derive/call-sums";
import { type CallTable, Measure } from "../derive/call-table";
import { CallTotals } from "../derive/call-totals";
import { CallKind, type EdgeBook, type EdgeKey } from "../derive/edge-book";
import { NamedEdges } from "../derive/named-edges";
import { NamedNodes } from "../derive/named-nodes";
import {
  buildGraph,
  edgeId,
  exemplarsOfAll,
  type GraphFacts,
  operationsOf,
  type Seen,
  timeOf,
} from "../derive/service-graph";
import { canonicalId, type DeclaredNames, NO_NAMES, namesNothing } from "../domain/declared-names";
import type { Directory } from "../domain/directory";
import { bucketQuantiles } from "../domain/histogram";
import { EDGE_KINDS } from "../domain/node";
import type { Span } from "../domain/span";
import { answerCycles } from "../graph/answer-cycles";
import { readSpansAt } from "../ingest/otlp/read-span";
import type { MinuteRange, SpanStore } from "../store/span-store";
import { inflate } from "./inflate";
import { LoopTraces } from "./loop-traces";
import type { MinuteBook } from "./minute-book";
import type { SourceBook } from "./source-book";

const MOST_CACHED = 8;
/** Whole answers kept until something changes. */
const MOST_ANSWERS = 4;

export interface GraphRequest {
  /** [from, to) in Unix minutes. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** null: the one with most spans in the window. */
  readonly environment: string | null;
  readonly perspective: Graph["perspective"];
}

export class Answers {
  private readonly cache = new Map<string, Promise<CallSums>>();
  /** Answers to what was asked at `answeredAt`, the version they hold for. */
  private readonly answered = new Map<string, Promise<Graph>>();
  private answeredAt = 0;
  /** The totals of the answer being made; nothing else may happen between filling them and reading them. */
  private readonly totals = new CallTotals();
  private names = NO_NAMES;
  /** What is known under those names; null while none are declared. */
  private named: NamedEdges | null = null;
  /** Of stored minutes except `except`, which memory knows better. */
  private history: { readonly except: string; readonly read: Promise<ReadonlyMap<number, Seen>> } | null = null;

  constructor(
    private readonly store: SpanStore,
    private readonly directory: Directory,
    private readonly edges: EdgeBook,
    private readonly book: MinuteBook,
    private readonly sources: SourceBook,
    private readonly rememberMinutes: number,
    /** Unix milliseconds. */
    private readonly now: () => number,
  ) {}

  /** To be called when stored minutes changed. */
  async refresh(): Promise<void> {
    this.cache.clear();
    this.answered.clear();
    this.history = null;
    await this.storedHistory().catch(() => {}); // read ahead of whoever asks next, who is told
  }

  /** What names mean from here on, in every answer. */
  declare(names: DeclaredNames): void {
    this.names = names;
    this.named = namesNothing(names) ? null : new NamedEdges(new NamedNodes(this.directory, names), this.edges);
    this.answered.clear();
  }

  /** The answer is shared with whoever asks the same: not to be changed. */
  async graph(request: GraphRequest, version: number): Promise<Graph> {
    if (this.answeredAt !== version) this.answered.clear();
    this.answeredAt = version;
    const { fromMinute, toMinute, environment, perspective } = request;
    const key = JSON.stringify([fromMinute, toMinute, environment, perspective]);
    let answer = this.answered.get(key);
    if (!answer) {
      answer = this.makeGraph(request, version);
      if (this.answered.size >= MOST_ANSWERS) this.answered.delete(this.answered.keys().next().value!);
      this.answered.set(key, answer);
      answer.catch(() => this.answered.delete(key));
    }
    return await answer;
  }

  private async makeGraph(request: GraphRequest, version: number): Promise<Graph> {
    const window = { from: request.fromMinute, to: request.toMinute };
    const tables = this.book.list();
    const [stored, history] = await Promise.all([this.storedSums(window, tables), this.storedHistory()]);
    const facts = this.facts({ ...window, askedMs: this.now() }, tables, stored, history, version);
    const { environment, perspective } = request;
    return buildGraph(facts, { environment, perspective, rememberFrom: request.toMinute - this.rememberMinutes });
  }

  /** What is stored of the window's minutes that are not in memory. */
  private storedSums(window: MinuteRange, tables: readonly CallTable[]): Promise<CallSums> {
    const except = tables.map(({ minute }) => minute).filter((minute) => minute >= window.from && minute < window.to);
    const key = `${window.from} ${window.to} ${except.join()}`;
    let stored = this.cache.get(key);
    if (!stored) {
      stored = this.store.readCalls(window, except, null);
      if (this.cache.size >= MOST_CACHED) this.cache.delete(this.cache.keys().next().value!);
      this.cache.set(key, stored);
      stored.catch(() => this.cache.delete(key));
    }
    return stored;
  }

  /**
   * When edges had calls in stored minutes. A minute in memory that is stored too is left out: a call whose other half came
   * since it was saved is on another edge now, and the one that it was on may never have been.
   */
  private storedHistory(): Promise<ReadonlyMap<number, Seen>> {
    const minutes = this.book.superseded;
    const except = minutes.join();
    if (this.history?.except !== except) {
      const read = this.store
        .history(minutes)
        .then((rows): ReadonlyMap<number, Seen> => new Map(rows.map(({ edge, ...seen }) => [edge, seen])));
      const history = { except, read };
      this.history = history;
      read.catch(() => {
        if (this.history === history) this.history = null;
      });
    }
    return this.history.read;
  }

  private facts(
    window: GraphFacts["window"],
    tables: readonly CallTable[],
    stored: CallSums,
    storedHistory: ReadonlyMap<number, Seen>,
    version: number,
  ): GraphFacts {
    const { totals } = this;
    totals.clear();
    totals.addSums(stored);
    const history = new Map(storedHistory);
    for (const table of tables) {
      const { minute } = table;
      if (minute >= window.from && minute < window.to) totals.addTable(table);
      table.eachCell((_, edge) => {
        const seen = history.get(edge);
        if (seen && seen.firstMinute <= minute && seen.lastMinute >= minute) return;
        history.set(edge, {
          firstMinute: Math.min(seen?.firstMinute ?? minute, minute),
          lastMinute: Math.max(seen?.lastMinute ?? minute, minute),
        });
      });
    }
    const facts = { directory: this.directory, edges: this.edges, totals, history, window, version };
    return this.named?.apply(facts) ?? facts;
  }

  /** Services that depend on themselves through others, typed by traces of the window. */
  async cycles(request: GraphRequest, version: number): Promise<Cycles> {
    const graph = await this.graph(request, version);
    const window = { from: request.fromMinute, to: request.toMinute };
    const traces = new LoopTraces(this.store, this.nodes, this.edges, this.book, window, graph.environment);
    return await answerCycles(graph, (probes, knot) => traces.of(probes, knot));
  }

  /** One edge with its operations and its course over time; null when the window does not know it. */
  async edge(request: GraphRequest, id: string, version: number): Promise<EdgeDetail | null> {
    const graph = await this.graph(request, version);
    const { nodes } = this;
    const edge = graph.edges.find((candidate) => candidate.id === this.canonicalEdge(id));
    if (!edge) return null;
    const keys = this.edgesWhere((key) => key.kind <= CallKind.ENTRY && publicId(key, nodes) === edge.id);
    const { operations, series } = await this.details(request, keys, edge.inferred ? Measure.CLIENT : Measure.SERVER);
    return { edge, window: graph.window, operations, series };
  }

  /** One node likewise. */
  async node(request: GraphRequest, id: string, version: number): Promise<NodeDetail | null> {
    const graph = await this.graph(request, version);
    const canonical = canonicalId(this.names, id);
    const node = graph.nodes.find((candidate) => candidate.id === canonical);
    if (!node) return null;
    const { nodes } = this;
    const is = (candidate: number): boolean => {
      if (candidate === 0) return false;
      const identity = nodes.node(candidate);
      return identity.id === canonical && identity.environment === graph.environment;
    };
    const own = this.edgesWhere(({ kind, callee }) => kind === CallKind.OWN && is(callee));
    const inbound =
      own.length > 0
        ? []
        : this.edgesWhere(({ kind, callee, via }) => kind <= CallKind.ENTRY && (is(callee) || is(via)));
    const { operations, series, totals } = await this.details(
      request,
      [...own, ...inbound],
      own.length > 0 ? Measure.SERVER : Measure.CLIENT,
    );
    const versions = new Set<string>();
    for (const { service, resource } of this.sources.listSenders()) {
      if (is(service)) versions.add(this.directory.resource(resource).version);
    }
    versions.delete("");
    return {
      node,
      window: graph.window,
      versions: [...versions].sort(),
      operations,
      series,
      exemplars: exemplarsOfAll(totals),
    };
  }

  /** The id of the edge that an edge is counted as, by the id that it has or had before names were declared. */
  private canonicalEdge(id: string): string {
    const { named } = this;
    if (!named) return id;
    const [edge] = this.edgesWhere((key) => key.kind <= CallKind.ENTRY && publicId(key, this.directory) === id);
    return edge === undefined ? id : publicId(this.edges.key(edge), named.nodes);
  }

  /** Who the nodes are, by what is declared. */
  private get nodes(): Pick<Directory, "node" | "operation"> {
    return this.named?.nodes ?? this.directory;
  }

  private edgesWhere(wanted: (key: EdgeKey) => boolean): number[] {
    const found: number[] = [];
    for (let edge = 0; edge < this.edges.size; edge++) if (wanted(this.edges.key(edge))) found.push(edge);
    return found;
  }

  private async details(
    { fromMinute, toMinute }: GraphRequest,
    keys: readonly number[],
    measure: Measure,
  ): Promise<Pick<EdgeDetail, "operations" | "series"> & { totals: CallTotals }> {
    const window = { from: fromMinute, to: toMinute };
    const tables = this.book.list().filter(({ minute }) => minute >= window.from && minute < window.to);
    const except = tables.map(({ minute }) => minute);
    const only = new Set(keys);
    const stored = await this.store.readCalls(window, except, keys);
    const [points = []] = await this.store.readSeries(window, except, [keys]);
    const latency = await this.store.readBuckets(window, except, keys, measure);
    const totals = new CallTotals(true);
    totals.addSums(stored);
    for (const table of tables) {
      totals.addTable(table, only);
      const point = { minute: table.minute, minutes: 1, calls: 0, errors: 0 };
      const cells = new Set<number>();
      for (const { cell, edge, counts } of table.entries()) {
        if (!only.has(edge)) continue;
        cells.add(cell);
        point.calls += counts.calls;
        point.errors += counts.callee + counts.between;
      }
      if (point.calls === 0) continue;
      points.push(point);
      latency.set(table.minute, bucketsOf(table, cells, measure));
    }
    points.sort((a, b) => a.minute - b.minute);
    const series = points.map(({ minute, minutes, calls, errors }) => {
      const us = bucketQuantiles(latency.get(minute) ?? new Map(), [0.5, 0.99]);
      const [p50Ms = null, p99Ms = null] = us.map((value) => (value === null ? null : value / 1000));
      return { at: timeOf(minute)!, minutes, calls, errors, p50Ms, p99Ms };
    });
    return { totals, series, operations: operationsOf(this.directory, totals, measure) };
  }

  /** Every span of a trace (four words), whole, earliest first. Empty when nothing is known of it. */
  async trace(trace: Int32Array): Promise<Span[]> {
    const { columns, bodies } = await this.store.trace(trace);
    const wanted = new Map<number, Set<number>>();
    for (let row = 0; row < columns.length; row++) {
      const body = columns.body[row]!;
      wanted.set(body, (wanted.get(body) ?? new Set()).add(columns.offset[row]!));
    }
    const spans: Span[] = [];
    for (const [body, offsets] of wanted) {
      const compressed = bodies.get(body);
      if (compressed) spans.push(...readSpansAt(inflate(compressed, "gzip", MOST_BODY), offsets).values());
    }
    return spans.sort((a, b) => (a.startNs === b.startNs ? 0 : a.startNs < b.startNs ? -1 : 1));
  }
}

function publicId({ kind, caller, callee, via }: EdgeKey, nodes: Pick<Directory, "node">): string {
  const name = (node: number): string => nodes.node(node).id;
  const { environment } = nodes.node(callee);
  const names = { caller: name(caller), callee: name(callee), via: via ? name(via) : null };
  return edgeId({ environment, kind: EDGE_KINDS[kind as 0], ...names });
}

/** Samples of a measure in these cells of a minute, by latency bucket. */
function bucketsOf(table: CallTable, cells: ReadonlySet<number>, measure: Measure): Map<number, number> {
  const buckets = new Map<number, number>();
  table.eachBucket((cell, of, bucket, count) => {
    if (of === measure && cells.has(cell)) buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
  });
  return buckets;
}

/** What is stored was checked when it came in. */
const MOST_BODY = 1 << 30;
