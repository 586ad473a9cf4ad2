import { describe, expect, it } from "vitest";
import { focusGraph } from "@/lib/graph/neighbourhood";
import { graphEdge, graphOf } from "@/test/helpers/graph-answers";

const topic = "topic:kafka/orders";
const graph = graphOf([
  graphEdge("web", "bff"),
  graphEdge("bff", "checkout"),
  graphEdge("checkout", "payments"),
  graphEdge("payments", "stripe"),
  graphEdge("checkout", "mail", { via: topic, kind: "async" }),
  graphEdge("mail", "smtp"),
  graphEdge("other", "payments"),
  graphEdge("bff", "payments"),
]);
const shown = (node: string, callers: number, callees: number) => {
  const { graph: part, hidden } = focusGraph(graph, { node, callers, callees });
  return { nodes: part.nodes.map(({ id }) => id).sort(), edges: part.edges.length, hidden };
};

describe("focus on a node", () => {
  it("keeps callers and callees so many steps away, topics on the way, and every edge between them", () => {
    expect(shown("checkout", 1, 1)).toEqual({
      nodes: ["bff", "checkout", "mail", "payments", topic],
      edges: 4,
      hidden: 4,
    });
    expect(shown("checkout", 0, 1)).toEqual({ nodes: ["checkout", "mail", "payments", topic], edges: 2, hidden: 5 });
    expect(shown("checkout", 2, 0)).toEqual({ nodes: ["bff", "checkout", "web"], edges: 2, hidden: 6 });
    expect(shown("checkout", 1, 2).nodes).toContain("stripe");
    expect(shown("checkout", 9, 9).nodes).not.toContain("other");
  });

  it("works from a topic", () => {
    expect(shown(topic, 1, 1).nodes).toEqual(["checkout", "mail", topic]);
  });

  it("shows everything when the node is not there", () => {
    expect(focusGraph(graph, { node: "gone", callers: 1, callees: 1 })).toEqual({ graph, hidden: 0 });
  });

  it("does not run forever in a circle", () => {
    const circle = graphOf([graphEdge("a", "b"), graphEdge("b", "a")]);
    expect(focusGraph(circle, { node: "a", callers: 99, callees: 99 }).graph.nodes).toHaveLength(2);
  });
});
