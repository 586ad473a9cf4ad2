// Requests of one call each between services of a graph: every edge as often as it says, in any shape.
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** The spans of request number `i`: an operation of `from` that calls one of `to`, over 4 ms from `startUs` on. */
export function pairCall(i: number, from: string, to: string, startUs: number, environment: string): Span[] {
  const traceId = hex(i + 1, 24) + hex(environment.length * 7919 + (environment.codePointAt(0) ?? 0), 8);
  const span = (
    number: number,
    parent: number | null,
    service: string,
    kind: SpanKind,
    name: string,
    insideUs: number,
  ): Span => ({
    traceId,
    traceState: "",
    spanId: hex(i * 3 + number, 16),
    parentSpanId: parent === null ? "" : hex(i * 3 + parent, 16),
    name,
    kind,
    startNs: BigInt(Math.round(startUs) + insideUs) * 1000n,
    endNs: BigInt(Math.round(startUs) + 4_000 - insideUs) * 1000n,
    attributes: [],
    events: [],
    links: [],
    status: { code: StatusCode.UNSET, message: "" },
    resource: {
      attributes: [
        ["service.name", service],
        ["deployment.environment.name", environment],
      ],
    },
    scope: { name: "bench", version: "1" },
  });
  return [
    span(1, null, from, SpanKind.SERVER, `POST /${to}`, 0),
    span(2, 1, from, SpanKind.CLIENT, "POST", 500),
    span(3, 2, to, SpanKind.SERVER, "GET /answer", 1_000),
  ];
}
