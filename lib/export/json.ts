// The graph answer as JSON, for scripts. Every node and edge names its environment, so that several can stand in one document
// without becoming one.
import type { Graph } from "../contract/graph";
import type { GraphExport } from "./graph-export";

type Stats = Graph["stats"];

/** One graph answer of several environments: the same shape, but `environment` is null when there is more than one. */
export interface GraphDocument extends Omit<Graph, "environment" | "nodes" | "edges"> {
  readonly environment: string | null;
  readonly nodes: (Graph["nodes"][number] & { readonly environment: string })[];
  readonly edges: (Graph["edges"][number] & { readonly environment: string })[];
}

/** @param graphs at least one, all of the same window. */
export function graphDocument(graphs: readonly Graph[]): GraphDocument {
  const first = graphs[0]!;
  const total = (name: keyof Stats): number => graphs.reduce((sum, { stats }) => sum + stats[name], 0);
  const stats = Object.fromEntries(Object.keys(first.stats).map((name) => [name, total(name as keyof Stats)]));
  const all = <T extends object>(of: (graph: Graph) => readonly T[]): (T & { environment: string })[] =>
    graphs.flatMap((graph) => of(graph).map((element) => ({ ...element, environment: graph.environment })));
  return {
    ...first,
    environment: graphs.length === 1 ? first.environment : null,
    sample: { weightsKnown: graphs.every(({ sample }) => sample.weightsKnown) },
    stats: stats as Stats,
    nodes: all(({ nodes }) => nodes),
    edges: all(({ edges }) => edges),
  };
}

export const json: GraphExport = {
  id: "json",
  label: "JSON",
  extension: "json",
  mediaType: "application/json",
  write: (graphs) => `${JSON.stringify(graphDocument(graphs), null, 2)}\n`,
};
