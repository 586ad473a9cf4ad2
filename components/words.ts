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

/** What the caller does to the callee. */
export function verbOf(edge: GraphEdge): string {
  if (edge.kind === "async") return edge.via ? "sends messages to" : "publishes to";
  return "calls";
}

/** Whether two sides can be seen at all: what is inferred and what comes from outside has one. */
export const pairable = (edge: GraphEdge): boolean => !edge.inferred && edge.kind !== "entry";
