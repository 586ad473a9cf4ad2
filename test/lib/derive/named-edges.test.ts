// Aliases against the truth: the graph of senders with two names, declared to be one, is the graph of the same spans renamed at
// the source. Exact: counts, buckets (through every quantile and its samples) and when things were seen.
import { describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import { type DeclaredNames, NO_NAMES } from "@/lib/domain/declared-names";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { OfflineGraph } from "@/lib/services/offline-graph";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { declaredSeconds, withSecondNames } from "@/test/helpers/second-names";
import { tangledSpans } from "@/test/helpers/tangled-spans";

async function graphOf(spans: readonly Span[], names: DeclaredNames = NO_NAMES): Promise<Graph> {
  const offline = new OfflineGraph(names);
  await offline.readFile(
    (async function* () {
      yield encodeSpans(spans);
    })(),
  );
  return offline.answer().graphs[0]!;
}

/** All but the example traces, of which any of the edge's will do, and which second names there were. */
const comparable = ({ nodes, edges, stats, window, environments }: Graph) => ({
  nodes: nodes.map(({ aliases: _, ...node }) => node),
  edges: edges.map(({ exemplars: _, ...edge }) => edge).sort((a, b) => (a.id < b.id ? -1 : 1)),
  stats,
  window,
  environments,
});

const SEED = String(Date.now());

function shop(seed: string, requests: number): Span[] {
  const simulation = new Simulation(ecommerce, seededRandom(seed), new Truth());
  const all = Array.from({ length: requests }, (_, i) => simulation.request(1_760_000_000_000_000 + i * 1_000_000));
  return all.flatMap(({ spans }) => spans);
}

/** A service that names itself as its far side makes no call; under two names it calls itself. */
const namesItself = ({ attributes, resource }: Span): boolean =>
  attributes.some(
    ([key, value]) => key === "peer.service" && value === textAttribute(resource.attributes, "service.name"),
  );

/** The graph of the spans as they are, and that of the same with second names. */
async function both(spans: readonly Span[], sent: readonly Span[], names?: DeclaredNames) {
  const renamed = await graphOf(spans);
  const declared = names ?? declaredSeconds(renamed.nodes.map(({ id }) => id));
  return { renamed, merged: await graphOf(sent, declared), apart: await graphOf(sent) };
}

describe(`senders with two names (${SEED})`, { timeout: 120_000 }, () => {
  it("have the graph of senders with one, in 200 tangles without links", async () => {
    let apartSeen = 0;
    for (let n = 0; n < 200; n++) {
      const random = seededRandom(`${SEED} ${n}`);
      const spans = tangledSpans(random, { traces: 12, spansPerTrace: 12, spreadUs: 300_000_000 })
        .filter((span) => !namesItself(span))
        .map((span) => ({ ...span, links: [] }));
      const { renamed, merged, apart } = await both(
        spans,
        withSecondNames(spans, random, { services: true, others: true }),
      );
      expect(comparable(merged), `seed ${SEED} ${n}`).toEqual(comparable(renamed));
      if (JSON.stringify(comparable(apart)) !== JSON.stringify(comparable(renamed))) apartSeen++;
    }
    expect(apartSeen, "without the merge the graphs differ").toBeGreaterThan(150);
  });

  it("have it in 100 tangles with links across traces, where hosts, databases and topics have two names", async () => {
    for (let n = 0; n < 100; n++) {
      const random = seededRandom(`${SEED} linked ${n}`);
      const spans = tangledSpans(random, { traces: 10, spansPerTrace: 10, spreadUs: 300_000_000 }).filter(
        (span) => !namesItself(span),
      );
      const { renamed, merged } = await both(spans, withSecondNames(spans, random, { services: false, others: true }));
      expect(comparable(merged), `seed ${SEED} linked ${n}`).toEqual(comparable(renamed));
    }
  });

  it("have it in the simulated shop, with as many example traces", async () => {
    for (let n = 0; n < 20; n++) {
      const spans = shop(`${SEED} shop ${n}`, 60);
      const sent = withSecondNames(spans, seededRandom(`${SEED} names ${n}`), { services: true, others: true });
      const { renamed, merged } = await both(spans, sent);
      expect(comparable(merged), `seed ${SEED} shop ${n}`).toEqual(comparable(renamed));
      expect(merged.nodes.some(({ aliases }) => aliases !== undefined)).toBe(true);
      const examplesOf = ({ edges }: Graph) =>
        edges.map(({ id, exemplars }) => [id, ...Object.values(exemplars).map((trace) => trace !== null)]).sort();
      expect(examplesOf(merged)).toEqual(examplesOf(renamed));
    }
  });

  it("call themselves where work passes between two names", async () => {
    const [first] = shop(`${SEED} self`, 1);
    const named = (service: string, spanId: string, parentSpanId: string): Span => ({
      ...first!,
      spanId,
      parentSpanId,
      kind: SpanKind.INTERNAL,
      links: [],
      attributes: [],
      resource: { attributes: [["service.name", service]] },
    });
    const spans = [named("checkout", "a".repeat(16), ""), named("checkout~", "b".repeat(16), "a".repeat(16))];
    const { nodes, edges, stats } = await graphOf(spans, declaredSeconds(["checkout"]));
    expect(nodes.map(({ id }) => id)).toEqual(["checkout"]);
    expect(edges.map(({ caller, callee, calls }) => [caller, callee, calls])).toEqual([["checkout", "checkout", 1]]);
    expect(stats.selfCalls).toBe(1);
  });

  it("would be caught with the merge switched off", async () => {
    const spans = shop(`${SEED} off`, 60);
    const sent = withSecondNames(spans, seededRandom(`${SEED} off names`), { services: true, others: true });
    const { renamed, apart } = await both(spans, sent);
    expect(comparable(apart)).not.toEqual(comparable(renamed));
    expect(apart.nodes.length).toBeGreaterThan(renamed.nodes.length);
  });
});
