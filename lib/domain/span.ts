// The span as people and file formats see it: one object with every attribute, event and link. The engine works on columns
// (span-columns.ts); this shape is for parsers of files, the trace view and tests. Names are OpenTelemetry's.

/** OTLP's numbers; 0 (unspecified) is read as internal. */
export const SpanKind = { UNSPECIFIED: 0, INTERNAL: 1, SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 } as const;
export type SpanKind = (typeof SpanKind)[keyof typeof SpanKind];

export const StatusCode = { UNSET: 0, OK: 1, ERROR: 2 } as const;
export type StatusCode = (typeof StatusCode)[keyof typeof StatusCode];

export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | AttributeMap;
/** A list of pairs, not an object: `__proto__` is a key like any other, and order is kept. */
export interface AttributeMap {
  readonly entries: readonly Attribute[];
}
export type Attribute = readonly [key: string, value: AttributeValue];

export interface Resource {
  readonly attributes: readonly Attribute[];
}

export interface Scope {
  readonly name: string;
  readonly version: string;
}

export interface SpanEvent {
  readonly timeNs: bigint;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

export interface SpanLink {
  /** 32 and 16 lower-case hex digits. */
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: readonly Attribute[];
}

export interface Span {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** 16 lower-case hex digits, or "" for a root. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Unix time in nanoseconds. */
  readonly startNs: bigint;
  /** Unix time in nanoseconds; 0n when the sender did not say. */
  readonly endNs: bigint;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly status: { readonly code: StatusCode; readonly message: string };
  readonly resource: Resource;
  readonly scope: Scope;
}

/** The value of the first attribute with this key, or undefined. */
export function attribute(list: readonly Attribute[], key: string): AttributeValue | undefined {
  return list.find(([name]) => name === key)?.[1];
}

/** The same as text; undefined when absent, empty or not a scalar. */
export function textAttribute(list: readonly Attribute[], key: string): string | undefined {
  const value = attribute(list, key);
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return undefined;
}
