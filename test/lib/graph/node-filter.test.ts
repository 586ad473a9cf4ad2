import { describe, expect, it } from "vitest";
import { nodeFilter } from "@/lib/graph/node-filter";
import { graphNode, graphOf } from "@/test/helpers/graph-answers";

describe("a filter over nodes", () => {
  const latency = { p50Ms: 5, p90Ms: 20, p95Ms: 40, p99Ms: 700, samples: 100 };
  const nodes = [
    graphNode("payments", { calls: 100, errors: 5, latency, aliases: ["billing"] }),
    graphNode("orders-db", { kind: "database", system: "postgresql", calls: 1000 }),
    graphNode("idle", { calls: 0 }),
  ];
  const graph = graphOf([], nodes);
  const found = (text: string): string[] => nodes.filter(nodeFilter(text, graph).matches).map(({ id }) => id);

  it("looks in names, ids and systems", () => {
    expect(found("PAY")).toEqual(["payments"]);
    expect(found("postgres")).toEqual(["orders-db"]);
    expect(found("billing")).toEqual(["payments"]);
    expect(found("")).toEqual(["payments", "orders-db", "idle"]);
  });

  it("compares in units, and what was not measured does not match", () => {
    expect(found("errors > 4 %")).toEqual(["payments"]);
    expect(found("errors >= 0 %")).toEqual(["payments", "orders-db"]);
    expect(found("p99 > 0.5 s")).toEqual(["payments"]);
    expect(found("rate > 50")).toEqual(["orders-db"]);
  });

  it("says what it does not understand", () => {
    expect(nodeFilter("paired > 1 %", graph).problem).toContain("paired > 1 %");
    expect(nodeFilter("errors > 1 %", graph).problem).toBeNull();
  });
});
