import type { Graph, GraphDelta } from "../contract/graph";

/** The graph after a change. Elements that did not change stay the same objects. */
export function applyDelta(graph: Graph, delta: GraphDelta): Graph {
  const { nodes, edges, gone, ...head } = delta;
  return {
    ...graph,
    ...head,
    nodes: merged(graph.nodes, nodes, gone.nodes),
    edges: merged(graph.edges, edges, gone.edges),
  };
}

function merged<T extends { readonly id: string }>(
  before: readonly T[],
  changed: readonly T[],
  gone: readonly string[],
): T[] {
  if (changed.length === 0 && gone.length === 0) return before as T[];
  const next = new Map(before.map((item) => [item.id, item]));
  for (const id of gone) next.delete(id);
  for (const item of changed) next.set(item.id, item);
  return [...next.values()];
}
