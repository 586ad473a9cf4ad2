import type { GraphEdge } from "@/lib/contract/graph";
import { printEdge } from "@/lib/simulate/truth";

/** What an answer says of its edges, in the words of the simulator's truth, sorted. */
export const printedEdges = (edges: readonly GraphEdge[]): string[] =>
  edges
    .map(({ kind, caller, callee, via, calls, errorsBy }) =>
      printEdge({
        kind,
        caller,
        callee,
        via: via ?? "",
        calls,
        calleeErrors: errorsBy.callee,
        betweenErrors: errorsBy.between,
        clientErrors: errorsBy.clientError,
      }),
    )
    .sort();
