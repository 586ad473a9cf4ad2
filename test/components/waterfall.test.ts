import { describe, expect, it } from "vitest";
import { waterfallRows } from "@/components/traces/waterfall";
import type { Trace, TraceSpan } from "@/lib/contract/trace";
import { traceSpan } from "@/test/helpers/trace-span";

const span = (spanId: string, parentSpanId: string | null, startMs: number, more: Partial<TraceSpan> = {}): TraceSpan =>
  traceSpan({
    spanId,
    parentSpanId,
    kind: "server",
    service: "s",
    startUnixNano: String(startMs * 1e6),
    durationMs: 1,
    ...more,
  });
const trace = (spans: TraceSpan[]): Trace => ({
  traceId: "t",
  startUnixNano: "0",
  durationMs: 10,
  services: ["s"],
  spans,
});
const shape = (spans: TraceSpan[], closed: string[] = []): string[] =>
  waterfallRows(trace(spans), new Set(closed)).map(({ span: { spanId }, depth }) => `${" ".repeat(depth)}${spanId}`);

describe("the waterfall", () => {
  it("puts children under their parents, earliest first", () => {
    expect(
      shape(
        [span("a", null, 0), span("c", "a", 2), span("b", "a", 1), span("d", "c", 3)].sort(
          (x, y) => Number(x.startUnixNano) - Number(y.startUnixNano),
        ),
      ),
    ).toEqual(["a", " b", " c", "  d"]);
  });

  it("hides what is below a closed span", () => {
    expect(shape([span("a", null, 0), span("b", "a", 1), span("c", "b", 2)], ["b"])).toEqual(["a", " b"]);
  });

  it("shows spans without their parent, parents of themselves and loops, each once", () => {
    const rows = shape([span("a", "gone", 0), span("b", "b", 1), span("c", "d", 2), span("d", "c", 3)]);
    expect(rows.map((row) => row.trim()).sort()).toEqual(["a", "b", "c", "d"]);
    expect(waterfallRows(trace([span("a", "gone", 0)]), new Set())[0]!.orphan).toBe(true);
  });

  it("shows both halves of a shared span, and its children once", () => {
    const rows = shape([
      span("a", null, 0),
      span("x", "a", 1, { kind: "client" }),
      span("x", "a", 2),
      span("y", "x", 3),
    ]);
    expect(rows).toEqual(["a", " x", "  y", " x"]);
  });

  it("manages a chain of 20,000", () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i === 0 ? null : `s${i - 1}`, i));
    expect(waterfallRows(trace(chain), new Set())).toHaveLength(20_000);
  });
});
