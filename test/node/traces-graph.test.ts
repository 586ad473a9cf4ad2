// The graph of found traces on real DuckDB, against the graph of a file that holds exactly these traces, and against plain
// counts over the spans that were sent.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import { TracesGraph } from "@/lib/contract/trace";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { MOST_MAPPED } from "@/lib/engine/traces-graph";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { readMappedTraces } from "@/lib/services/find-traces";
import { OfflineGraph } from "@/lib/services/offline-graph";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { EngineRig } from "@/test/helpers/engine-rig";

const START_MS = 1_760_000_000_000;
const END_MS = START_MS + 240_000;
const seed = `traces graph ${Date.now()}`;
const WHOLE = { from: String(START_MS - 60_000), to: String(END_MS + 60_000) };

const serviceOf = (span: Span): string => textAttribute(span.resource.attributes, "service.name")!;

/** What counts; when something was seen depends on the window. */
const counted = ({ nodes, edges }: Graph): unknown => ({
  nodes: nodes.map(({ firstSeen: _, lastSeen: __, ...node }) => node).sort((a, b) => (a.id < b.id ? -1 : 1)),
  edges: edges
    .map(({ firstSeen: _, lastSeen: __, exemplars: ___, ...edge }) => edge)
    .sort((a, b) => (a.id < b.id ? -1 : 1)),
});

async function offline(spans: readonly Span[]): Promise<Graph> {
  const graph = new OfflineGraph();
  await graph.readFile(
    (async function* () {
      yield encodeSpans(spans);
    })(),
  );
  return graph.answer().graphs[0]!;
}

describe(`the graph of found traces, ${seed}`, () => {
  const spans: Span[] = [];
  let rig: EngineRig;

  const ask = async (params: Record<string, string>): Promise<TracesGraph> => {
    const search = readMappedTraces(new URLSearchParams({ ...WHOLE, ...params }), END_MS);
    return TracesGraph.parse(await rig.engine.tracesGraph(search, "data-flow"));
  };
  /** Every span of the newest traces, at most `most`, that have one which meets this. */
  const ofTraces = (meets: (span: Span) => boolean, most = MOST_MAPPED): { spans: Span[]; traces: number } => {
    const ids = new Set(spans.filter(meets).map(({ traceId }) => traceId));
    const startOf = (id: string): bigint =>
      spans
        .filter(({ traceId }) => traceId === id)
        .map(({ startNs }) => startNs)
        .sort((a, b) => (a < b ? -1 : 1))[0]!;
    const newest = [...ids]
      .map((id) => ({ id, start: startOf(id) / 1000n }))
      .sort((a, b) => (a.start < b.start ? 1 : -1))
      .slice(0, most)
      .map(({ id }) => id);
    const kept = new Set(newest);
    return { spans: spans.filter(({ traceId }) => kept.has(traceId)), traces: newest.length };
  };

  beforeAll(async () => {
    const simulation = new Simulation(ecommerce, seededRandom(seed), new Truth());
    for (let i = 0; i < 500; i++) spans.push(...simulation.request((START_MS + i * 450) * 1000).spans);
    rig = await EngineRig.open();
    const deliveries = [];
    for (let at = 0; at < spans.length; at += 700) deliveries.push({ atMs: END_MS, spans: spans.slice(at, at + 700) });
    await rig.deliver(deliveries);
  }, 60_000);
  afterAll(() => rig.close());

  it("is what a file with exactly these traces gives", async () => {
    const slow = (span: Span): boolean => span.endNs - span.startNs >= 120_000_000n;
    const conditions: [Record<string, string>, (span: Span) => boolean][] = [
      [{ service: "payment-service" }, (span) => serviceOf(span) === "payment-service"],
      [{ minMs: "120" }, slow],
      [{}, () => true],
    ];
    for (const [params, meets] of conditions) {
      const answer = await ask(params);
      const told = ofTraces(meets);
      expect(answer.traces).toBe(told.traces);
      expect(counted(answer.graph)).toEqual(counted(await offline(told.spans)));
      // The saboteur's twin: one trace less is another graph.
      const less = told.spans.filter(({ traceId }) => traceId !== told.spans[0]!.traceId);
      expect(counted(answer.graph)).not.toEqual(counted(await offline(less)));
    }
  });

  it("counts calls of these traces and no others", async () => {
    const { graph } = await ask({ service: "payment-service" });
    const told = ofTraces((span) => serviceOf(span) === "payment-service");
    const byId = new Map(told.spans.map((span) => [span.spanId, span]));
    const calls = (from: readonly Span[]): number =>
      from.filter((span) => {
        const parent = byId.get(span.parentSpanId);
        return (
          serviceOf(span) === "payment-service" &&
          span.kind === SpanKind.SERVER &&
          parent &&
          serviceOf(parent) === "order-service"
        );
      }).length;
    const edge = graph.edges.find(({ caller, callee }) => caller === "order-service" && callee === "payment-service")!;
    expect(calls(told.spans)).toBeGreaterThan(0);
    expect(edge.calls).toBe(calls(told.spans));
    const all = await rig.engine.graph({
      fromMinute: START_MS / 60_000 - 2,
      toMinute: END_MS / 60_000 + 2,
      environment: null,
      perspective: "data-flow",
    });
    const gateway = ({ nodes }: Graph): number => nodes.find(({ kind }) => kind === "entry")?.calls ?? 0;
    expect(graph.stats.calls).toBeLessThan(all.stats.calls);
    expect(gateway(graph)).toBeLessThanOrEqual(gateway(all));
  });

  it("is of one trace by its id, wherever it lies in time", async () => {
    const ids = [...new Set(spans.map(({ traceId }) => traceId))];
    for (const trace of [ids[0]!, ids[250]!, ids.at(-1)!]) {
      const told = spans.filter(({ traceId }) => traceId === trace);
      const answer = await ask({
        trace: trace.toUpperCase(),
        from: String(START_MS - 86_400_000),
        to: String(START_MS),
      });
      expect([answer.traces, answer.more, answer.searched.spans]).toEqual([1, false, told.length]);
      expect(counted(answer.graph)).toEqual(counted(await offline(told)));
      const other = spans.filter(({ traceId }) => traceId === ids[1]);
      expect(counted(answer.graph)).not.toEqual(counted(await offline([...told, ...other])));
    }
    expect(await ask({ trace: "1" })).toMatchObject({ traces: 0, graph: { nodes: [] } });
    await expect(ask({ trace: "rubbish" })).rejects.toThrow("trace must be up to 32 hex digits");
    await expect(ask({ trace: "1", error: "true" })).rejects.toThrow("trace cannot stand beside error");
  });

  it("says that it stops at the newest two hundred", async () => {
    const answer = await ask({});
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBeGreaterThan(MOST_MAPPED);
    expect([answer.traces, answer.more]).toEqual([MOST_MAPPED, true]);
    const few = await ask({ minMs: "1000000" });
    expect([few.traces, few.more, few.graph.nodes]).toEqual([0, false, []]);
  });
});
