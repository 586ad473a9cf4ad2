// The part of a graph around one node: so many steps towards callers, so many towards callees. Topics are looked through.
import type { Graph, GraphEdge } from "../contract/graph";

export interface Focus {
  readonly node: string;
  /** Steps; 0 for none. */
  readonly callers: number;
  readonly callees: number;
}

export interface FocusedGraph {
  readonly graph: Graph;
  /** How many nodes are left out. */
  readonly hidden: number;
}

/** The induced subgraph: the nodes in reach and every edge between them. The whole graph when it does not have the node. */
export function focusGraph(graph: Graph, { node, callers, callees }: Focus): FocusedGraph {
  if (!graph.nodes.some(({ id }) => id === node)) return { graph, hidden: 0 };
  const seen = new Set([node]);
  spread(seen, hopsBy(graph.edges, "callee", "caller"), node, callers);
  spread(seen, hopsBy(graph.edges, "caller", "callee"), node, callees);
  const edges = graph.edges.filter(({ caller, callee }) => seen.has(caller) && seen.has(callee));
  for (const { via } of edges) if (via) seen.add(via);
  const nodes = graph.nodes.filter(({ id }) => seen.has(id));
  return { graph: { ...graph, nodes, edges }, hidden: graph.nodes.length - nodes.length };
}

type Hops = ReadonlyMap<string, readonly string[]>;

/** Neighbours by node. A delivery is one step from publisher to consumer, and one from its topic to either. */
function hopsBy(edges: readonly GraphEdge[], near: "caller" | "callee", far: "caller" | "callee"): Hops {
  const hops = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = hops.get(from);
    if (known) known.push(to);
    else hops.set(from, [to]);
  };
  for (const edge of edges) {
    add(edge[near], edge[far]);
    if (edge.via) add(edge.via, edge[far]);
  }
  return hops;
}

function spread(seen: Set<string>, hops: Hops, start: string, steps: number): void {
  const reached = new Set([start]);
  let edge = [start];
  for (let step = 0; step < steps; step++) {
    const next = edge.flatMap((id) => hops.get(id) ?? []).filter((id) => !reached.has(id));
    for (const id of next) reached.add(id);
    edge = [...new Set(next)];
  }
  for (const id of reached) seen.add(id);
}
