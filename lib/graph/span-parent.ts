// Under which span of its trace a span hangs.
import type { TraceSpan } from "../contract/trace";

/** Spans by id: two halves of a call may share one. */
export function spansById(spans: readonly TraceSpan[]): ReadonlyMap<string, readonly TraceSpan[]> {
  const byId = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    const halves = byId.get(span.spanId);
    if (halves) halves.push(span);
    else byId.set(span.spanId, [span]);
  }
  return byId;
}

/** Caller and callee may share one id: then the callee is the caller's child, and what is below is the callee's. */
export function parentOf(span: TraceSpan, byId: ReadonlyMap<string, readonly TraceSpan[]>): TraceSpan | undefined {
  const calls = ({ kind }: TraceSpan): boolean => kind === "client" || kind === "producer";
  const other = calls(span) ? undefined : byId.get(span.spanId)!.find((half) => half !== span && calls(half));
  if (other) return other;
  if (span.parentSpanId === null || span.parentSpanId === span.spanId) return undefined;
  const halves = byId.get(span.parentSpanId) ?? [];
  return halves.find((half) => !calls(half)) ?? halves[0];
}
