// The decoder's oracle: protobufjs with the OTLP trace messages, written from opentelemetry-proto's .proto files.
import protobuf from "protobufjs";

const { Root } = protobuf;

type Fields = Record<string, [id: number, type: string, repeated?: "repeated"]>;

const MESSAGES: Record<string, Fields> = {
  ExportTraceServiceRequest: { resourceSpans: [1, "ResourceSpans", "repeated"] },
  ResourceSpans: { resource: [1, "Resource"], scopeSpans: [2, "ScopeSpans", "repeated"], schemaUrl: [3, "string"] },
  Resource: { attributes: [1, "KeyValue", "repeated"], droppedAttributesCount: [2, "uint32"] },
  ScopeSpans: { scope: [1, "Scope"], spans: [2, "Span", "repeated"], schemaUrl: [3, "string"] },
  Scope: { name: [1, "string"], version: [2, "string"], attributes: [3, "KeyValue", "repeated"] },
  Span: {
    traceId: [1, "bytes"],
    spanId: [2, "bytes"],
    traceState: [3, "string"],
    parentSpanId: [4, "bytes"],
    name: [5, "string"],
    kind: [6, "int32"],
    startTimeUnixNano: [7, "fixed64"],
    endTimeUnixNano: [8, "fixed64"],
    attributes: [9, "KeyValue", "repeated"],
    droppedAttributesCount: [10, "uint32"],
    events: [11, "Event", "repeated"],
    droppedEventsCount: [12, "uint32"],
    links: [13, "Link", "repeated"],
    droppedLinksCount: [14, "uint32"],
    status: [15, "Status"],
    flags: [16, "fixed32"],
  },
  Event: { timeUnixNano: [1, "fixed64"], name: [2, "string"], attributes: [3, "KeyValue", "repeated"] },
  Link: {
    traceId: [1, "bytes"],
    spanId: [2, "bytes"],
    traceState: [3, "string"],
    attributes: [4, "KeyValue", "repeated"],
    flags: [6, "fixed32"],
  },
  Status: { message: [2, "string"], code: [3, "int32"] },
  KeyValue: { key: [1, "string"], value: [2, "AnyValue"] },
  AnyValue: {
    stringValue: [1, "string"],
    boolValue: [2, "bool"],
    intValue: [3, "int64"],
    doubleValue: [4, "double"],
    arrayValue: [5, "ArrayValue"],
    kvlistValue: [6, "KeyValueList"],
    bytesValue: [7, "bytes"],
  },
  ArrayValue: { values: [1, "AnyValue", "repeated"] },
  KeyValueList: { values: [1, "KeyValue", "repeated"] },
};

const ONEOFS: Record<string, string[]> = { AnyValue: Object.keys(MESSAGES.AnyValue!) };

const root = Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => [
      name,
      {
        ...(ONEOFS[name] && { oneofs: { value: { oneof: ONEOFS[name] } } }),
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, [id, type, rule]]) => [field, { id, type, ...(rule && { rule }) }]),
        ),
      },
    ]),
  ),
});

export const RequestType = root.lookupType("ExportTraceServiceRequest");

/** Bytes of a request given as plain objects (ids as Uint8Array, nanoseconds as decimal strings). */
export const encodeWithOracle = (request: object): Uint8Array =>
  RequestType.encode(RequestType.fromObject(request)).finish();

/** Field numbers that hold a message, by message: what a permutation at byte level has to walk into. */
export const SUBMESSAGES: Record<string, Record<number, string>> = Object.fromEntries(
  Object.entries(MESSAGES).map(([name, fields]) => [
    name,
    Object.fromEntries(
      Object.values(fields)
        .filter(([, type]) => type in MESSAGES)
        .map(([id, type]) => [id, type]),
    ),
  ]),
);
