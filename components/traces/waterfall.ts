// Spans of a trace in the order in which they are read: parents before children, siblings by start. Spans whose parent is not
// there stand at the top, and so do the members of a parent loop.
import type { Trace, TraceSpan } from "@/lib/contract/trace";

export interface WaterfallRow {
  readonly span: TraceSpan;
  readonly depth: number;
  readonly children: number;
  /** Milliseconds after the start of the trace; negative never. */
  readonly offsetMs: number;
  /** The parent is named, but it is not in the trace. */
  readonly orphan: boolean;
}

/** @param closed ids of spans whose children are not shown. */
export function waterfallRows(trace: Trace, closed: ReadonlySet<string>): WaterfallRow[] {
  const start = BigInt(trace.startUnixNano);
  const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
  const children = new Map<string, TraceSpan[]>();
  const roots: TraceSpan[] = [];
  for (const span of trace.spans) {
    const parent = span.parentSpanId;
    // A shared span is the client's and the server's half under one id: its own id is then its parent's as well.
    if (parent === null || !byId.has(parent) || parent === span.spanId) roots.push(span);
    else if (children.has(parent)) children.get(parent)!.push(span);
    else children.set(parent, [span]);
  }
  const rows: WaterfallRow[] = [];
  const seen = new Set<TraceSpan>();
  const expanded = new Set<string>();
  const visit = (span: TraceSpan, depth: number, shown: boolean): void => {
    const stack: { span: TraceSpan; depth: number; shown: boolean }[] = [{ span, depth, shown }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (seen.has(next.span)) continue;
      seen.add(next.span);
      // Two halves of a shared span have one id; their children are listed once.
      const below = expanded.has(next.span.spanId) ? [] : (children.get(next.span.spanId) ?? []);
      expanded.add(next.span.spanId);
      if (next.shown) {
        rows.push({
          span: next.span,
          depth: next.depth,
          children: below.length,
          offsetMs: Math.max(0, Number(BigInt(next.span.startUnixNano) - start) / 1e6),
          orphan: next.span.parentSpanId !== null && !byId.has(next.span.parentSpanId),
        });
      }
      const open = next.shown && !closed.has(next.span.spanId);
      for (const child of [...below].reverse()) stack.push({ span: child, depth: next.depth + 1, shown: open });
    }
  };
  for (const root of roots) visit(root, 0, true);
  for (const span of trace.spans) if (!seen.has(span)) visit(span, 0, true);
  return rows;
}
