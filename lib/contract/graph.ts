// The graph answer: who calls whom in a window, with numbers that carry their own confidence.
import { z } from "zod";
import { EDGE_KINDS, NODE_KINDS } from "../domain/node";

const count = z.int().min(0);
/** Milliseconds; null when nothing was measured. */
const ms = z.number().min(0).nullable();

export const Perspective = z.enum(["data-flow", "request-flow"]).meta({ id: "Perspective" });
export type Perspective = z.infer<typeof Perspective>;

export const ServiceRole = z.enum(["upstream", "downstream", "both", "isolated"]).meta({
  id: "ServiceRole",
  description:
    "Where a service stands under the chosen perspective: purely upstream, purely downstream, both, or alone.",
});
export type ServiceRole = z.infer<typeof ServiceRole>;

/** Why a number is missing is not one thing: no calls, no data, and not instrumented are three. */
export const ElementState = z.enum(["active", "no_calls", "no_data", "not_instrumented"]).meta({ id: "ElementState" });
export type ElementState = z.infer<typeof ElementState>;

export const Quantiles = z
  .object({ p50Ms: ms, p90Ms: ms, p95Ms: ms, p99Ms: ms, samples: count })
  .meta({ id: "Quantiles", description: "Milliseconds, within 3.1 %; null without samples." });
export type Quantiles = z.infer<typeof Quantiles>;

export const ErrorsBy = z
  .object({
    callee: count.describe("the callee said that it failed"),
    between: count.describe("no answer that the callee knows of: timeout, reset, refused"),
    clientError: count.describe("4xx: not in errors"),
    throttled: count.describe("429 or RESOURCE_EXHAUSTED: not in errors"),
  })
  .meta({ id: "ErrorsBy" });
export type ErrorsBy = z.infer<typeof ErrorsBy>;

export const Exemplars = z
  .object({ error: z.string().nullable(), slow: z.string().nullable(), any: z.string().nullable() })
  .meta({
    id: "Exemplars",
    description: "Trace ids of one failed, one slow and one ordinary call; null when there is none.",
  });

export const GraphNode = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(NODE_KINDS),
    /** Database system, broker or runtime; "" when unknown. */
    system: z.string(),
    aliases: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("other node ids that headwater.yaml declares to be this node and that were seen; left out without any"),
    role: ServiceRole.nullable().describe("null for what is not a service: databases, topics, entries"),
    state: ElementState,
    calls: count.describe("requests handled; for inferred nodes, calls that reached it"),
    estimatedCalls: z.number().nullable().describe("sum of sampling weights; null when one is unknown"),
    errors: count,
    errorsBy: ErrorsBy,
    latency: Quantiles,
    spans: count,
    orphans: count.describe("server-side spans whose parent was never seen"),
    unpairedClients: count.describe("client spans whose far side was never seen and that name nobody"),
    publishes: count.describe("for topics: messages handed in, delivered or not"),
    firstSeen: z.iso.datetime().nullable(),
    lastSeen: z.iso.datetime().nullable(),
  })
  .meta({ id: "GraphNode" });
export type GraphNode = z.infer<typeof GraphNode>;

export const GraphEdge = z
  .object({
    id: z.string(),
    caller: z.string(),
    callee: z.string(),
    via: z.string().nullable().describe("topic of a delivery"),
    kind: z.enum(EDGE_KINDS),
    inferred: z.boolean().describe("the callee's side was never seen"),
    state: ElementState,
    calls: count,
    estimatedCalls: z.number().nullable(),
    logicalCalls: z.number().nullable(),
    errors: count,
    errorsBy: ErrorsBy,
    latency: z.object({ client: Quantiles, server: Quantiles, gap: Quantiles }),
    confidence: z.object({ paired: count, n: count }).describe("calls of which both sides were seen, of all"),
    firstSeen: z.iso.datetime().nullable(),
    lastSeen: z.iso.datetime().nullable(),
    exemplars: Exemplars,
  })
  .meta({ id: "GraphEdge" });
export type GraphEdge = z.infer<typeof GraphEdge>;

export const GraphWindow = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    minutes: z.int().min(1),
    until: z.iso
      .datetime()
      .describe("up to when calls could be counted: the end of the window, or the time of the answer while it runs"),
  })
  .meta({ id: "GraphWindow", description: "[from, to), whole minutes." });

export const GraphStats = z
  .object({
    spans: count,
    orphans: count,
    unpairedClients: count,
    calls: count,
    paired: count,
    selfCalls: count,
  })
  .meta({ id: "GraphStats" });

export const Graph = z
  .object({
    version: z.int().describe("grows with every change of what is stored"),
    window: GraphWindow,
    environment: z.string(),
    environments: z.array(z.object({ name: z.string(), spans: count })),
    perspective: Perspective,
    sample: z.object({ weightsKnown: z.boolean().describe("whether every call has a sampling weight") }),
    stats: GraphStats,
    nodes: z.array(GraphNode),
    edges: z.array(GraphEdge),
  })
  .meta({ id: "Graph" });
export type Graph = z.infer<typeof Graph>;

const Minute = z.object({
  at: z.iso.datetime(),
  minutes: z.int().min(1).describe("how many minutes this stands for: 60 where minutes were added up to hours, else 1"),
  calls: count,
  errors: count,
  p50Ms: ms,
  p99Ms: ms,
});

const OperationTotals = z.object({ name: z.string(), calls: count, errors: count, p50Ms: ms, p99Ms: ms });
export type OperationTotals = z.infer<typeof OperationTotals>;

export const EdgeDetail = z
  .object({
    edge: GraphEdge,
    window: GraphWindow,
    operations: z.array(OperationTotals),
    series: z.array(Minute).describe("one entry a minute that had calls, or an hour where minutes are no longer kept"),
  })
  .meta({ id: "EdgeDetail" });
export type EdgeDetail = z.infer<typeof EdgeDetail>;

export const NodeDetail = z
  .object({
    node: GraphNode,
    window: GraphWindow,
    versions: z.array(z.string()),
    operations: z.array(OperationTotals),
    series: z.array(Minute).describe("one entry a minute that had calls, or an hour where minutes are no longer kept"),
    exemplars: Exemplars,
  })
  .meta({ id: "NodeDetail" });
export type NodeDetail = z.infer<typeof NodeDetail>;

/** A change of the graph between two ticks: changed elements whole, the rest by id. */
export const GraphDelta = z
  .object({
    version: z.int(),
    window: GraphWindow,
    environment: z.string(),
    environments: z.array(z.object({ name: z.string(), spans: count })),
    stats: GraphStats,
    sample: Graph.shape.sample,
    nodes: z.array(GraphNode),
    edges: z.array(GraphEdge),
    gone: z.object({ nodes: z.array(z.string()), edges: z.array(z.string()) }),
  })
  .meta({ id: "GraphDelta" });
export type GraphDelta = z.infer<typeof GraphDelta>;
