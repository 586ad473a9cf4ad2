// Where a trace lies: for links to the screens about the graph.
import type { GraphParams } from "@/lib/client/api";
import type { Trace, TraceSpan } from "@/lib/contract/trace";

const MS_PER_MINUTE = 60_000;
const NS_PER_MS = 1_000_000n;
const minute = (ms: number): string => new Date(ms * MS_PER_MINUTE).toISOString();

/** The whole minutes of a trace, and the environment of one of its spans: "" when it names none. */
export function traceWindow(trace: Trace, { resource }: TraceSpan): GraphParams {
  const startMs = Number(BigInt(trace.startUnixNano) / NS_PER_MS);
  const environment = ["deployment.environment.name", "deployment.environment"]
    .map((key) => resource.find((attribute) => attribute.key === key)?.value)
    .find((value) => value);
  return {
    from: minute(Math.floor(startMs / MS_PER_MINUTE)),
    to: minute(Math.floor((startMs + trace.durationMs) / MS_PER_MINUTE) + 1),
    env: environment ?? "",
  };
}
