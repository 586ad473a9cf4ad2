import { expect, it } from "vitest";
import { applyDelta } from "@/lib/client/graph-delta";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

it("a delta replaces what changed, drops what is gone, and leaves the rest as it was", () => {
  const before = graphOf([graphEdge("a", "b"), graphEdge("b", "c")]);
  const { nodes: _nodes, edges: _edges, perspective: _perspective, ...head } = before;
  const changed = graphEdge("a", "b", { calls: 99 });
  const after = applyDelta(before, {
    ...head,
    version: 2,
    nodes: [graphNode("d")],
    edges: [changed],
    gone: { nodes: ["c"], edges: ["b>c"] },
  });
  expect(after.version).toBe(2);
  expect(after.nodes.map(({ id }) => id)).toEqual(["a", "b", "d"]);
  expect(after.edges).toEqual([changed]);
  expect(after.nodes[0]).toBe(before.nodes[0]);
});
