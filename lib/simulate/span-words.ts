// What instrumentations write into spans, by the conventions of now or of before.
import {
  type Attribute,
  type Resource,
  type Scope,
  type Span,
  SpanKind,
  type SpanLink,
  StatusCode,
} from "../domain/span";
import type { External, Operation, Query, Service } from "./scenario";

/** How a step ended for whoever took it. */
export type Ended = "ok" | "failed" | "client-error";

export type ScopeName = "http" | "db" | "messaging" | "app";

const SCOPES: Record<ScopeName, Scope> = {
  http: { name: "http", version: "1.0.0" },
  db: { name: "db", version: "1.0.0" },
  messaging: { name: "messaging", version: "1.0.0" },
  app: { name: "app", version: "1.0.0" },
};

export function httpServer(old: boolean, operation: Operation, ended: Ended): Attribute[] {
  const [method = "GET", route = "/"] = operation.name.split(" ");
  const code = ended === "failed" ? 500 : ended === "client-error" ? 404 : 200;
  return old
    ? [
        ["http.method", method],
        ["http.route", route],
        ["http.status_code", code],
        ["http.flavor", "1.1"],
      ]
    : [
        ["http.request.method", method],
        ["http.route", route],
        ["http.response.status_code", code],
        ["network.protocol.version", "1.1"],
      ];
}

export function httpClient(old: boolean, host: string, ended: Ended | "no-answer", operation: string): Attribute[] {
  const [method = "GET"] = operation.split(" ");
  const code = ended === "failed" ? 500 : ended === "client-error" ? 404 : 200;
  return [
    [old ? "http.method" : "http.request.method", method],
    [old ? "net.peer.name" : "server.address", host],
    [old ? "net.peer.port" : "server.port", 8080],
    ended === "no-answer" ? ["error.type", "timeout"] : [old ? "http.status_code" : "http.response.status_code", code],
  ];
}

export function databaseClient(old: boolean, step: Query, failed: boolean): Attribute[] {
  const attributes: Attribute[] = [
    [old ? "db.system" : "db.system.name", step.system],
    [old ? "db.name" : "db.namespace", step.namespace],
    [old ? "net.peer.name" : "server.address", step.host],
    [old ? "net.peer.port" : "server.port", step.port],
    [
      old ? "db.statement" : "db.query.text",
      step.system === "redis" ? step.name : `${step.name} ${step.namespace} ...`,
    ],
  ];
  if (failed) attributes.push(["error.type", step.system === "redis" ? "LOADING" : "40P01"]);
  return attributes;
}

export function externalClient(step: External, failed: boolean): Attribute[] {
  return [
    ["http.request.method", step.name.split(" ")[0]!],
    ["server.address", step.host],
    ["server.port", 443],
    ["url.full", `https://${step.host}/v1/${step.name.split("/").pop()}`],
    ["http.response.status_code", failed ? 503 : 200],
  ];
}

export const messaging = (topic: string, operation: "send" | "process", group?: string): Attribute[] => [
  ["messaging.system", "kafka"],
  ["messaging.destination.name", topic],
  ["messaging.operation.type", operation],
  ...(group ? [["messaging.consumer.group.name", group] as Attribute] : []),
];

export function resourcesOf(service: Service, environment: string): Resource[] {
  return Array.from({ length: service.instances }, (_, i) => ({
    attributes: [
      ["service.name", service.name],
      ["service.version", service.version],
      ["service.instance.id", `${service.name}-${i}`],
      ["deployment.environment.name", environment],
      ["telemetry.sdk.language", service.language],
      ["telemetry.sdk.name", "opentelemetry"],
      ["telemetry.sdk.version", "2.0.0"],
      ["host.name", `node-${i % 3}`],
    ],
  }));
}

export function finishedSpan(
  ids: Pick<Span, "traceId" | "spanId" | "parentSpanId">,
  name: string,
  kind: SpanKind,
  startUs: number,
  endUs: number,
  attributes: readonly Attribute[],
  failed: boolean,
  links: readonly SpanLink[],
  resource: Resource,
  scope: ScopeName,
): Span {
  const endNs = nanoseconds(endUs);
  return {
    ...ids,
    traceState: "",
    name,
    kind,
    startNs: nanoseconds(startUs),
    endNs,
    attributes,
    events: failed && kind !== SpanKind.CLIENT ? [{ timeNs: endNs, name: "exception", attributes: EXCEPTION }] : [],
    links,
    status: failed ? { code: StatusCode.ERROR, message: "" } : { code: StatusCode.UNSET, message: "" },
    resource,
    scope: SCOPES[scope],
  };
}

const EXCEPTION: readonly Attribute[] = [
  ["exception.type", "ServiceError"],
  ["exception.message", "the operation failed"],
];

const nanoseconds = (us: number): bigint => BigInt(Math.round(us)) * 1000n;
