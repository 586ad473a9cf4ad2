// Plain spans for tests of the doors, and the same request in the forms in which it may be sent.
import { randomBytes } from "node:crypto";
import { SpanKind, StatusCode } from "@/lib/domain/span";
import { encodeWithOracle } from "./otlp-protobufjs";

export const newTraceId = (): string => randomBytes(16).toString("hex");
export const newSpanId = (): string => randomBytes(8).toString("hex");

/** What a test says of a span; the rest is ordinary. Ids are hex of any length, so that wrong ones can be said too. */
export interface SpanLike {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: SpanKind;
  /** Unix milliseconds. */
  readonly startMs?: number;
  readonly durationMs?: number;
  readonly error?: boolean;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly service?: string | null;
}

interface Complete {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: StatusCode };
  readonly attributes: readonly [string, string | number][];
  readonly service: string | null;
}

function complete(span: SpanLike): Complete {
  const startMs = span.startMs ?? Date.now() - 1000;
  const nano = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);
  return {
    traceId: span.traceId ?? newTraceId(),
    spanId: span.spanId ?? newSpanId(),
    parentSpanId: span.parentSpanId ?? "",
    name: span.name ?? "GET /",
    kind: span.kind ?? SpanKind.SERVER,
    startTimeUnixNano: nano(startMs),
    endTimeUnixNano: nano(startMs + (span.durationMs ?? 5)),
    status: { code: span.error ? StatusCode.ERROR : StatusCode.UNSET },
    attributes: Object.entries(span.attributes ?? {}),
    service: span.service === undefined ? "shop" : span.service,
  };
}

const anyValue = (value: string | number): object =>
  typeof value === "number" ? { intValue: String(value) } : { stringValue: value };

const keyValues = (pairs: readonly [string, string | number][]): object[] =>
  pairs.map(([key, value]) => ({ key, value: anyValue(value) }));

function request(spans: readonly SpanLike[], id: (hex: string) => unknown): object {
  const byService = new Map<string | null, Complete[]>();
  for (const span of spans.map(complete)) {
    const list = byService.get(span.service);
    if (list) list.push(span);
    else byService.set(span.service, [span]);
  }
  return {
    resourceSpans: [...byService].map(([service, list]) => ({
      resource: { attributes: service === null ? [] : keyValues([["service.name", service]]) },
      scopeSpans: [
        {
          spans: list.map(({ service: _, attributes, traceId, spanId, parentSpanId, ...rest }) => ({
            ...rest,
            traceId: id(traceId),
            spanId: id(spanId),
            ...(parentSpanId && { parentSpanId: id(parentSpanId) }),
            attributes: keyValues(attributes),
          })),
        },
      ],
    })),
  };
}

/** An ExportTraceServiceRequest. */
export const protobufOf = (spans: readonly SpanLike[]): Uint8Array =>
  encodeWithOracle(request(spans, (hex) => Buffer.from(hex, "hex")));

/** The same in OTLP's JSON. */
export const jsonOf = (spans: readonly SpanLike[]): string => JSON.stringify(request(spans, (hex) => hex));

export const PROTOBUF = { "content-type": "application/x-protobuf" };
export const JSON_TYPE = { "content-type": "application/json" };
