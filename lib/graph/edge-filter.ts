// A filter over edges by their ends' names and their numbers.
import type { Graph, GraphEdge } from "../contract/graph";
import { coveredMinutes } from "./covered-minutes";
import { type Fields, share, type TermFilter, termFilter } from "./term-filter";

const fieldsOf = (minutes: number): Fields<GraphEdge> =>
  new Map(
    Object.entries<(edge: GraphEdge) => number | null>({
      errors: (edge) => share(edge.errors, edge.calls),
      fault: (edge) => share(edge.errorsBy.callee, edge.calls),
      rate: (edge) => edge.calls / minutes,
      p50: (edge) => edge.latency.client.p50Ms ?? edge.latency.server.p50Ms,
      p90: (edge) => edge.latency.client.p90Ms ?? edge.latency.server.p90Ms,
      p99: (edge) => edge.latency.client.p99Ms ?? edge.latency.server.p99Ms,
      paired: (edge) => share(edge.confidence.paired, edge.confidence.n),
    }),
  );

export function edgeFilter(text: string, graph: Graph): TermFilter<GraphEdge> {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  return termFilter(text, fieldsOf(coveredMinutes(graph)), ({ caller, callee, via }) =>
    [caller, callee, via ?? ""].map((id) => `${id} ${names.get(id) ?? ""}`),
  );
}
