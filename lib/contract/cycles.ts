// The answer about circular dependencies: services that depend on themselves through others, why, and where to cut.
import { z } from "zod";
import { Graph, GraphEdge, GraphWindow, Perspective } from "./graph";

const count = z.int().min(0);

export const CYCLE_TYPES = ["reentrant", "async", "across", "hub", "unknown"] as const;
export const CycleType = z.enum(CYCLE_TYPES).meta({
  id: "CycleType",
  description:
    "reentrant (K1): one request leaves a member and enters it again while it still waits; async (K2): one chain comes back, but through a message; across (K3): no request looked at goes round; hub (K4): closes only through a gateway or mesh; unknown: there was too little evidence to tell.",
});
export type CycleType = z.infer<typeof CycleType>;

const Member = z.object({ id: z.string().describe("node id"), name: z.string() });

export const CycleHop = z
  .object({
    edges: z
      .array(z.string())
      .min(1)
      .describe("ids of graph edges; two when a topic's sides are known, but not which message went where"),
    caller: z.string().describe("node id of the caller or producer"),
    callee: z.string().describe("node id of the callee or consumer"),
    via: z.string().nullable().describe("node id of the topic of a message, which is drawn but is no member"),
    kind: z.enum(["sync", "async"]),
    calls: count.describe("of the window; the fewer side's for two edges"),
    estimatedCalls: GraphEdge.shape.estimatedCalls,
    operations: z
      .array(z.object({ caller: z.string(), callee: z.string(), calls: count }))
      .describe(
        "caller's operation to callee's operation, most calls first, as counted in the traces looked at; empty when none were found",
      ),
  })
  .meta({ id: "CycleHop" });
export type CycleHop = z.infer<typeof CycleHop>;

export const CycleCut = z
  .object({
    edges: z.array(z.string()).min(1).describe("ids of the edges whose removal leaves no loop among the services"),
    calls: count.describe("of those edges together"),
    exact: z.boolean().describe("the least traffic there is (up to 12 members); false: found by a greedy search"),
    alternatives: z
      .array(
        z.object({
          edge: z.string(),
          caller: z.string(),
          callee: z.string(),
          via: z.string().nullable(),
          calls: count,
          estimatedCalls: GraphEdge.shape.estimatedCalls,
          gone: z.boolean().describe("without this edge alone there is no loop among the services"),
        }),
      )
      .describe("the edges of the loop and of the cut, least traffic first"),
  })
  .meta({ id: "CycleCut" });
export type CycleCut = z.infer<typeof CycleCut>;

export const CycleWitness = z
  .object({
    traceId: z.string().describe("of the request that comes back"),
    spans: z
      .array(
        z.object({
          traceId: z.string().describe("messages may go on in a trace of their own"),
          spanId: z.string(),
          service: z.string().describe("node id"),
          name: z.string(),
          depth: count,
          startMs: z.number().describe("since the first span"),
          durationMs: z.number().nullable(),
        }),
      )
      .min(2)
      .describe("one for each service on the way round; the first and the last are of the same service"),
  })
  .meta({ id: "CycleWitness" });

export const CycleOperations = z
  .object({
    verdict: z
      .enum(["loop", "none", "unknown"])
      .describe(
        "loop: operations of these services call each other in a circle, so one request can go round again and again; none: every step of the loop was seen, and no operation comes back to itself; unknown: too little was seen to say that",
      ),
    text: z.string().describe("the verdict in plain words"),
    steps: z
      .array(
        z.object({
          service: z.string().describe("node id"),
          operation: z.string(),
          kind: z
            .enum(["sync", "async"])
            .nullable()
            .describe("of the call to the next one; null at the end of a chain"),
          calls: count.nullable().describe("to the next one, in the traces looked at"),
        }),
      )
      .describe("the shortest circle, the last calls the first; without one the longest chain seen, of at most 20"),
    calls: count.describe("between these services in the traces looked at"),
    unknown: count.describe("calls of them that were made outside any operation: the caller's is not known"),
  })
  .meta({ id: "CycleOperations" });
export type CycleOperations = z.infer<typeof CycleOperations>;

export const Cycle = z
  .object({
    id: z.string().describe("stable as long as the same services of the environment depend on each other"),
    type: CycleType,
    words: z.object({ title: z.string(), text: z.string() }).describe("the type in plain words"),
    members: z
      .array(Member)
      .min(2)
      .describe("in the order of the loop, starting at the one with most calls from outside the loop"),
    others: z
      .array(Member)
      .describe("services that depend on the members and on which they depend, beside the loop shown"),
    hops: z.array(CycleHop).min(2).describe("members[i] to members[i + 1], the last back to the first"),
    operations: CycleOperations,
    recursion: z
      .boolean()
      .nullable()
      .describe("whether the same operation is entered again in the witness; null without a witness"),
    reentryDepth: count.describe("how often one chain enters the same service again, at most; 0 when none was seen"),
    evidence: z
      .object({
        traces: count.describe(
          "looked at, the newest; at most 200: most of them with a call of the loop's rarest edge, some with calls of its other edges and of the cut",
        ),
        rarest: z.string().nullable().describe("id of that edge; null when there was no trace to look at"),
        all: z.boolean().describe("no stored trace with a call of the rarest edge or of the cut was left out"),
        around: count.describe("traces of them that go round"),
        incomplete: count.describe("traces of them with a span whose parent was never seen"),
      })
      .meta({ id: "CycleEvidence" }),
    share: z
      .object({
        requests: count.describe("that go round; estimated from the traces looked at when those are not all"),
        of: count.describe("calls that enter the loop from outside"),
      })
      .nullable()
      .describe("null when nothing goes round, or nothing enters from outside"),
    witness: CycleWitness.nullable(),
    cut: CycleCut,
    firstSeen: z.iso.datetime().nullable().describe("since when every edge of the loop is known"),
    lastSeen: z.iso.datetime().nullable().describe("until when every edge of the loop had calls"),
  })
  .meta({ id: "Cycle" });
export type Cycle = z.infer<typeof Cycle>;

export const Cycles = z
  .object({
    version: z.int(),
    window: GraphWindow,
    environment: z.string(),
    environments: Graph.shape.environments,
    perspective: Perspective,
    cycles: z.array(Cycle).describe("the gravest type first, then the one with most calls on its rarest edge"),
    selfCalls: z
      .array(
        z.object({
          node: Member,
          edges: z.array(z.string()).min(1),
          via: z.string().nullable(),
          kind: z.enum(["sync", "async"]),
          calls: count,
          estimatedCalls: GraphEdge.shape.estimatedCalls,
          errors: count,
          firstSeen: z.iso.datetime().nullable(),
        }),
      )
      .describe("services that call themselves over the network, which are no cycles; most calls first"),
  })
  .meta({ id: "Cycles" });
export type Cycles = z.infer<typeof Cycles>;
