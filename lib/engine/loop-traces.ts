// The traces by which a knot is typed: the newest with calls of its probe edges, with the traces that they are linked with.
import type { GraphEdge } from "../contract/graph";
import { CallKind, type EdgeBook } from "../derive/edge-book";
import { edgeId } from "../derive/service-graph";
import type { Directory } from "../domain/directory";
import { hexOfWords } from "../domain/ids";
import { EDGE_KINDS } from "../domain/node";
import { ID_WORDS, type SpanColumns } from "../domain/span-columns";
import { chainSpans } from "../graph/chain-spans";
import type { Knot } from "../graph/find-cycles";
import type { Probe } from "../graph/probe-edges";
import { NO_TRACES, type TracesLookedAt } from "../graph/type-cycle";
import type { MinuteRange, SpanStore } from "../store/span-store";
import type { MinuteBook } from "./minute-book";

const US_PER_MINUTE = 60_000_000;
const HOUR_US = 60 * US_PER_MINUTE;
const MOST_SPANS = 100_000;
/** Messages from trace to trace that are followed, either way. */
const MOST_LINK_STEPS = 4;
/** Above, the whole window is searched at once. */
const MOST_NARROWED = 8;

export class LoopTraces {
  /** Several where names are declared to mean the same. */
  private keysOfId: Map<string, number[]> | undefined;

  constructor(
    private readonly store: SpanStore,
    private readonly directory: Pick<Directory, "node" | "operation">,
    private readonly edges: EdgeBook,
    private readonly book: MinuteBook,
    private readonly window: MinuteRange,
    private readonly environment: string,
  ) {}

  async of(probes: readonly Probe[], { hops, cut }: Pick<Knot, "hops" | "cut">): Promise<TracesLookedAt> {
    const found = await this.find(probes, new Set([probes[0]?.edge, ...cut.edges]));
    const traces = [...new Map(found.flatMap((of) => of.traces).map((words) => [words.join(), words])).values()];
    if (traces.length === 0) return NO_TRACES;
    // A way round goes on in another trace at most once for each message on it.
    const messages = [...hops.values()].flat().filter(({ kind }) => kind === "async").length;
    const spans = await this.spansOf(traces, Math.min(messages, MOST_LINK_STEPS));
    const read = new Set(spans.traces.map((words) => words.join()));
    return {
      edges: found.map(({ edge, traces: asked, all }) => {
        const kept = asked.filter((words) => read.has(words.join()));
        return { edge, traces: kept.map((words) => hexOfWords(words, 0, 4)), all: all && kept.length === asked.length };
      }),
      spans: chainSpans(spans.columns, this.directory),
    };
  }

  /** @param judging of these there must be enough; the others are as they come beside them. */
  private async find(
    probes: readonly Probe[],
    judging: ReadonlySet<GraphEdge | undefined>,
  ): Promise<{ edge: GraphEdge; traces: readonly Int32Array[]; all: boolean }[]> {
    const asked = probes.map(({ edge, most }) => ({ keys: this.keysOf(edge.id), most }));
    const since = await this.since(asked.filter((_, i) => judging.has(probes[i]!.edge)));
    const found = await this.store.tracesWithCalls(
      asked.map(({ keys, most }) => ({
        pairs: keys.map((key) => ({ caller: this.edges.caller(key), callee: this.edges.callee(key) })),
        most,
      })),
      since * US_PER_MINUTE,
      this.window.to * US_PER_MINUTE,
    );
    return probes.map(({ edge }, i) => {
      const { traces, more } = found[i]!;
      return { edge, traces, all: since === this.window.from && asked[i]!.keys.length > 0 && !more };
    });
  }

  private keysOf(id: string): readonly number[] {
    this.keysOfId ??= this.indexKeys();
    return this.keysOfId.get(id) ?? [];
  }

  private indexKeys(): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (let edge = 0; edge < this.edges.size; edge++) {
      const { kind, caller, callee, via } = this.edges.key(edge);
      if (!isCall(kind) || this.directory.node(callee).environment !== this.environment) continue;
      const name = (node: number): string => this.directory.node(node).id;
      const { environment } = this;
      const key = { environment, kind: EDGE_KINDS[kind], caller: name(caller), callee: name(callee) };
      const id = edgeId({ ...key, via: via === 0 ? null : name(via) });
      found.set(id, [...(found.get(id) ?? []), edge]);
    }
    return found;
  }

  /** The latest minute from which on each of the edges has enough calls; that of the window's begin when one has not. */
  private async since(asked: readonly { keys: readonly number[]; most: number }[]): Promise<number> {
    const { from, to } = this.window;
    if (asked.length > MOST_NARROWED) return from;
    const tables = this.book.list().filter(({ minute }) => minute >= from && minute < to);
    const except = tables.map(({ minute }) => minute);
    const series = await this.store.readSeries(
      this.window,
      except,
      asked.map(({ keys }) => keys),
    );
    let since = to;
    for (const [i, { keys, most }] of asked.entries()) {
      const points = series[i]!;
      const own = new Set(keys);
      for (const table of tables)
        for (const { edge, counts } of table.entries())
          if (own.has(edge)) points.push({ minute: table.minute, minutes: 1, calls: counts.calls, errors: 0 });
      points.sort((a, b) => b.minute - a.minute);
      let calls = 0;
      const last = points.find((point) => {
        calls += point.calls;
        return calls > most;
      });
      if (!last) return from;
      since = Math.min(since, last.minute);
    }
    return since;
  }

  /** Whole traces, and what they are linked with step by step; fewer of them when they are too long. */
  private async spansOf(
    traces: readonly Int32Array[],
    steps: number,
  ): Promise<{ traces: readonly Int32Array[]; columns: SpanColumns }> {
    const fromUs = this.window.from * US_PER_MINUTE - HOUR_US;
    const toUs = this.window.to * US_PER_MINUTE + HOUR_US;
    for (let asked = traces; ; asked = asked.slice(0, Math.ceil(asked.length / 2))) {
      let columns = await this.store.relatives(asked, fromUs, toUs, MOST_SPANS);
      if (columns === null && asked.length > 1) continue;
      if (columns === null) columns = (await this.store.trace(asked[0]!)).columns;
      let known = traceIds(columns);
      for (let step = 1; step < steps && known.length > asked.length; step++) {
        const further = await this.store.relatives(known, fromUs, toUs, MOST_SPANS);
        if (further === null || further.length === columns.length) break;
        columns = further;
        known = traceIds(columns);
      }
      return { traces: asked, columns };
    }
  }
}

const isCall = (kind: CallKind): kind is 0 | 1 => kind === CallKind.SYNC || kind === CallKind.ASYNC;

function traceIds(columns: SpanColumns): Int32Array[] {
  const found = new Map<string, Int32Array>();
  for (let row = 0; row < columns.length; row++) {
    const words = columns.ids.slice(row * ID_WORDS, row * ID_WORDS + 4);
    found.set(words.join(), words);
  }
  return [...found.values()];
}
