import type { TraceSpan } from "@/lib/contract/trace";

/** A span as the API answers it, with nothing about it but what a test says. */
export const traceSpan = (said: Partial<TraceSpan> & Pick<TraceSpan, "spanId">): TraceSpan => ({
  parentSpanId: null,
  name: said.spanId,
  kind: "internal",
  service: said.spanId,
  startUnixNano: "0",
  durationMs: 0,
  status: { code: "unset", message: "" },
  attributes: [],
  events: [],
  links: [],
  resource: [],
  scope: { name: "", version: "" },
  ...said,
});
