// A graph answer written as arrows, for tests of loops: "a>b" is a call, "a~t~b" a message by way of topic t, "a~t" and "t~b"
// its two sides when nobody knows which message went where. A number after "=" is the count of calls.
import type { Graph, GraphEdge, GraphNode } from "@/lib/contract/graph";
import { graphEdge, graphNode, graphOf } from "./graph-answers";

/** Names that begin with "t:" are topics, with "gw" gateways, "users" the entry; all others services. */
export function loopGraph(arrows: string): Graph {
  const edges = arrows
    .trim()
    .split(/\s+/)
    .map((arrow): GraphEdge => {
      const [ends = "", counted = "10"] = arrow.split("=");
      const names = ends.split(/[>~]/);
      const calls = Number(counted);
      return graphEdge(names[0]!, names.at(-1)!, {
        id: ends,
        via: names.length === 3 ? names[1]! : null,
        kind: ends.includes("~") ? "async" : names[0] === "users" ? "entry" : "sync",
        calls,
        estimatedCalls: calls,
        confidence: { paired: calls, n: calls },
      });
    });
  const ids = [...new Set(edges.flatMap(({ caller, callee, via }) => [caller, callee, ...(via ? [via] : [])]))];
  const kindOf = (id: string): GraphNode["kind"] =>
    id.startsWith("t:") ? "topic" : id.startsWith("gw") ? "gateway" : id === "users" ? "entry" : "service";
  return graphOf(
    edges,
    ids.map((id) => graphNode(id, { kind: kindOf(id), role: null, calls: 0, spans: 0 })),
  );
}
