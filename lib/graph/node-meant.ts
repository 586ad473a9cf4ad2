// The node that an id means, when headwater.yaml may say that it is another one's.
import type { Graph, GraphNode } from "../contract/graph";

/** The node of this id, else the one that it is an alias of; undefined when the graph has neither. */
export const nodeMeant = ({ nodes }: Pick<Graph, "nodes">, id: string): GraphNode | undefined =>
  nodes.find((node) => node.id === id) ?? nodes.find(({ aliases }) => aliases?.includes(id));
