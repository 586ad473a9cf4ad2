// One call between two services of any name, as two spans.
import { randomBytes } from "node:crypto";
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";

export interface NamedCall {
  readonly caller: string;
  readonly callee: string;
  readonly operation?: string;
  readonly failed?: boolean;
  readonly atMs?: number;
  readonly environment?: string;
  /** How long the callee works; the caller waits 2 ms longer. */
  readonly ms?: number;
}

export function namedCall({
  caller,
  callee,
  operation = "GET /",
  failed = false,
  atMs = Date.now() - 5_000,
  environment = "test",
  ms = 10,
}: NamedCall): Span[] {
  const traceId = randomBytes(16).toString("hex");
  const [clientId, serverId] = [randomBytes(8).toString("hex"), randomBytes(8).toString("hex")] as const;
  const startNs = BigInt(atMs) * 1_000_000n;
  const span = (service: string, spanId: string, parentSpanId: string, kind: Span["kind"], lasts: number): Span => ({
    traceId,
    spanId,
    parentSpanId,
    traceState: "",
    name: operation,
    kind,
    startNs,
    endNs: startNs + BigInt(lasts) * 1_000_000n,
    attributes: failed ? [["http.response.status_code", 500]] : [],
    events: [],
    links: [],
    status: { code: failed ? StatusCode.ERROR : StatusCode.UNSET, message: "" },
    resource: {
      attributes: [
        ["service.name", service],
        ["deployment.environment.name", environment],
      ],
    },
    scope: { name: "e2e", version: "1" },
  });
  return [span(caller, clientId, "", SpanKind.CLIENT, ms + 2), span(callee, serverId, clientId, SpanKind.SERVER, ms)];
}
