// The answer about uptime: what a service may promise, given what the services that it calls promise or deliver. Declared and
// observed numbers stand apart and are never mixed; what is assumed says so.
import { z } from "zod";
import { NODE_KINDS } from "../domain/node";
import { Configuration } from "./configuration";
import { GraphWindow, Perspective } from "./graph";

const count = z.int().min(0);
const share = z.number().min(0).max(1);

const SlaFigure = z
  .object({
    availability: share,
    minutesPer30Days: z.number().min(0).describe("downtime in 30 days of 43,200 minutes"),
    hoursPerYear: z.number().min(0).describe("downtime in a year of 8,760 hours"),
  })
  .meta({
    id: "SlaFigure",
    description:
      "An availability and the downtime that it allows. For request counts the downtime is the equivalent: as if every failure were a full outage.",
  });
export type SlaFigure = z.infer<typeof SlaFigure>;

/** All three are null when nothing is known that could limit, and 1 when there is nothing that could. */
const ceilings = {
  best: SlaFigure.nullable().describe("outages of the callees always overlap; above it no promise can be kept"),
  independent: SlaFigure.nullable().describe("outages of the callees have nothing to do with each other"),
  worst: SlaFigure.nullable().describe("outages of the callees never overlap; holds whatever the correlation"),
};

export const SlaVerdict = z.enum(["impossible", "unsupported", "supported_if_independent", "safe"]).meta({
  id: "SlaVerdict",
  description:
    "The target against the ceiling: above best; above independent, so that it holds only if outages overlap; above worst; not above worst.",
});
export type SlaVerdict = z.infer<typeof SlaVerdict>;

const spending = {
  loss: share.describe("share of the caller's requests that it costs"),
  lossShare: share.nullable().describe("its part of the loss of all callees; null when there is no loss"),
  budgetMultiple: z
    .number()
    .min(0)
    .nullable()
    .describe("its loss in error budgets of the caller; null without a target, or for a target of 100 %"),
  ceilingWithout: share.describe("the independent ceiling if it never failed: whether this one fix is enough"),
};

const who = {
  id: z.string().describe("node id; for a broker it need not be on the map"),
  name: z.string(),
  kind: z.enum(NODE_KINDS),
  edges: z.array(z.string()).describe("ids of the edges by which it is called"),
};

const DeclaredCallee = z
  .object({
    ...who,
    objective: share.nullable().describe("null: none is declared, and the call is not in the ceiling"),
    /** Availability of what stands in for it; only in `changed`. */
    fallback: share.nullable(),
    loss: spending.loss.nullable(),
    lossShare: spending.lossShare,
    budgetMultiple: spending.budgetMultiple,
    ceilingWithout: spending.ceilingWithout.nullable(),
  })
  .meta({ id: "DeclaredCallee" });
export type DeclaredCallee = z.infer<typeof DeclaredCallee>;

const ObservedCallee = z
  .object({
    ...who,
    calls: count,
    errors: count,
    availability: share.describe("of the calls, seen from the caller; what its own callees cost is in it"),
    callProbability: share.describe("assumed: min(1, calls ÷ requests of the caller)"),
    ...spending,
  })
  .meta({ id: "ObservedCallee" });
export type ObservedCallee = z.infer<typeof ObservedCallee>;

const NotCounted = z
  .object({
    ...who,
    reason: z.enum(["async", "no_calls", "self_call"]),
  })
  .meta({
    id: "NotCountedCallee",
    description:
      "It is connected but does not limit: what it gets asynchronously, what had no calls in the window, or the service itself.",
  });
export type NotCounted = z.infer<typeof NotCounted>;

export const SlaAssumption = z
  .enum(["direct_callees", "inclusive_rates", "hardness_1", "call_probability", "failures_apart", "sampling_unknown"])
  .meta({
    id: "SlaAssumption",
    description: [
      "direct_callees: only what the service calls itself counts",
      "inclusive_rates: a callee's failures contain those of its own callees",
      "hardness_1: whenever a callee fails, the caller fails",
      "call_probability: calls ÷ requests, at most 1",
      "failures_apart: failures of several callees are failures of several requests (own)",
      "sampling_unknown: some spans do not say how they were sampled; rates are of what was sent",
    ].join("; "),
  });
export type SlaAssumption = z.infer<typeof SlaAssumption>;

const Confidence = z
  .object({
    requests: count.describe("requests of the service in the window"),
    low: share.nullable().describe("Wilson 95 % interval of the measured availability; null without requests"),
    high: share.nullable(),
    requestsNeeded: count
      .nullable()
      .describe("requests without a failure that confirm the target with 95 %; null without a target, or for 100 %"),
    enough: z.boolean().nullable().describe("false: not enough traffic to confirm the target"),
  })
  .meta({ id: "SlaConfidence" });

export const ServiceSla = z
  .object({
    id: z.string(),
    name: z.string(),
    target: SlaFigure.nullable().describe("its own objective; null: none is declared"),
    verdict: SlaVerdict.nullable().describe(
      "the target against the declared ceiling. null: no target, or callees without objective that could still lower a ceiling which the target does not exceed",
    ),
    declared: z.object({
      ...ceilings,
      atMost: z.boolean().describe("callees without objective are left out: print ≤ before the ceiling"),
      callees: z.array(DeclaredCallee).describe("largest loss first; without objective last"),
      missing: z.array(z.string()).describe("ids of the callees without objective"),
      equalSplit: z
        .object({
          independent: share.describe(
            "each callee would have to reach this for the independent ceiling to be the target",
          ),
          halfBudget: share.describe("or this, if half of the budget stays with the service itself"),
        })
        .nullable()
        .describe("null without target or callees"),
    }),
    observed: z.object({
      ...ceilings,
      verdict: SlaVerdict.nullable(),
      callees: z.array(ObservedCallee).describe("largest loss first"),
      measured: SlaFigure.nullable().describe("requests that did not fail; null without requests"),
      own: share
        .nullable()
        .describe("availability of its own code: failures beyond those of its callees, of all requests; assumed"),
      reachable: share
        .nullable()
        .describe("ceiling from the own availability of everything that it reaches, each counted once; assumed"),
      expected: SlaFigure.nullable().describe("own × reachable"),
      assumed: z.array(SlaAssumption),
      confidence: Confidence,
    }),
    notCounted: z.array(NotCounted),
  })
  .meta({ id: "ServiceSla" });
export type ServiceSla = z.infer<typeof ServiceSla>;

export const LatencyObjective = z
  .object({
    id: z.string().describe("node id"),
    name: z.string(),
    quantile: z.enum(["p50", "p90", "p95", "p99"]),
    targetMs: z.number().positive(),
    measuredMs: z
      .number()
      .min(0)
      .nullable()
      .describe(
        "of its requests in the window, within 3.1 %, at its own side; as callers see it where it sends no spans; null without samples",
      ),
    samples: count,
    verdict: z.enum(["kept", "missed"]).nullable().describe("null: too few samples to tell, for p99 fewer than 100"),
  })
  .meta({ id: "LatencyObjective", description: "Latency is no part of a ceiling." });
export type LatencyObjective = z.infer<typeof LatencyObjective>;

export const Sla = z
  .object({
    version: z.int().describe("of the graph that this was computed from"),
    window: GraphWindow,
    environment: z.string(),
    environments: z.array(z.object({ name: z.string(), spans: count })),
    perspective: Perspective,
    configuration: Configuration,
    services: z.array(ServiceSla).describe("by name"),
    latency: z.array(LatencyObjective).describe("latency objectives of what is in the window"),
    whatIf: z.object({
      applied: z.array(z.string()),
      unmatched: z.array(z.string()).describe("changes of calls that are not in this window"),
    }),
    changed: z.array(ServiceSla).nullable().describe("the same services under the changes; null when none was applied"),
  })
  .meta({ id: "Sla", description: "What every service may promise." });
export type Sla = z.infer<typeof Sla>;
