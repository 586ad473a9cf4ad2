// A filter over nodes by name, id, other declared ids, system and numbers.
import type { Graph, GraphNode } from "../contract/graph";
import { coveredMinutes } from "./covered-minutes";
import { type Fields, share, type TermFilter, termFilter } from "./term-filter";

const fieldsOf = (minutes: number): Fields<GraphNode> =>
  new Map(
    Object.entries<(node: GraphNode) => number | null>({
      errors: (node) => share(node.errors, node.calls),
      rate: (node) => node.calls / minutes,
      p50: (node) => node.latency.p50Ms,
      p90: (node) => node.latency.p90Ms,
      p99: (node) => node.latency.p99Ms,
    }),
  );

export const nodeFilter = (text: string, graph: Graph): TermFilter<GraphNode> =>
  termFilter(text, fieldsOf(coveredMinutes(graph)), ({ id, name, system, aliases = [] }) => [
    id,
    name,
    system,
    ...aliases,
  ]);
