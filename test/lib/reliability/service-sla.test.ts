import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph, GraphEdge, GraphNode } from "@/lib/contract/graph";
import { ServiceSla } from "@/lib/contract/sla";
import { GraphIndex } from "@/lib/reliability/callees";
import { NO_OBJECTIVES, type Objectives } from "@/lib/reliability/objectives";
import { serviceSlas } from "@/lib/reliability/service-sla";
import { matchChanges, readWhatIf, type WhatIf } from "@/lib/reliability/what-if";
import { edge, graph, node } from "@/test/lib/export/sample-graph";

const objectives = (entries: Readonly<Record<string, number>>): Objectives =>
  new Map(Object.entries(entries).map(([id, availability]) => [id, { availability, latency: {}, line: 1 }]));

const errors = (callee: number, between = 0): Pick<GraphEdge, "errors" | "errorsBy"> => ({
  errors: callee + between,
  errorsBy: { callee, between, clientError: 0, throttled: 0 },
});

function slas(answer: Graph, declared: Objectives, ...changes: string[]): Map<string, ServiceSla> {
  const index = new GraphIndex(answer);
  const read = changes.map((text) => readWhatIf(text) as WhatIf);
  const matched = matchChanges(index, declared, read);
  expect(matched.unmatched).toEqual([]);
  const list = serviceSlas(answer, index, declared, matched.changes);
  for (const sla of list) expect(ServiceSla.parse(sla)).toEqual(sla);
  return new Map(list.map((sla) => [sla.id, sla]));
}

const topic = (id: string, system: string): GraphNode => node(id, { kind: "topic", system, role: null });

describe("direct callees", () => {
  const database = node("db:postgresql/stock@db:5432", { kind: "database", name: "stock", role: null });
  const external = node("external:api.stripe.com", { kind: "external", role: null });
  const answer = graph(
    [
      node("shop"),
      node("stock"),
      node("mailer"),
      node("gifts"),
      node("audit"),
      database,
      external,
      topic("topic:kafka/orders", "kafka"),
      topic("topic:kafka/events", "kafka"),
      node("entry:user", { kind: "entry", role: null }),
    ],
    [
      edge("entry:user", "shop", { kind: "entry" }),
      edge("shop", "stock"),
      edge("shop", database.id, { kind: "database" }),
      edge("shop", external.id),
      edge("shop", "shop"),
      edge("shop", "gifts", { calls: 0, state: "no_calls" }),
      edge("shop", "mailer", { kind: "async", via: "topic:kafka/orders" }),
      edge("shop", "topic:kafka/events", { kind: "async" }),
      edge("shop", "audit", { kind: "async" }),
    ],
  );
  const shop = (declared: Objectives, ...changes: string[]): ServiceSla =>
    slas(answer, declared, ...changes).get("shop")!;

  it("are what is called; consumers, topics, what is idle and the service itself are not", () => {
    const { declared, notCounted, observed } = shop(NO_OBJECTIVES);
    expect(declared.missing).toEqual([database.id, external.id, "stock"]);
    expect(declared).toMatchObject({ best: null, independent: null, worst: null, atMost: true, equalSplit: null });
    expect(notCounted.map(({ id, reason }) => `${id} ${reason}`)).toEqual([
      "audit async",
      "gifts no_calls",
      "mailer async",
      "shop self_call",
      "topic:kafka/events async",
    ]);
    expect(observed.callees.map(({ id }) => id)).toEqual([database.id, external.id, "stock"]);
  });

  it("a topic or a broker counts once where an objective is declared for it", () => {
    expect(shop(objectives({ "topic:kafka/orders": 0.99 })).declared).toMatchObject({
      independent: { availability: 0.99 },
    });
    const broker = shop(objectives({ "topic:kafka": 0.99 }));
    expect(broker.declared.independent?.availability).toBe(0.99);
    expect(broker.declared.callees[0]).toMatchObject({
      id: "topic:kafka",
      edges: [expect.any(String), expect.any(String)],
    });
    expect(broker.observed.callees.map(({ id }) => id)).not.toContain("topic:kafka");
    const both = shop(objectives({ "topic:kafka": 0.99, "topic:kafka/orders": 0.999 }));
    expect(both.declared.worst?.availability).toBe(0.989);
  });

  it("an objective of a consumer changes nothing", () => {
    const some = { stock: 0.99 };
    expect(shop(objectives({ ...some, mailer: 0.5, audit: 0.5 }))).toEqual(shop(objectives(some)));
  });

  it("a missing objective is never 1", () => {
    const { declared, verdict } = shop(objectives({ shop: 0.9, stock: 0.99 }));
    expect(declared).toMatchObject({ atMost: true, missing: [database.id, external.id] });
    expect(verdict).toBeNull();
    expect(shop(objectives({ shop: 0.999, stock: 0.99 })).verdict).toBe("impossible");
  });

  it("ids with colons can be changed", () => {
    const declared = objectives({ stock: 0.99, [database.id]: 0.9, [external.id]: 0.9 });
    const then = shop(declared, `shop:${database.id}:drop`, `shop:${external.id}:async`);
    expect(then.declared.independent?.availability).toBe(0.99);
    expect(then.notCounted.find(({ id }) => id === external.id)?.reason).toBe("async");
    expect(then.notCounted.some(({ id }) => id === database.id)).toBe(false);
  });
});

describe("what was observed", () => {
  it("is nothing where nothing was recorded", () => {
    const answer = graph(
      [node("idle", { calls: 0 }), node("dark", { state: "not_instrumented", spans: 0 }), node("b")],
      [edge("idle", "b"), edge("b", "dark")],
    );
    const all = slas(answer, objectives({ dark: 0.9, idle: 0.9, b: 0.99 }));
    expect(all.get("idle")!.observed).toMatchObject({
      best: null,
      own: null,
      expected: null,
      measured: null,
      callees: [],
    });
    expect(all.get("idle")!.declared.independent?.availability).toBe(0.99);
    expect(all.get("dark")).toMatchObject({ verdict: null, declared: { best: null }, observed: { best: null } });
  });

  it("keeps failures on the way apart from those of the callee, and both out of nothing", () => {
    const answer = graph(
      [node("a", { calls: 1000, ...errors(30) }), node("b", { calls: 990, ...errors(10) })],
      [edge("a", "b", { calls: 1000, ...errors(10, 10) })],
    );
    const { observed } = slas(answer, NO_OBJECTIVES).get("a")!;
    expect(observed.callees[0]).toMatchObject({ availability: 0.98, callProbability: 1, loss: 0.02 });
    expect(observed.own).toBe(0.98); // 10 of its own, 10 between them
    expect(observed.independent?.availability).toBe(0.98);
  });

  it("takes sampling weights where all are known", () => {
    const answer = graph(
      [node("a", { calls: 10, estimatedCalls: 1000 }), node("b")],
      [edge("a", "b", { calls: 10, estimatedCalls: 300 })],
    );
    expect(slas(answer, NO_OBJECTIVES).get("a")!.observed.callees[0]!.callProbability).toBe(0.3);
  });

  it("ends in loops, each member once", () => {
    const names = ["a", "b", "c", "d"];
    const answer = graph(
      names.map((name) => node(name, { calls: 1000, ...errors(10) })),
      names.flatMap((caller) => names.map((callee) => edge(caller, callee, { calls: 1000 }))),
    );
    const { observed } = slas(answer, NO_OBJECTIVES).get("a")!;
    expect(observed.reachable).toBeCloseTo(0.99 ** 3, 12);
    expect(observed.expected?.availability).toBeCloseTo(0.99 ** 4, 12);
  });

  it("says when there was not enough traffic to confirm the target", () => {
    const enough = (calls: number): boolean | null =>
      slas(graph([node("a", { calls })], []), objectives({ a: 0.999 })).get("a")!.observed.confidence.enough;
    expect([enough(2994), enough(2995)]).toEqual([false, true]);
  });
});

const ratio = fc.double({ min: 0.5, max: 1, noNaN: true });
const FIGURES = ["best", "independent", "worst"] as const;
const numbers = (sla: ServiceSla, of: "declared" | "observed"): (number | undefined)[] =>
  FIGURES.map((figure) => sla[of][figure]?.availability);

describe("for any graph", () => {
  const calls = fc.array(
    fc.record({
      caller: fc.integer({ min: 0, max: 5 }),
      callee: fc.integer({ min: 0, max: 5 }),
      calls: fc.integer({ min: 1, max: 100 }),
      failed: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 20 },
  );
  const declared = fc.array(ratio, { minLength: 6, maxLength: 6 });

  const build = (
    list: readonly { caller: number; callee: number; calls: number; failed: number }[],
    more: GraphEdge[] = [],
  ) =>
    graph(
      Array.from({ length: 7 }, (_, index) => node(`s${index}`, { calls: 50, ...errors(25) })),
      [
        ...list.map(({ caller, callee, calls, failed }, index) =>
          edge(`s${caller}`, `s${callee}`, { id: String(index), calls, ...errors(Math.floor(calls * failed)) }),
        ),
        ...more,
      ],
    );
  const all = (ratios: readonly number[]): Objectives =>
    objectives(Object.fromEntries([...ratios, 0.9].map((value, index) => [`s${index}`, value])));

  it("an asynchronous callee never counts", () => {
    const consumer = edge("s0", "s6", { kind: "async", id: "async", ...errors(5) });
    fc.assert(
      fc.property(calls, declared, (list, ratios) => {
        const { notCounted: _, ...without } = slas(build(list), all(ratios)).get("s0")!;
        const { notCounted, ...rest } = slas(build(list, [consumer]), all(ratios)).get("s0")!;
        expect(rest).toEqual(without);
        expect(notCounted.map(({ id }) => id)).toContain("s6");
      }),
      { numRuns: 50 },
    );
  });

  it("another synchronous callee never raises a ceiling, and one that fails lowers the worst case", () => {
    const callee = edge("s0", "s6", { id: "sync", ...errors(1) });
    fc.assert(
      fc.property(calls, declared, (list, ratios) => {
        const before = slas(build(list), all(ratios)).get("s0")!;
        const after = slas(build(list, [callee]), all(ratios)).get("s0")!;
        for (const of of ["declared", "observed"] as const) {
          numbers(after, of).forEach((value, index) => {
            expect(value).toBeLessThanOrEqual(numbers(before, of)[index]! + 1e-12);
          });
          const [, , worst] = numbers(before, of);
          if (worst! > 0) expect(numbers(after, of)[2]).toBeLessThan(worst!);
        }
      }),
      { numRuns: 50 },
    );
  });
});
