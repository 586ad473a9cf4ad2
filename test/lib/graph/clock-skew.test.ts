import { expect, it } from "vitest";
import type { TraceSpan } from "@/lib/contract/trace";
import { clockSkews } from "@/lib/graph/clock-skew";
import { traceSpan } from "@/test/helpers/trace-span";

/** Times in milliseconds. */
const span = (
  spanId: string,
  parentSpanId: string | null,
  service: string,
  kind: TraceSpan["kind"],
  startMs: number,
  durationMs: number | null,
): TraceSpan =>
  traceSpan({
    spanId,
    parentSpanId,
    service,
    kind,
    startUnixNano: String(BigInt(Math.round(startMs * 1e6)) + 1_760_000_000_000_000_000n),
    durationMs,
  });
/** A call of 100 ms from time 0 on, and its callee's side. */
const call = (startMs: number, durationMs: number | null, id = "2", callee = "b"): TraceSpan[] => [
  span(`${id}c`, null, "a", "client", 0, 100),
  span(id, `${id}c`, callee, "server", startMs, durationMs),
];
const said = (spans: readonly TraceSpan[]): string[] =>
  clockSkews(spans).map(({ caller, callee, leastMs }) => `${caller} ${callee} ${leastMs}`);

it.each([
  ["within the call", call(10, 50), []],
  ["the same time", call(0, 100), []],
  ["a millisecond is nothing", call(-1, 50), []],
  ["begins before it was called", call(-30, 50), ["a b -30"]],
  ["ends after its caller had the answer", call(80, 50), ["a b 30"]],
  ["long after", call(7_200_000, 50), ["a b 7199950"]],
  ["works longer than the caller waits: a timeout tells nothing", call(10, 500), []],
  ["of unknown duration", call(-30, null), []],
  ["the most of several calls", [...call(-30, 50), ...call(-40, 50, "3"), ...call(-5, 50, "4")], ["a b -40"]],
  ["the widest apart first", [...call(-30, 50), ...call(200, 50, "3", "c")], ["a c 150", "a b -30"]],
  [
    "one id for both halves",
    [span("1", null, "a", "client", 0, 100), span("1", null, "b", "server", -20, 50)],
    ["a b -20"],
  ],
  ["its own service", call(-30, 50, "2", "a"), []],
  ["a message", [span("1", null, "a", "producer", 0, 10), span("2", "1", "b", "consumer", -30, 5)], []],
  [
    "under a span that is no call",
    [span("1", null, "a", "internal", 0, 100), span("2", "1", "b", "server", -30, 5)],
    [],
  ],
  ["no spans", [], []],
])("%s", (_what, spans, expected) => {
  expect(said(spans)).toEqual(expected);
});
