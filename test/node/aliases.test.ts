// Aliases over stored spans: an engine that heard two names and is told that they are one, against an engine that heard one. The
// graph, every panel with its series and operations, the loops with their evidence, and the search for traces.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cycles } from "@/lib/contract/cycles";
import type { EdgeDetail, Graph, NodeDetail } from "@/lib/contract/graph";
import { type DeclaredNames, NO_NAMES } from "@/lib/domain/declared-names";
import type { Span } from "@/lib/domain/span";
import { readMappedTraces, readTraceSearch } from "@/lib/services/find-traces";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { loops } from "@/lib/simulate/loops";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import type { Scenario } from "@/lib/simulate/scenario";
import { Truth } from "@/lib/simulate/truth";
import { EngineRig } from "@/test/helpers/engine-rig";
import { declaredSeconds, withSecondNames } from "@/test/helpers/second-names";

const MINUTE_MS = 60_000;
const FROM_MS = Date.UTC(2026, 10, 22, 3);
const MINUTES = 5;
const REQUESTS = 120;
const ASKED = {
  fromMinute: FROM_MS / MINUTE_MS,
  toMinute: FROM_MS / MINUTE_MS + MINUTES + 1,
  environment: null,
  perspective: "data-flow" as const,
};
const WINDOW = { from: String(FROM_MS), to: String(FROM_MS + (MINUTES + 1) * MINUTE_MS), limit: "500" };

function told(scenario: Scenario, seed: string): Span[] {
  const simulation = new Simulation(scenario, seededRandom(seed), new Truth());
  const stepUs = (MINUTES * MINUTE_MS * 1000) / REQUESTS;
  return Array.from({ length: REQUESTS }, (_, i) => simulation.request(FROM_MS * 1000 + i * stepUs).spans).flat();
}

async function hearing(spans: readonly Span[]): Promise<EngineRig> {
  const rig = await EngineRig.open();
  await rig.deliver([{ atMs: FROM_MS + MINUTES * MINUTE_MS, spans }]);
  await rig.engine.settle();
  return rig;
}

const graphOf = (rig: EngineRig): Promise<Graph> => rig.engine.graph(ASKED);
const plainNode = ({ aliases: _, ...node }: Graph["nodes"][number]) => node;
const plainEdge = ({ exemplars: _, ...edge }: Graph["edges"][number]) => edge;

const undeclared = (graph: Graph) => ({ ...graph, version: 0, edges: graph.edges.map(plainEdge) });

async function panels(rig: EngineRig) {
  const { nodes, edges } = await graphOf(rig);
  const found: unknown[] = [];
  for (const { id } of nodes) {
    const detail: NodeDetail = (await rig.engine.node(ASKED, id))!;
    found.push({ ...detail, node: plainNode(detail.node), exemplars: null });
  }
  for (const id of edges.map((edge) => edge.id).sort()) {
    const detail: EdgeDetail = (await rig.engine.edge(ASKED, id))!;
    found.push({ ...detail, edge: plainEdge(detail.edge) });
  }
  return found;
}

async function tracesOf(rig: EngineRig, service: string, more: Record<string, string> = {}): Promise<string[]> {
  const search = readTraceSearch(new URLSearchParams({ ...WINDOW, service, ...more }), 0);
  return (await rig.engine.traces(search)).traces.map(({ traceId }) => traceId);
}

/** What does not depend on how often the engine was asked. */
const same = ({ version: _, ...answer }: Cycles) => answer;

const seed = String(Date.now());

describe.each([
  ["the shop", ecommerce],
  ["loops", loops],
])(`%s (${seed})`, (name, scenario) => {
  let one: EngineRig;
  let two: EngineRig;
  let names: DeclaredNames;
  let untold: ReturnType<typeof undeclared>;

  beforeAll(async () => {
    const spans = told(scenario, `${seed} ${name}`);
    one = await hearing(spans);
    two = await hearing(
      withSecondNames(spans, seededRandom(`${seed} ${name} names`), { services: true, others: true }),
    );
    names = declaredSeconds((await graphOf(one)).nodes.map(({ id }) => id));
    untold = undeclared(await graphOf(two));
    two.engine.declare(names);
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  it("has the graph of senders with one name", async () => {
    const [expected, answer] = [await graphOf(one), await graphOf(two)];
    expect(answer.nodes.map(plainNode)).toEqual(expected.nodes);
    expect(answer.edges.map(plainEdge)).toEqual(expected.edges.map(plainEdge));
    expect(answer.stats).toEqual(expected.stats);
    expect(answer.nodes.filter(({ aliases }) => aliases).length).toBeGreaterThan(3);
  });

  it("has their panels, with operations, versions and courses by minute", async () => {
    expect(await panels(two)).toEqual(await panels(one));
  });

  it("has their loops, by the same traces", async () => {
    const [expected, answer] = [await one.engine.cycles(ASKED), await two.engine.cycles(ASKED)];
    expect(same(answer)).toEqual(same(expected));
    expect(answer.cycles.length).toBe(name === "loops" ? 3 : 1);
  });

  it("finds their traces, by either name, and their graph", async () => {
    for (const { id, kind } of (await graphOf(one)).nodes) {
      if (kind === "entry") continue;
      const expected = await tracesOf(one, id);
      expect(expected.length, id).toBeGreaterThan(0);
      expect(await tracesOf(two, id), id).toEqual(expected);
      const [alias] = [...names.aliases].find(([, { canonical }]) => canonical === id)!;
      expect(await tracesOf(two, alias), alias).toEqual(expected);
    }
    const everything = readMappedTraces(new URLSearchParams(WINDOW), 0);
    const [expected, answer] = [
      await one.engine.tracesGraph(everything, "data-flow"),
      await two.engine.tracesGraph(everything, "data-flow"),
    ];
    expect(answer.graph.nodes.map(plainNode)).toEqual(expected.graph.nodes);
    expect(answer.graph.edges.map(plainEdge)).toEqual(expected.graph.edges.map(plainEdge));
  });

  it("opens the node and the edge that an old link means", async () => {
    const before = untold;
    for (const [alias, { canonical }] of names.aliases) {
      if (!before.nodes.some(({ id }) => id === alias)) continue;
      expect((await two.engine.node(ASKED, alias))?.node.id).toBe(canonical);
    }
    const meant = (id: string): string => names.aliases.get(id)?.canonical ?? id;
    for (const edge of before.edges)
      expect((await two.engine.edge(ASKED, edge.id))?.edge).toMatchObject({
        caller: meant(edge.caller),
        callee: meant(edge.callee),
        kind: edge.kind,
      });
  });

  it("is as before once the names are taken back, also after a restart", async () => {
    two.engine.declare(NO_NAMES);
    expect(undeclared(await graphOf(two))).toEqual(untold);
    two.engine.declare(names);
    await two.restart();
    expect(undeclared(await graphOf(two))).toEqual(untold);
  });

  it("would be caught without the names", async () => {
    two.engine.declare(NO_NAMES);
    const [expected, answer] = [await graphOf(one), await graphOf(two)];
    expect(answer.nodes.map(plainNode)).not.toEqual(expected.nodes);
    expect(await panels(two)).not.toEqual(await panels(one));
    const [service] = expected.nodes.filter(({ kind }) => kind === "service");
    expect(await tracesOf(two, service!.id)).not.toEqual(await tracesOf(one, service!.id));
  });
});
