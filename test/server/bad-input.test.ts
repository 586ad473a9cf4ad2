// What senders get wrong, by accident or on purpose: what each is answered, that good neighbours in the same request survive,
// that it is counted where people look, and that the server goes on.
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { ImportResult, Sources } from "@/lib/contract/sources";
import type { Trace } from "@/lib/contract/trace";
import { SpanKind } from "@/lib/domain/span";
import { encodeWithOracle } from "@/test/helpers/otlp-protobufjs";
import {
  call,
  frame,
  type GrpcAnswer,
  type HttpAnswer,
  messageIn,
  type Partial,
  partialOf,
  send,
  statusIn,
} from "@/test/helpers/server-requests";
import {
  JSON_TYPE,
  jsonOf,
  newSpanId,
  newTraceId,
  PROTOBUF,
  protobufOf,
  type SpanLike,
} from "@/test/helpers/server-spans";
import { serving } from "@/test/helpers/serving";

const here = serving();

const MIB = 1 << 20;
const DAY_MS = 86_400_000;

// ---- how the answers read -----------------------------------------------------------------------------------------------

/** An answer of any door: what it was called, and what was rejected. */
interface Told {
  readonly outcome: number | string;
  readonly partial: Partial | null;
}

const overHttp = ({ status, headers, body }: HttpAnswer): Told => {
  if (status !== 200) return { outcome: status, partial: null };
  if (headers["content-type"] === "application/x-protobuf") return { outcome: status, partial: partialOf(body) };
  const { partialSuccess } = JSON.parse(body.toString()) as {
    partialSuccess?: { rejectedSpans: string; errorMessage: string };
  };
  if (!partialSuccess) return { outcome: status, partial: null };
  return { outcome: status, partial: { ...partialSuccess, rejectedSpans: Number(partialSuccess.rejectedSpans) } };
};

const overGrpc = (answer: GrpcAnswer): Told => ({
  outcome: answer.code === 0 ? 200 : `grpc ${answer.code}`,
  partial: answer.code === 0 ? partialOf(messageIn(answer)) : null,
});

/** The answer to a file, in the words of the others. */
const overImport = ({ status, body }: HttpAnswer): Told => {
  if (status !== 200) return { outcome: status, partial: null };
  const { rejected, issues } = JSON.parse(body.toString()) as ImportResult;
  if (rejected === 0) return { outcome: status, partial: null };
  const reasons = issues.filter(({ rejects }) => rejects).map(({ count, text }) => `${count} × ${text}`);
  const errorMessage = `${rejected} span${rejected === 1 ? "" : "s"} rejected; ${reasons.join(", ")}`;
  return { outcome: status, partial: { rejectedSpans: rejected, errorMessage } };
};

const importFile = async (body: Uint8Array | string): Promise<Told> =>
  overImport(await send(`${here.server.base}/api/v1/import`, { body }));

const FORMS = {
  "HTTP protobuf": async (spans: readonly SpanLike[]) =>
    overHttp(await send(here.server.traces, { headers: PROTOBUF, body: protobufOf(spans) })),
  "HTTP JSON": async (spans: readonly SpanLike[]) =>
    overHttp(await send(here.server.traces, { headers: JSON_TYPE, body: jsonOf(spans) })),
  gRPC: async (spans: readonly SpanLike[]) => overGrpc(await call(here.server.grpc, [frame(protobufOf(spans))])),
  "a protobuf file": (spans: readonly SpanLike[]) => importFile(protobufOf(spans)),
  "a JSON file": (spans: readonly SpanLike[]) => importFile(jsonOf(spans)),
} as const;
type Form = keyof typeof FORMS;
const DOOR = {
  "HTTP protobuf": "otlp-http",
  "HTTP JSON": "otlp-http",
  gRPC: "otlp-grpc",
  "a protobuf file": "import",
  "a JSON file": "import",
} as const;

const sources = (): Promise<Sources> => here.server.get<Sources>("/api/v1/sources");
const issueCount = ({ issues }: Sources, code: string): number =>
  issues.find((issue) => issue.code === code)?.count ?? 0;
const doorIn = ({ doors }: Sources, name: string) => doors.find((door) => door.name === name)!;

async function readTrace(traceId: string): Promise<Trace | null> {
  const response = await fetch(`${here.server.base}/api/v1/traces/${traceId}`);
  return response.status === 404 ? null : ((await response.json()) as Trace);
}

/** The server takes an ordinary batch by every door and shows it. */
async function expectWell(): Promise<void> {
  for (const ask of Object.values(FORMS)) {
    const traceId = newTraceId();
    expect(await ask([{ traceId }])).toEqual({ outcome: 200, partial: null });
    expect((await readTrace(traceId))?.spans).toHaveLength(1);
  }
}

// ---- one bad span beside a good one -------------------------------------------------------------------------------------

interface Fault {
  readonly spans: () => SpanLike[];
  /** Counted under this code, once a span. */
  readonly code: string;
  readonly rejected: number;
  /** No fault in a file, which may be of any time from 1970 on. */
  readonly fineInFiles?: boolean;
}

const now = Date.now();
const sameId = newSpanId();
const [left, right] = [newSpanId(), newSpanId()];
const loop = newTraceId();
const rejects = (code: string, bad: SpanLike): Fault => ({ code, rejected: 1, spans: () => [bad] });
const repairs = (code: string, bad: SpanLike): Fault => ({
  code,
  rejected: 0,
  spans: () => [{ ...bad, traceId: newTraceId() }],
});

const FAULTS: Record<string, Fault> = {
  "a trace id of 8 bytes": rejects("bad_trace_id", { traceId: "00112233aabbccdd" }),
  "a trace id of 17 bytes": rejects("bad_trace_id", { traceId: "ab".repeat(17) }),
  "a trace id of zeros": rejects("bad_trace_id", { traceId: "0".repeat(32) }),
  "a span id of 4 bytes": rejects("bad_span_id", { spanId: "00112233" }),
  "a span id of 16 bytes": rejects("bad_span_id", { spanId: "ab".repeat(16) }),
  "a span id of zeros": rejects("bad_span_id", { spanId: "0".repeat(16) }),
  "a parent id of 3 bytes": rejects("bad_parent_id", { parentSpanId: "001122" }),
  "a start in 1970": { ...rejects("time_out_of_range", { startMs: 1000 }), fineInFiles: true },
  "a start in 2200": { ...rejects("time_out_of_range", { startMs: Date.UTC(2200, 0, 1) }), fineInFiles: true },
  "a start two days ahead": { ...rejects("time_out_of_range", { startMs: now + 2 * DAY_MS }), fineInFiles: true },
  "an end before the start": repairs("end_before_start", { durationMs: -50 }),
  "a span that is its own parent": repairs("self_parent", { spanId: sameId, parentSpanId: sameId }),
  "no service.name": repairs("no_service_name", { service: null }),
  "10,000 attributes": repairs("too_many_attributes", {
    attributes: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key.${i}`, i])),
  }),
};

describe.each(Object.entries(FAULTS))("%s", (_name, { spans, code, fineInFiles, ...fault }) => {
  it.each(Object.keys(FORMS) as Form[])("by %s: only it suffers, and it is counted", async (form) => {
    const fine = fineInFiles === true && DOOR[form] === "import";
    const rejected = fine ? 0 : fault.rejected;
    const before = await sources();
    const neighbour: SpanLike = { traceId: newTraceId(), service: "neighbour" };
    const bad = spans();
    const { outcome, partial } = await FORMS[form]([...bad, neighbour]);
    expect(outcome).toBe(200);
    if (rejected === 0) expect(partial).toBeNull();
    else {
      expect(partial).toMatchObject({ rejectedSpans: rejected });
      expect(partial!.errorMessage).toMatch(/^1 span rejected; 1 × \w/);
    }
    const after = await sources();
    expect(issueCount(after, code) - issueCount(before, code)).toBe(fine ? 0 : 1);
    const [was, is] = [doorIn(before, DOOR[form]), doorIn(after, DOOR[form])];
    expect({
      received: is.received - was.received,
      stored: is.stored - was.stored,
      rejected: is.rejected - was.rejected,
      refused: is.refused - was.refused,
    }).toEqual({ received: 2, stored: 2 - rejected, rejected, refused: 0 });
    expect((await readTrace(neighbour.traceId!))?.spans).toHaveLength(1);
    const { traceId } = bad[0]!;
    if (rejected === 0 && traceId) expect((await readTrace(traceId))?.spans).toHaveLength(1);
  });
});

describe("odd but legal spans", () => {
  it.each(Object.keys(FORMS) as Form[])(
    "by %s: two spans that are each other's parents are kept and shown",
    async (form) => {
      const traceId = form === "gRPC" ? loop : newTraceId();
      const pair: SpanLike[] = [
        { traceId, spanId: left, parentSpanId: right, service: "loop-a" },
        { traceId, spanId: right, parentSpanId: left, service: "loop-b" },
      ];
      expect(await FORMS[form](pair)).toEqual({ outcome: 200, partial: null });
      expect((await readTrace(traceId))?.spans).toHaveLength(2);
      const graph = await here.server.get<Graph>("/api/v1/graph");
      expect(graph.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(["loop-a", "loop-b"]));
    },
  );

  it.each(Object.keys(FORMS) as Form[])("by %s: names that are dangerous elsewhere are text here", async (form) => {
    const traceId = newTraceId();
    const names = ["__proto__", "constructor", "<img src=x onerror=alert(1)>", "toString", "a\u0000b\r\nc\u2028d"];
    const spans = names.map((name, i) => ({
      traceId,
      name,
      kind: i % 2 ? SpanKind.CLIENT : SpanKind.SERVER,
      service: name,
      attributes: { [name]: name, "peer.service": name, "db.system": name },
    }));
    // `{ ["__proto__"]: … }` makes an ordinary property.
    expect(Object.keys(spans[0]!.attributes)).toContain("__proto__");
    expect(await FORMS[form](spans)).toEqual({ outcome: 200, partial: null });
    const trace = await readTrace(traceId);
    expect(trace!.spans.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const span of trace!.spans)
      expect(span.attributes).toContainEqual({ key: span.name, type: "string", value: span.name });
    const graph = await here.server.get<Graph>("/api/v1/graph");
    expect(graph.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(names));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

// ---- values that nest, names that are not text ---------------------------------------------------------------------------

/** {arrayValue: {values: [{arrayValue: …}]}}, `depth` deep, as protobuf bytes: made by hand, because an encoder would recurse. */
function nestedBytes(depth: number): Buffer {
  let value: Buffer = Buffer.from([0x0a, 0x01, 0x78]);
  const wrap = (tag: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
  for (let i = 0; i < depth; i++) value = wrap(0x2a, wrap(0x0a, value));
  return value;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

/** A request whose span has one more field with these bytes. */
function withField(traceId: string, tag: number, bytes: Uint8Array): Buffer {
  const field = Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
  const wrap = (content: Buffer, tag: number): Buffer =>
    Buffer.concat([Buffer.from([tag, ...varint(content.length)]), content]);
  const ids = [wrap(Buffer.from(traceId, "hex"), 0x0a), wrap(Buffer.from(newSpanId(), "hex"), 0x12)];
  const start = Buffer.alloc(9);
  start[0] = 0x39;
  start.writeBigUInt64LE(BigInt(Date.now() - 1000) * 1_000_000n, 1);
  const end = Buffer.from(start);
  end[0] = 0x41;
  const span = Buffer.concat([...ids, Buffer.from([0x30, 0x02]), start, end, field]);
  const resource = wrap(wrap(Buffer.from("\n\fservice.name\u0012\u0006\n\u0004deep", "latin1"), 0x0a), 0x0a);
  return wrap(Buffer.concat([resource, wrap(wrap(span, 0x12), 0x12)]), 0x0a);
}

const attributeBytes = (value: Buffer): Buffer =>
  Buffer.concat([Buffer.from("\n\u0001k", "latin1"), Buffer.from([0x12, ...varint(value.length)]), value]);

const nestedJson = (depth: number): string =>
  `${'{"arrayValue":{"values":['.repeat(depth)}{"stringValue":"x"}${"]}}".repeat(depth)}`;

const deepJson = (traceId: string, depth: number): string =>
  jsonOf([
    { traceId, service: "deep", attributes: { k: "HERE" } },
    { traceId, service: "neighbour" },
  ]).replace('{"stringValue":"HERE"}', nestedJson(depth));

describe.each([33, 10_000])("an attribute that nests %d deep", (depth) => {
  const cases = {
    "HTTP protobuf": async (traceId: string) => {
      const body = Buffer.concat([
        withField(traceId, 0x4a, attributeBytes(nestedBytes(depth))),
        protobufOf([{ traceId }]),
      ]);
      return overHttp(await send(here.server.traces, { headers: PROTOBUF, body }));
    },
    "HTTP JSON": async (traceId: string) =>
      overHttp(await send(here.server.traces, { headers: JSON_TYPE, body: deepJson(traceId, depth) })),
    gRPC: async (traceId: string) => {
      const body = Buffer.concat([
        withField(traceId, 0x4a, attributeBytes(nestedBytes(depth))),
        protobufOf([{ traceId }]),
      ]);
      return overGrpc(await call(here.server.grpc, [frame(body)]));
    },
    "a protobuf file": (traceId: string) =>
      importFile(
        Buffer.concat([withField(traceId, 0x4a, attributeBytes(nestedBytes(depth))), protobufOf([{ traceId }])]),
      ),
    "a JSON file": (traceId: string) => importFile(deepJson(traceId, depth)),
  };
  it.each(Object.keys(cases) as Form[])("by %s is cut, counted, and its span and neighbour are kept", async (form) => {
    const before = issueCount(await sources(), "value_too_deep");
    const traceId = newTraceId();
    expect(await cases[form](traceId)).toEqual({ outcome: 200, partial: null });
    expect(issueCount(await sources(), "value_too_deep") - before).toBe(1);
    const trace = await readTrace(traceId);
    expect(trace?.spans).toHaveLength(2);
    const told = trace!.spans.flatMap(({ attributes }) => attributes).find(({ key }) => key === "k");
    expect(told?.type).toBe("list");
  });
});

it("JSON that nests 200,000 deep where nothing is read does not matter", async () => {
  const traceId = newTraceId();
  const body = jsonOf([{ traceId }]).replace(/^\{/, `{"unknown":${"[".repeat(200_000)}${"]".repeat(200_000)},`);
  expect((await send(here.server.traces, { headers: JSON_TYPE, body })).status).toBe(200);
  expect((await readTrace(traceId))?.spans).toHaveLength(1);
});

describe("names that are not UTF-8", () => {
  const bytes = Buffer.from([0x47, 0xff, 0xfe, 0x54]);
  const shown = "G\ufffd\ufffdT";
  /** The bytes in the place of a text of as many. */
  const mangled = (text: Uint8Array | string): Buffer => {
    const body = Buffer.from(text as string);
    for (let at = body.indexOf("NAME"); at >= 0; at = body.indexOf("NAME")) bytes.copy(body, at);
    return body;
  };
  const ask = {
    "HTTP protobuf": async (spans: readonly SpanLike[]) =>
      overHttp(await send(here.server.traces, { headers: PROTOBUF, body: mangled(protobufOf(spans)) })),
    "HTTP JSON": async (spans: readonly SpanLike[]) =>
      overHttp(await send(here.server.traces, { headers: JSON_TYPE, body: mangled(jsonOf(spans)) })),
    gRPC: async (spans: readonly SpanLike[]) =>
      overGrpc(await call(here.server.grpc, [frame(mangled(protobufOf(spans)))])),
    "a protobuf file": (spans: readonly SpanLike[]) => importFile(mangled(protobufOf(spans))),
    "a JSON file": (spans: readonly SpanLike[]) => importFile(mangled(jsonOf(spans))),
  };
  /** Where the text stands, and whether it is counted in protobuf; in JSON it is, wherever. */
  const places: Record<string, readonly [span: (form: string) => SpanLike, counted: boolean]> = {
    "an operation": [(form) => ({ name: `NAME${form}` }), true],
    "a service": [(form) => ({ service: `NAME${form}` }), true],
    "the far side of a call": [
      (form) => ({ kind: SpanKind.CLIENT, attributes: { "peer.service": `NAME${form}` } }),
      true,
    ],
    "an attribute": [() => ({ attributes: { note: "NAME" } }), false],
  };
  const forms = Object.keys(ask) as Form[];
  it.each(Object.keys(places).flatMap((place) => forms.map((form) => [place, form] as const)))(
    "of %s by %s are shown with replacement characters and counted, and the neighbour is kept",
    async (place, form) => {
      const [span, counted] = places[place]!;
      const before = issueCount(await sources(), "invalid_utf8");
      const traceId = newTraceId();
      expect(
        await ask[form]([
          { traceId, ...span(form) },
          { traceId, service: "neighbour" },
        ]),
      ).toEqual({
        outcome: 200,
        partial: null,
      });
      const trace = await readTrace(traceId);
      expect(trace?.spans).toHaveLength(2);
      expect(JSON.stringify(trace)).toContain(shown);
      expect(issueCount(await sources(), "invalid_utf8") - before).toBe(counted || form.includes("JSON") ? 1 : 0);
    },
  );
});

// ---- whole requests that cannot be taken ----------------------------------------------------------------------------------

const good = protobufOf([{ name: "good" }]);
const huge = Buffer.alloc(30 * MIB, 0x20);
/** 200 kB that become 200 MiB. */
const bomb = gzipSync(Buffer.alloc(200 * MIB), { level: 9 });

interface Refused {
  readonly status: number;
  readonly says: RegExp;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | string | readonly (Uint8Array | string)[];
}

const gzipped = { ...PROTOBUF, "content-encoding": "gzip" };
const REFUSED: Record<string, Refused> = {
  "broken gzip": { status: 400, says: /not valid gzip/, headers: gzipped, body: good },
  "gzip that ends early": {
    status: 400,
    says: /not valid gzip/,
    headers: gzipped,
    body: gzipSync(good).subarray(0, -9),
  },
  "truncated protobuf": {
    status: 400,
    says: /ends inside|reaches beyond/,
    headers: PROTOBUF,
    body: good.subarray(0, -3),
  },
  "text as protobuf": {
    status: 400,
    says: /wire type|reaches beyond|ends inside/,
    headers: PROTOBUF,
    body: "hello, world",
  },
  "truncated JSON": { status: 400, says: /not valid JSON/, headers: JSON_TYPE, body: jsonOf([{}]).slice(0, -3) },
  "an empty body as JSON": { status: 400, says: /not valid JSON/, headers: JSON_TYPE, body: "" },
  "a list as JSON": { status: 400, says: /expected an object/, headers: JSON_TYPE, body: "[]" },
  "metrics as JSON": {
    status: 400,
    says: /expected "resourceSpans", found "resourceMetrics"/,
    headers: JSON_TYPE,
    body: '{"resourceMetrics":[]}',
  },
  "no content type": { status: 415, says: /application\/x-protobuf or application\/json/, headers: {}, body: good },
  "another content type": {
    status: 415,
    says: /text\/plain is not OTLP/,
    headers: { "content-type": "text/plain" },
    body: good,
  },
  "another encoding": {
    status: 415,
    says: /br is not supported/,
    headers: { ...PROTOBUF, "content-encoding": "br" },
    body: good,
  },
  "an encoding by the name of a property": {
    status: 415,
    says: /constructor is not supported/,
    headers: { ...PROTOBUF, "content-encoding": "constructor" },
    body: good,
  },
  "gzip inside gzip": {
    status: 415,
    says: /gzip, gzip is not supported/,
    headers: { ...PROTOBUF, "content-encoding": "gzip, gzip" },
    body: gzipSync(gzipSync(good)),
  },
  "30 MB with a length": { status: 413, says: /larger than 20 MiB/, headers: PROTOBUF, body: huge },
  "30 MB in chunks": {
    status: 413,
    says: /larger than 20 MiB/,
    headers: PROTOBUF,
    body: Array.from({ length: 30 }, () => huge.subarray(0, MIB)),
  },
  "a gzip bomb": { status: 413, says: /larger than 20 MiB/, headers: gzipped, body: bomb },
  "a deflate bomb": {
    status: 413,
    says: /larger than 20 MiB/,
    headers: { ...PROTOBUF, "content-encoding": "deflate" },
    body: deflateSync(Buffer.alloc(200 * MIB), { level: 9 }),
  },
};

describe.each(Object.entries(REFUSED))("%s over HTTP", (_name, { status, says, headers, body }) => {
  it(`is answered ${status}, in the request's own format, and counted`, async () => {
    const before = doorIn(await sources(), "otlp-http");
    const answer = await send(here.server.traces, { headers, body });
    expect(answer.status).toBe(status);
    const told =
      headers["content-type"] === "application/json"
        ? (JSON.parse(answer.body.toString()) as { code: number; message: string })
        : statusIn(answer.body);
    expect(told.message).toMatch(says);
    expect(Number(told.code)).toBe({ 400: 3, 413: 8, 415: 12 }[status]);
    const { doors, refusals } = await sources();
    const after = doorIn({ doors } as Sources, "otlp-http");
    expect({ refused: after.refused - before.refused, received: after.received - before.received }).toEqual({
      refused: 1,
      received: 0,
    });
    expect(refusals.some((refusal) => refusal.door === "otlp-http" && says.test(refusal.message))).toBe(true);
  });
});

it("an empty protobuf body is an empty request, which is fine", async () => {
  expect(overHttp(await send(here.server.traces, { headers: PROTOBUF, body: "" }))).toEqual({
    outcome: 200,
    partial: null,
  });
  expect(overGrpc(await call(here.server.grpc, [frame(Buffer.alloc(0))]))).toEqual({ outcome: 200, partial: null });
});

it("paths and methods that are not served are 404 and 405", async () => {
  expect((await send(here.server.traces.replace("traces", "metrics"), { headers: PROTOBUF, body: good })).status).toBe(
    404,
  );
  expect((await send(here.server.traces, { method: "GET" })).status).toBe(405);
});

const REFUSED_GRPC: Record<
  string,
  { code: number; says: RegExp; parts: Uint8Array[]; path?: string; encoding?: string }
> = {
  "another method": {
    code: 12,
    says: /is not served here/,
    parts: [frame(good)],
    path: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  },
  "no message": { code: 3, says: /no message/, parts: [] },
  "half a frame head": { code: 3, says: /no message/, parts: [Buffer.from([0, 0])] },
  "a frame that is longer than it says": { code: 3, says: /not as long/, parts: [frame(good), Buffer.from([1])] },
  "a frame that is shorter than it says": { code: 3, says: /not as long/, parts: [frame(good).subarray(0, -1)] },
  "two messages": { code: 3, says: /not as long/, parts: [frame(good), frame(good)] },
  "broken protobuf": { code: 3, says: /ends inside|reaches beyond/, parts: [frame(good.subarray(0, -3))] },
  "broken gzip": { code: 3, says: /not valid gzip/, parts: [frame(good, true)], encoding: "gzip" },
  "a compressed message without an encoding": {
    code: 12,
    says: /not supported; use gzip/,
    parts: [frame(gzipSync(good), true)],
  },
  "another encoding": { code: 12, says: /zstd is not supported/, parts: [frame(good, true)], encoding: "zstd" },
  "an encoding by the name of a property": {
    code: 12,
    says: /constructor is not supported/,
    parts: [frame(good, true)],
    encoding: "constructor",
  },
  "30 MB": { code: 8, says: /larger than 20 MiB/, parts: [frame(huge)] },
  "a gzip bomb": { code: 8, says: /larger than 20 MiB/, parts: [frame(bomb, true)], encoding: "gzip" },
};

describe.each(Object.entries(REFUSED_GRPC))("%s over gRPC", (_name, { code, says, parts, path, encoding }) => {
  it(`is answered ${code} and counted`, async () => {
    const before = doorIn(await sources(), "otlp-grpc");
    const answer = await call(here.server.grpc, parts, {
      ...(path && { path }),
      headers: encoding ? { "grpc-encoding": encoding } : {},
    });
    expect(answer.code).toBe(code);
    expect(answer.text).toMatch(says);
    const after = doorIn(await sources(), "otlp-grpc");
    expect({ refused: after.refused - before.refused, received: after.received - before.received }).toEqual({
      refused: 1,
      received: 0,
    });
  });
});

describe("encodings that are right", () => {
  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["identity", (bytes: Uint8Array | string) => Buffer.from(bytes as string)],
  ])("%s is taken over HTTP, as protobuf and as JSON", async (encoding, encode) => {
    for (const [type, of] of [
      [PROTOBUF, protobufOf],
      [JSON_TYPE, jsonOf],
    ] as const) {
      const traceId = newTraceId();
      const body = encode(of([{ traceId }]));
      const told = overHttp(
        await send(here.server.traces, { headers: { ...type, "content-encoding": encoding }, body }),
      );
      expect(told).toEqual({ outcome: 200, partial: null });
      expect((await readTrace(traceId))?.spans).toHaveLength(1);
    }
  });
});

describe("gRPC framing that is unusual but right", () => {
  it.each([
    ["gzip", gzipSync(good), "gzip"],
    ["deflate", deflateSync(good), "deflate"],
  ])("takes a message compressed with %s", async (_name, bytes, encoding) => {
    const told = overGrpc(
      await call(here.server.grpc, [frame(bytes, true)], { headers: { "grpc-encoding": encoding } }),
    );
    expect(told).toEqual({ outcome: 200, partial: null });
  });

  it("takes a plain message of a connection that may compress", async () => {
    const told = overGrpc(await call(here.server.grpc, [frame(good)], { headers: { "grpc-encoding": "gzip" } }));
    expect(told).toEqual({ outcome: 200, partial: null });
  });

  it("takes a message in DATA frames of one byte", async () => {
    const traceId = newTraceId();
    const bytes = frame(protobufOf([{ traceId }]));
    const told = overGrpc(
      await call(
        here.server.grpc,
        Array.from(bytes, (byte) => Buffer.from([byte])),
      ),
    );
    expect(told).toEqual({ outcome: 200, partial: null });
    expect((await readTrace(traceId))?.spans).toHaveLength(1);
  });
});

// ---- everything else ------------------------------------------------------------------------------------------------------

describe("bytes that are wrong in any place", () => {
  const body = Buffer.from(
    encodeWithOracle({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "mangled" } }] },
          scopeSpans: [
            {
              spans: [1, 2].map((i) => ({
                traceId: Buffer.alloc(16, i),
                spanId: Buffer.alloc(8, i),
                name: "GET /",
                kind: 3,
                startTimeUnixNano: String(BigInt(now) * 1_000_000n),
                endTimeUnixNano: String(BigInt(now + 3) * 1_000_000n),
                attributes: [{ key: "http.response.status_code", value: { intValue: "500" } }],
                links: [{ traceId: Buffer.alloc(16, 7), spanId: Buffer.alloc(8, 7) }],
                status: { code: 2, message: "no" },
              })),
            },
          ],
        },
      ],
    }),
  );

  it("cut anywhere, they are refused or read, never a failure", async () => {
    const seen = new Set<number>();
    for (let length = 0; length < body.length; length++)
      seen.add((await send(here.server.traces, { headers: PROTOBUF, body: body.subarray(0, length) })).status);
    expect([...seen].sort()).toEqual([200, 400]);
  });

  it("changed anywhere, they are refused or read, never a failure", async () => {
    const seen = new Set<number>();
    for (let at = 0; at < body.length; at++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const changed = Buffer.from(body);
        changed[at]! ^= mask;
        seen.add((await send(here.server.traces, { headers: PROTOBUF, body: changed })).status);
      }
    }
    expect([...seen].sort()).toEqual([200, 400]);
  });
});

it("after all of this the server is well", async () => {
  await expectWell();
  const { doors } = await sources();
  for (const { received, stored, duplicates, rejected } of doors) expect(received).toBe(stored + duplicates + rejected);
  expect((await fetch(`${here.server.base}/readyz`)).status).toBe(200);
  const graph = await fetch(`${here.server.base}/api/v1/graph?from=0`);
  expect([200, 400]).toContain(graph.status);
});
