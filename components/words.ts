// Words for what things are, one place for panels, tables, the outline and the search.
import type { GraphEdge, GraphNode } from "@/lib/contract/graph";

export const NODE_KIND_WORDS: Record<GraphNode["kind"], string> = {
  service: "Service",
  database: "Database",
  cache: "Cache",
  topic: "Topic",
  external: "External",
  gateway: "Gateway",
  entry: "Entry",
  mesh: "Mesh",
};

export const EDGE_KIND_WORDS: Record<GraphEdge["kind"], string> = {
  sync: "Synchronous call",
  async: "Message",
  database: "Database call",
  entry: "Entry",
};

/** Under the perspective of the graph that said it. */
export const ROLE_WORDS: Record<NonNullable<GraphNode["role"]>, string> = {
  upstream: "purely upstream",
  downstream: "purely downstream",
  both: "upstream and downstream",
  isolated: "no neighbours",
};

/** Why a node has no numbers; "" for one that is active. */
export const STATE_WORDS: Record<GraphNode["state"], string> = {
  active: "",
  no_calls: "no calls",
  no_data: "no data",
  not_instrumented: "client side only",
};

/** What the caller does to the callee. */
export function verbOf(edge: GraphEdge): string {
  if (edge.kind === "async") return edge.via ? "sends messages to" : "publishes to";
  return "calls";
}

/** Whether two sides can be seen at all: what is inferred and what comes from outside has one. */
export const pairable = (edge: GraphEdge): boolean => !edge.inferred && edge.kind !== "entry";
