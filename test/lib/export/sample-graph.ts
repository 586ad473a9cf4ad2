// Graphs for the tests of exports, as small as they can be.
import { Graph, type GraphEdge, type GraphNode } from "@/lib/contract/graph";

const NO_LATENCY = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null, samples: 0 };
const SEEN = { firstSeen: "2026-01-02T03:04:00.000Z", lastSeen: "2026-01-02T03:09:00.000Z" };

export function node(id: string, rest: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    name: id,
    kind: "service",
    system: "",
    role: "both",
    state: "active",
    calls: 10,
    estimatedCalls: null,
    errors: 0,
    errorsBy: { callee: 0, between: 0, clientError: 0, throttled: 0 },
    latency: NO_LATENCY,
    spans: 10,
    orphans: 0,
    unpairedClients: 0,
    publishes: 0,
    ...SEEN,
    ...rest,
  };
}

export function edge(caller: string, callee: string, rest: Partial<GraphEdge> = {}): GraphEdge {
  return {
    id: `${caller}>${callee}`,
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
    errorsBy: { callee: 0, between: 0, clientError: 0, throttled: 0 },
    latency: { client: NO_LATENCY, server: NO_LATENCY, gap: NO_LATENCY },
    confidence: { paired: 10, n: 10 },
    ...SEEN,
    exemplars: { error: null, slow: null, any: null },
    ...rest,
  };
}

export const graph = (nodes: GraphNode[], edges: GraphEdge[], environment = "production"): Graph =>
  Graph.parse({
    version: 1,
    window: { from: "2026-01-02T03:04:00.000Z", to: "2026-01-02T03:09:00.000Z", minutes: 5 },
    environment,
    environments: [{ name: environment, spans: 20 }],
    perspective: "data-flow",
    sample: { weightsKnown: false },
    stats: { spans: 20, orphans: 0, unpairedClients: 0, calls: 10, paired: 10, selfCalls: 0 },
    nodes,
    edges,
  });

/** Names that mean something to somebody who is not us. */
export const HOSTILE = [
  "__proto__",
  "constructor",
  "<img src=x onerror=alert(1)>",
  'quote " and \\ backslash',
  "line\nbreak\r\nand\ttab",
  '"]-->evil["',
  '"]; evil [label="',
  "`$(1)` #quot; &lt;",
  "=cmd|' /C calc'!A0",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\u001b[31mred\u001b[0m",
  "safe\u202egnp.exe",
  "end",
  "%%{init: {}}%%",
  "style a:b#c;",
  "",
  "名前 прив",
] as const;

export const hostileGraph = (): Graph =>
  graph(
    HOSTILE.map((name, i) => node(`${name}#${i}`, { name, kind: i % 2 ? "database" : "service" })),
    HOSTILE.map((name, i) => edge(`${HOSTILE[0]}#0`, `${name}#${i}`, { via: i === 3 ? `${HOSTILE[5]}#5` : null })),
  );
