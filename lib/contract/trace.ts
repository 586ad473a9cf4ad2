// One trace, whole: every span with its attributes, events and links.
import { z } from "zod";

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
    service: z.string().describe("node id of the service"),
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
