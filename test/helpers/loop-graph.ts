// A graph answer written as arrows, for tests of loops: "a>b" is a call, "a~t~b" a message by way of topic t, "a~t" and "t~b"
// its two sides when nobody knows which message went where. A number after "=" is the count of calls.
import type { Graph, GraphEdge, GraphNode } from "@/lib/contract/graph";

const NONE = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null, samples: 0 };
const TIME = "2026-11-22T00:00:00.000Z";

/** Names that begin with "t:" are topics, with "gw" gateways, "users" the entry; all others services. */
export function loopGraph(arrows: string): Graph {
  const edges = arrows
    .trim()
    .split(/\s+/)
    .map((arrow): GraphEdge => {
      const [ends = "", calls = "10"] = arrow.split("=");
      const names = ends.split(/[>~]/);
      const kind = ends.includes("~") ? "async" : names[0] === "users" ? "entry" : "sync";
      return {
        id: ends,
        caller: names[0]!,
        callee: names.at(-1)!,
        via: names.length === 3 ? names[1]! : null,
        kind,
        inferred: false,
        state: "active",
        calls: Number(calls),
        estimatedCalls: Number(calls),
        logicalCalls: null,
        errors: 0,
        errorsBy: { callee: 0, between: 0, clientError: 0, throttled: 0 },
        latency: { client: NONE, server: NONE, gap: NONE },
        confidence: { paired: Number(calls), n: Number(calls) },
        firstSeen: TIME,
        lastSeen: TIME,
        exemplars: { error: null, slow: null, any: null },
      };
    });
  const ids = [...new Set(edges.flatMap(({ caller, callee, via }) => [caller, callee, ...(via ? [via] : [])]))];
  const kindOf = (id: string): GraphNode["kind"] =>
    id.startsWith("t:") ? "topic" : id.startsWith("gw") ? "gateway" : id === "users" ? "entry" : "service";
  const nodes = ids.map(
    (id): GraphNode => ({
      id,
      name: id,
      kind: kindOf(id),
      system: "",
      role: null,
      state: "active",
      calls: 0,
      estimatedCalls: null,
      errors: 0,
      errorsBy: { callee: 0, between: 0, clientError: 0, throttled: 0 },
      latency: NONE,
      spans: 0,
      orphans: 0,
      unpairedClients: 0,
      publishes: 0,
      firstSeen: TIME,
      lastSeen: TIME,
    }),
  );
  return {
    version: 1,
    window: { from: TIME, to: "2026-11-22T01:00:00.000Z", minutes: 60 },
    environment: "test",
    environments: [{ name: "test", spans: 1 }],
    perspective: "data-flow",
    sample: { weightsKnown: true },
    stats: { spans: 0, orphans: 0, unpairedClients: 0, calls: 0, paired: 0, selfCalls: 0 },
    nodes,
    edges,
  };
}
