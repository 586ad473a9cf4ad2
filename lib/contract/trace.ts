// One trace, whole, with every attribute, event and link; and traces found by a search, in a few numbers each.
import { z } from "zod";
import { Graph } from "./graph";

/** Attribute values as text with their type: 64-bit integers and bytes do not fit JSON. */
export const TraceAttribute = z
  .object({
    key: z.string(),
    type: z.enum(["string", "int", "double", "bool", "bytes", "list", "map", "null"]),
    value: z.string(),
  })
  .meta({ id: "TraceAttribute" });
export type TraceAttribute = z.infer<typeof TraceAttribute>;

export const TraceSpan = z
  .object({
    spanId: z.string(),
    parentSpanId: z.string().nullable(),
    name: z.string(),
    kind: z.enum(["unspecified", "internal", "server", "client", "producer", "consumer"]),
    service: z.string().describe("node id of the service, as its sender names it"),
    countedAs: z
      .string()
      .optional()
      .describe("node id that headwater.yaml declares the service to be an alias of; left out when it is none"),
    startUnixNano: z.string().describe("decimal"),
    durationMs: z.number().nullable().describe("null when the sender did not say"),
    status: z.object({ code: z.enum(["unset", "ok", "error"]), message: z.string() }),
    attributes: z.array(TraceAttribute),
    events: z.array(z.object({ name: z.string(), timeUnixNano: z.string(), attributes: z.array(TraceAttribute) })),
    links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: z.array(TraceAttribute) })),
    resource: z.array(TraceAttribute),
    scope: z.object({ name: z.string(), version: z.string() }),
  })
  .meta({ id: "TraceSpan" });
export type TraceSpan = z.infer<typeof TraceSpan>;

export const Trace = z
  .object({
    traceId: z.string(),
    startUnixNano: z.string(),
    durationMs: z.number(),
    services: z.array(z.string()),
    spans: z.array(TraceSpan).describe("earliest first"),
  })
  .meta({ id: "Trace" });
export type Trace = z.infer<typeof Trace>;

export const FoundTrace = z
  .object({
    traceId: z.string(),
    startUnixNano: z.string().describe("decimal, to the microsecond"),
    durationMs: z.number(),
    rootService: z.string().describe("node id; of the first span where no root was seen"),
    rootName: z.string(),
    spans: z.int().min(1),
    services: z.array(z.string()).describe("node ids"),
    errors: z.int().min(0).describe("spans that failed; 4xx is no failure"),
  })
  .meta({ id: "FoundTrace" });
export type FoundTrace = z.infer<typeof FoundTrace>;

const Searched = z
  .object({ spans: z.int().min(0), complete: z.boolean() })
  .describe("spans looked at; not complete when time ran out before the window or the page was full");

export const FoundTraces = z
  .object({
    traces: z.array(FoundTrace).describe("newest first"),
    more: z.boolean(),
    next: z.string().nullable().describe("`before` of the question that goes on from here; null when there is no more"),
    searched: Searched,
    window: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).describe("[from, to), whole minutes"),
  })
  .meta({ id: "FoundTraces" });
export type FoundTraces = z.infer<typeof FoundTraces>;

export const TracesGraph = z
  .object({
    graph: Graph.describe("counts, roles and absences are those of the traces alone"),
    traces: z.int().min(0).describe("of how many it is made: the newest, at most 200, fewer when they are very long"),
    more: z.boolean().describe("further traces meet the conditions and are not in it"),
    searched: Searched,
  })
  .meta({ id: "TracesGraph" });
export type TracesGraph = z.infer<typeof TracesGraph>;
