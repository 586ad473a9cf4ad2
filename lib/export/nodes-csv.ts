// Nodes as comma-separated values. An empty cell is "not measured"; several aliases have a blank between them.
import type { Graph, GraphNode } from "../contract/graph";
import { neighbourCounts } from "../graph/neighbours";
import { type Cell, csvText } from "./csv";

const HEAD = [
  "name",
  "kind",
  "system",
  "role",
  "perspective",
  "requests",
  "errors",
  "errors_callee",
  "errors_between",
  "client_errors",
  "throttled",
  "estimated_requests",
  "window_minutes",
  "p50_ms",
  "p90_ms",
  "p95_ms",
  "p99_ms",
  "calls",
  "called_by",
  "publishes_to",
  "consumes_from",
  "spans",
  "state",
  "first_seen",
  "last_seen",
  "environment",
  "aliases",
  "id",
];

/** @param nodes of the graph, in the order wanted. */
export function nodesCsv(graph: Graph, nodes: readonly GraphNode[]): string {
  const counts = neighbourCounts(graph);
  const row = (node: GraphNode): Cell[] => {
    const { errorsBy, latency } = node;
    const near = counts.get(node.id);
    return [
      node.name,
      node.kind,
      node.system,
      node.role,
      graph.perspective,
      node.calls,
      node.errors,
      errorsBy.callee,
      errorsBy.between,
      errorsBy.clientError,
      errorsBy.throttled,
      node.estimatedCalls,
      graph.window.minutes,
      latency.p50Ms,
      latency.p90Ms,
      latency.p95Ms,
      latency.p99Ms,
      near?.calls ?? 0,
      near?.calledBy ?? 0,
      near?.publishesTo ?? 0,
      near?.consumesFrom ?? 0,
      node.spans,
      node.state,
      node.firstSeen,
      node.lastSeen,
      graph.environment,
      node.aliases?.join(" ") ?? null,
      node.id,
    ];
  };
  return csvText([HEAD, ...nodes.map(row)]);
}
