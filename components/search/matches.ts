// What of the graph a search finds, in the order in which it is stepped through.
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { nodeFilter } from "@/lib/graph/node-filter";

/** Nodes that meet a search (see `nodeFilter`), those whose names begin with it first; all of the graph for an empty one. */
export function matchesOf(text: string, graph: Graph): readonly GraphNode[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return graph.nodes;
  const { matches, problem } = nodeFilter(wanted, graph);
  const named = ({ name }: GraphNode): boolean => name.toLowerCase().includes(wanted);
  const begins = ({ name }: GraphNode): boolean => name.toLowerCase().startsWith(wanted);
  // What is no comparison after all may be a name.
  const found = graph.nodes.filter(problem === null ? matches : named);
  return [...found.filter(begins), ...found.filter((node) => !begins(node))];
}

/** The place of the match before or after that at `at`, round and round. */
export const stepFrom = (at: number, by: 1 | -1, count: number): number => (at + by + count) % count;
