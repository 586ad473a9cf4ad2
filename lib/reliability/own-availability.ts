// How available a service would be if nothing that it calls ever failed: its failures beyond those that its callees recorded.
// Counted from totals, so it takes failures of different callees for failures of different requests.
import type { GraphNode } from "../contract/graph";
import { exact } from "./availability";
import type { Callee, GraphIndex } from "./callees";

/** Services that record their own requests; of the others only their callers know. */
export const recordsRequests = (node: GraphNode | undefined): node is GraphNode =>
  node !== undefined && node.state !== "not_instrumented" && RECORDING.has(node.kind);

const RECORDING = new Set(["service", "gateway", "mesh"]);

/** @returns null when there were no requests. For what records none itself, the share of calls to it that did not fail. */
export function ownAvailability(graph: GraphIndex, node: GraphNode, callees: readonly Callee[]): number | null {
  if (node.calls === 0) return null;
  const lost = recordsRequests(node) ? callees.reduce((sum, callee) => sum + lostTo(graph, callee), 0) : 0;
  return exact(1 - Math.max(0, node.errors - lost) / node.calls);
}

/** Calls that failed at a callee. What got lost on the way there is the callee's only if it cannot tell itself. */
function lostTo(graph: GraphIndex, { id, edges, publish }: Callee): number {
  if (publish) return 0;
  const tellsItself = recordsRequests(graph.nodes.get(id));
  return edges.reduce((sum, { errors, errorsBy }) => sum + (tellsItself ? errorsBy.callee : errors), 0);
}
