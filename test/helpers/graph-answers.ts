// Graph answers made by hand, for what works on them.
import type { Graph, GraphEdge, GraphNode, Quantiles } from "@/lib/contract/graph";

const noLatency: Quantiles = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null, samples: 0 };
const noErrors = { callee: 0, between: 0, clientError: 0, throttled: 0 };
const FROM = "2026-03-01T10:00:00.000Z";
const TO = "2026-03-01T10:10:00.000Z";
const LAST = "2026-03-01T10:09:00.000Z";

export const graphNode = (id: string, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  name: id,
  kind: "service",
  system: "",
  role: "both",
  state: "active",
  calls: 10,
  estimatedCalls: null,
  errors: 0,
  errorsBy: noErrors,
  latency: noLatency,
  spans: 10,
  orphans: 0,
  unpairedClients: 0,
  publishes: 0,
  firstSeen: FROM,
  lastSeen: LAST,
  ...more,
});

export const graphEdge = (caller: string, callee: string, more: Partial<GraphEdge> = {}): GraphEdge => ({
  id: `${caller}>${callee}${more.via ? ` ${more.via}` : ""}`,
  caller,
  callee,
  via: null,
  kind: "sync",
  inferred: false,
  state: "active",
  calls: 10,
  estimatedCalls: null,
  logicalCalls: null,
  errors: 0,
  errorsBy: noErrors,
  latency: { client: noLatency, server: noLatency, gap: noLatency },
  confidence: { paired: 10, n: 10 },
  firstSeen: FROM,
  lastSeen: LAST,
  exemplars: { error: null, slow: null, any: null },
  ...more,
});

/** Ten minutes; nodes that no edge names are given, the others are made. */
export function graphOf(
  edges: GraphEdge[],
  nodes: GraphNode[] = [],
  perspective: Graph["perspective"] = "data-flow",
): Graph {
  const known = new Set(nodes.map(({ id }) => id));
  const named = new Set(edges.flatMap(({ caller, callee, via }) => [caller, callee, ...(via ? [via] : [])]));
  const made = [...named]
    .filter((id) => !known.has(id))
    .map((id) => graphNode(id, id.startsWith("topic:") ? { kind: "topic", publishes: 10, role: null } : {}));
  return {
    version: 1,
    window: { from: FROM, to: TO, minutes: 10, until: TO },
    environment: "test",
    environments: [{ name: "test", spans: 100 }],
    perspective,
    sample: { weightsKnown: false },
    stats: { spans: 100, orphans: 0, unpairedClients: 0, calls: 100, paired: 50, selfCalls: 0 },
    nodes: [...nodes, ...made],
    edges,
  };
}
