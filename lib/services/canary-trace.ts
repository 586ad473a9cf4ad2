// The trace that the canary writes: everything in it is known beforehand, so that any change shows.
import { isDeepStrictEqual } from "node:util";
import { CANARY_ENVIRONMENT } from "../domain/node";
import { type Span, SpanKind, StatusCode } from "../domain/span";

export const CANARY_CALLER = "headwater-canary-caller";
export const CANARY_CALLEE = "headwater-canary-callee";

const NS_PER_MS = 1_000_000n;
const MS_PER_MINUTE = 60_000;
const CALLEE_BEFORE_MS = 8;

/** One call between two services. Keys have no word that anybody would have redacted: that would be a change. @param traceId 32 hex digits, new ones each time. @param nowMs when it is over. */
export function canaryTrace(traceId: string, nowMs: number): Span[] {
  const at = (beforeMs: number): bigint => BigInt(nowMs - beforeMs) * NS_PER_MS;
  const common = {
    traceId,
    traceState: "",
    name: "GET /canary",
    links: [],
    status: { code: StatusCode.OK, message: "" },
    scope: { name: "headwater", version: "canary" },
  };
  const caller = traceId.slice(0, 15);
  return [
    {
      ...common,
      spanId: `${caller}1`,
      parentSpanId: "",
      kind: SpanKind.CLIENT,
      startNs: at(10),
      endNs: at(0),
      attributes: [],
      events: [],
      resource: resourceOf(CANARY_CALLER),
    },
    {
      ...common,
      spanId: `${caller}2`,
      parentSpanId: `${caller}1`,
      kind: SpanKind.SERVER,
      startNs: at(CALLEE_BEFORE_MS),
      endNs: at(2),
      attributes: [
        ["headwater.canary.1", "Großes Gefäß \u{1f426} \\ \" '"],
        ["headwater.canary.2", 40],
        ["headwater.canary.3", true],
      ],
      events: [{ timeNs: at(5), name: "chirp", attributes: [["headwater.canary.4", 0.5]] }],
      resource: resourceOf(CANARY_CALLEE),
    },
  ];
}

/** The minute that its call is counted in. */
export const canaryMinute = (nowMs: number): number => Math.floor((nowMs - CALLEE_BEFORE_MS) / MS_PER_MINUTE);

/** Whether these are the same spans, down to the last attribute, in whatever order. */
export const sameSpans = (a: readonly Span[], b: readonly Span[]): boolean => isDeepStrictEqual(byId(a), byId(b));

const byId = (spans: readonly Span[]): Span[] => [...spans].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));

const resourceOf = (service: string): Span["resource"] => ({
  attributes: [
    ["service.name", service],
    ["deployment.environment.name", CANARY_ENVIRONMENT],
  ],
});
