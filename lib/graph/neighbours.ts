// How many neighbours each node has: distinct nodes, whatever the number of edges between.
import type { Graph } from "../contract/graph";

export interface NeighbourCounts {
  /** Nodes that it calls, and that call it; end users are one. */
  readonly calls: number;
  readonly calledBy: number;
  /** Where its messages go, and where the messages that it works on come from: topics where they are known. */
  readonly publishesTo: number;
  readonly consumesFrom: number;
}

type Sets = { readonly [name in keyof NeighbourCounts]: Set<string> };

/** Counts of every node of the graph; a node without edges has zeros. */
export function neighbourCounts({ nodes, edges }: Pick<Graph, "nodes" | "edges">): Map<string, NeighbourCounts> {
  const sets = new Map<string, Sets>();
  const of = (id: string): Sets => {
    let own = sets.get(id);
    if (!own) {
      own = { calls: new Set(), calledBy: new Set(), publishesTo: new Set(), consumesFrom: new Set() };
      sets.set(id, own);
    }
    return own;
  };
  const hop = (from: string, to: string): void => {
    of(from).publishesTo.add(to);
    of(to).consumesFrom.add(from);
  };
  for (const { caller, callee, via, kind } of edges) {
    if (kind !== "async") {
      of(caller).calls.add(callee);
      of(callee).calledBy.add(caller);
    } else if (via) {
      hop(caller, via);
      hop(via, callee);
    } else hop(caller, callee);
  }
  return new Map(
    nodes.map(({ id }) => {
      const { calls, calledBy, publishesTo, consumesFrom } = of(id);
      const counts = {
        calls: calls.size,
        calledBy: calledBy.size,
        publishesTo: publishesTo.size,
        consumesFrom: consumesFrom.size,
      };
      return [id, counts];
    }),
  );
}
