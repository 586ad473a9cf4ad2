// Calls of "web" to "cart" as their two spans, told apart by number.
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

const resource = (name: string): Span["resource"] => ({
  attributes: [
    ["service.name", name],
    ["deployment.environment.name", "test"],
  ],
});

/** Call number `i`, which takes 5 ms from `atMs` (Unix milliseconds) on: a client span of "web", a server span of "cart". */
export function webCall(i: number, atMs: number): { client: Span; server: Span } {
  const common = {
    traceId: hex(i + 1, 32),
    traceState: "",
    attributes: [],
    events: [],
    links: [],
    status: { code: StatusCode.UNSET, message: "" },
    scope: { name: "test", version: "1" },
    startNs: BigInt(atMs) * 1_000_000n,
    endNs: BigInt(atMs + 5) * 1_000_000n,
  };
  const client = hex(i * 2 + 1, 16);
  return {
    client: {
      ...common,
      spanId: client,
      parentSpanId: "",
      name: "GET",
      kind: SpanKind.CLIENT,
      resource: resource("web"),
    },
    server: {
      ...common,
      spanId: hex(i * 2 + 2, 16),
      parentSpanId: client,
      name: "GET /cart",
      kind: SpanKind.SERVER,
      resource: resource("cart"),
    },
  };
}
