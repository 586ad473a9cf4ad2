// One call between two services that nothing else calls, as a request: its arrival can be seen in the graph's counts.
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { type Attribute, type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { ecommerce } from "@/lib/simulate/ecommerce";

export const PROBE = { caller: "probe-caller", callee: "probe-callee", environment: ecommerce.environment, spans: 2 };

const scope = { name: "probe", version: "1.0.0" };
const resourceOf = (service: string): { attributes: Attribute[] } => ({
  attributes: [
    ["service.name", service],
    ["deployment.environment.name", PROBE.environment],
  ],
});
const callerResource = resourceOf(PROBE.caller);
const calleeResource = resourceOf(PROBE.callee);

export function probeBody(): Uint8Array {
  const traceId = randomBytes(16).toString("hex");
  const client = randomBytes(8).toString("hex");
  const endNs = BigInt(Date.now()) * 1_000_000n;
  const common = {
    traceId,
    traceState: "",
    name: "GET /probe",
    endNs,
    attributes: [] as Attribute[],
    events: [],
    links: [],
    status: { code: StatusCode.UNSET, message: "" },
    scope,
  };
  const spans: Span[] = [
    {
      ...common,
      spanId: client,
      parentSpanId: "",
      kind: SpanKind.CLIENT,
      startNs: endNs - 3_000_000n,
      resource: callerResource,
    },
    {
      ...common,
      spanId: randomBytes(8).toString("hex"),
      parentSpanId: client,
      kind: SpanKind.SERVER,
      startNs: endNs - 2_000_000n,
      resource: calleeResource,
    },
  ];
  return encodeSpans(spans);
}

/** Connections of their own, so that a probe does not wait behind the load. */
export const probeAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 16 });

/** @throws Error when it is not taken. */
export function sendProtobuf(url: string, agent: Agent, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-protobuf", "content-length": bytes.length };
    request(url, { method: "POST", agent, headers })
      .on("response", (response) => {
        response.resume().on("end", () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`a request was answered ${response.statusCode}`));
        });
      })
      .on("error", reject)
      .end(bytes);
  });
}
