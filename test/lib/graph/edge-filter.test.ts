import { describe, expect, it } from "vitest";
import { edgeFilter } from "@/lib/graph/edge-filter";
import { graphEdge, graphOf } from "@/test/helpers/graph-answers";

const slow = { p50Ms: 40, p90Ms: 90, p95Ms: 120, p99Ms: 1200, samples: 1000 };
const none = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null, samples: 0 };
const graph = graphOf([
  graphEdge("web", "checkout", { calls: 1000, errors: 20, latency: { client: slow, server: none, gap: none } }),
  graphEdge("checkout", "payments", { calls: 100, errors: 0 }),
  graphEdge("orders", "shipping", { via: "topic:kafka/orders", kind: "async", calls: 0 }),
]);
const found = (text: string): string[] => {
  const { matches, problem } = edgeFilter(text, graph);
  expect(problem).toBeNull();
  return graph.edges.filter(matches).map(({ callee }) => callee);
};

describe("the filter over edges", () => {
  it.each([
    ["", ["checkout", "payments", "shipping"]],
    ["checkout", ["checkout", "payments"]],
    ["KAFKA", ["shipping"]],
    ["errors > 1 %", ["checkout"]],
    ["error>=2%", ["checkout"]],
    ["errors > 2 %", []],
    ["errors < 1 %", ["payments"]],
    ["p99 > 1 s", ["checkout"]],
    ["p99 > 500ms, errors > 0", ["checkout"]],
    ["rate > 50 /min", ["checkout"]],
    ["checkout, errors = 0", ["payments"]],
  ])("%s", (text, expected) => expect(found(text)).toEqual(expected));

  it("does not take a missing measurement for zero", () => {
    expect(found("p99 < 1 s")).toEqual([]);
    expect(found("errors < 100 %")).not.toContain("shipping");
  });

  it.each(["colour > 3", "p99 > fast", "errors >", "p99 > 5 lightyears", "constructor > 1", "errors > 1 constructor"])(
    "says what it does not understand: %s",
    (text) => expect(edgeFilter(text, graph).problem).toContain(`“${text}”`),
  );
});
