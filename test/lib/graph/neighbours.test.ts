import { describe, expect, it } from "vitest";
import { neighbourCounts } from "@/lib/graph/neighbours";
import { graphEdge, graphOf } from "@/test/helpers/graph-answers";

describe("how many neighbours a node has", () => {
  const graph = graphOf([
    graphEdge("web", "api"),
    graphEdge("app", "api"),
    graphEdge("api", "db", { kind: "database" }),
    graphEdge("api", "mail", { kind: "async", via: "topic:orders" }),
    graphEdge("api", "audit", { kind: "async", via: "topic:orders" }),
    graphEdge("api", "topic:lost", { kind: "async" }),
    graphEdge("entry:user", "web", { kind: "entry" }),
    graphEdge("api", "api"),
  ]);
  const counts = neighbourCounts(graph);

  it("counts distinct nodes, calls and messages apart", () => {
    expect(counts.get("api")).toEqual({ calls: 2, calledBy: 3, publishesTo: 2, consumesFrom: 0 });
    expect(counts.get("web")).toEqual({ calls: 1, calledBy: 1, publishesTo: 0, consumesFrom: 0 });
    expect(counts.get("mail")).toEqual({ calls: 0, calledBy: 0, publishesTo: 0, consumesFrom: 1 });
    expect(counts.get("topic:orders")).toEqual({ calls: 0, calledBy: 0, publishesTo: 2, consumesFrom: 1 });
  });

  it("has an entry for every node", () => {
    expect([...counts.keys()].sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
  });
});
