// The chance that a request leads to a call. Assumed from totals: that many calls in that many requests are one in each, as
// far as there are enough.
import type { GraphNode } from "../contract/graph";
import { exact } from "./availability";
import type { Callee } from "./callees";

/** min(1, calls ÷ requests), from estimates where all are known; 1 for a caller that records no requests. */
export function callProbability(caller: GraphNode, { edges }: Callee): number {
  if (caller.calls === 0) return 1;
  let estimated: number | null = 0;
  let calls = 0;
  for (const edge of edges) {
    calls += edge.calls;
    estimated = estimated === null || edge.estimatedCalls === null ? null : estimated + edge.estimatedCalls;
  }
  const { estimatedCalls } = caller;
  const ratio = estimated !== null && estimatedCalls ? estimated / estimatedCalls : calls / caller.calls;
  return exact(Math.min(1, ratio));
}
