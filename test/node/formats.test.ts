// Every format of trace files, told by its content: real files of other projects with the counts that their collection states,
// and small files of our own, cut into chunks at every place.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { ENGINE_DEFAULTS } from "@/lib/engine/engine-options";
import { ImportSession } from "@/lib/engine/import-session";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { type Portion, TraceReader } from "@/lib/ingest/trace-reader";
import { seededRandom } from "@/lib/simulate/random";
import { EngineRig } from "@/test/helpers/engine-rig";
import { hasSharedData, listShared, readShared, type SourceCounts, sourceCounts } from "@/test/helpers/shared-data";

interface Read {
  readonly format: string | null;
  readonly spans: Span[];
  readonly protobuf: Uint8Array[];
}

/** What a file turns out to be, given in these chunks. */
function read(chunks: Iterable<Uint8Array>): Read {
  const portions: Portion[] = [];
  const reader = new TraceReader((portion) => portions.push(portion));
  for (const chunk of chunks) reader.feed(chunk);
  reader.end();
  return {
    format: reader.format,
    spans: portions.flatMap((portion) => (portion.kind === "spans" ? portion.spans : [])),
    protobuf: portions.flatMap((portion) => (portion.kind === "protobuf" ? [portion.bytes] : [])),
  };
}

/** The same in a form that is compared quickly and to the bit. */
const bytesOf = ({ format, spans, protobuf }: Read): string =>
  `${format} ${[encodeSpans(spans), ...protobuf].map((bytes) => Buffer.from(bytes).toString("base64")).join()}`;

function* cut(bytes: Uint8Array, size: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + size();
    yield bytes.slice(at, end);
    at = end;
  }
}

const serviceOf = ({ resource }: Span): string =>
  String(resource.attributes.find(([key]) => key === "service.name")?.[1] ?? "");

const countsOf = (spans: readonly Span[]): SourceCounts => ({
  spans: spans.length,
  traces: new Set(spans.map(({ traceId }) => traceId)).size,
  services: new Set(spans.map(serviceOf)).size,
});

// ---- files of other projects ----------------------------------------------------------------------------------------------

const FOLDERS = { "otlp-json": "OTLP JSON", jaeger: "Jaeger JSON", tempo: "Tempo JSON", zipkin: "Zipkin v2 JSON" };

/** Files that are refused, with the reason. */
const REFUSED: Record<string, RegExp> = {
  "jaeger_uimodel_domain_01.proto-json.json":
    /Jaeger's storage form \(protobuf JSON\), not what its query API and UI export; save GET \/api\/traces\/\{id\} instead/,
};

/** Files whose stated counts mean something else than ours, with ours. */
const OTHERWISE: Record<string, SourceCounts> = {
  // The stated fourth "service" is that of parts without an endpoint; they belong to a span of another part.
  "zipkin-lens_netflix.json": { spans: 8, traces: 1, services: 3 },
};

/** Files that state no counts are counted here, by their own lists. */
function countJaeger(bytes: Uint8Array): SourceCounts {
  const { data } = JSON.parse(new TextDecoder().decode(bytes)) as {
    data: { traceID: string; spans: { processID: string }[]; processes: Record<string, { serviceName: string }> }[];
  };
  const services = data.flatMap(({ spans, processes }) =>
    spans.map(({ processID }) => processes[processID]!.serviceName),
  );
  return {
    spans: services.length,
    traces: new Set(data.map(({ traceID }) => traceID)).size,
    services: new Set(services).size,
  };
}

const files = hasSharedData
  ? Object.entries(FOLDERS).flatMap(([folder, format]) =>
      listShared(folder).map((path) => ({ path, name: path.split("/").at(-1)!, format })),
    )
  : [];
if (!hasSharedData)
  console.warn("formats.test: skipped, the trace files of other projects are not beside this checkout");

describe.skipIf(!hasSharedData)("files of other projects", () => {
  const stated = hasSharedData ? sourceCounts() : new Map<string, SourceCounts>();
  const taken = files.filter(({ name }) => !(name in REFUSED));
  let rig: EngineRig;

  beforeAll(async () => {
    rig = await EngineRig.open({ ...ENGINE_DEFAULTS, memorySpans: 100_000 });
    rig.nowMs = Date.UTC(2026, 0, 1);
  });
  afterAll(() => rig.close());

  it("are all there", () => {
    expect(files.length).toBeGreaterThan(75);
    for (const name of [...Object.keys(REFUSED), ...Object.keys(OTHERWISE)])
      expect(files.map((file) => file.name)).toContain(name);
  });

  it.each(taken)(
    "$path is $format, with as many spans, traces and services as it should have",
    ({ path, name, format }) => {
      const bytes = readShared(path);
      const found = read([bytes]);
      expect(found.format).toBe(format);
      expect(countsOf(found.spans)).toEqual(OTHERWISE[name] ?? stated.get(name) ?? countJaeger(bytes));
    },
  );

  it.each(taken)("$path is the same in chunks of any size", ({ path }) => {
    const bytes = readShared(path);
    const whole = bytesOf(read([bytes]));
    const random = seededRandom(path);
    const most = Math.max(2, Math.min(bytes.length, 40_000) / 3);
    expect(bytesOf(read(cut(bytes, () => 1 + Math.floor(random.next() ** 3 * most)))) === whole).toBe(true);
    if (bytes.length < 50_000) expect(bytesOf(read(cut(bytes, () => 1))) === whole).toBe(true);
  });

  it.each(taken)("$path is stored to the last span", async ({ path, name }) => {
    const bytes = readShared(path);
    const session = new ImportSession(rig.engine, 64 << 20);
    await session.piece(bytes);
    const { received, rejected, stored, duplicates } = await session.end();
    expect({ received, rejected }).toEqual({ received: (stated.get(name) ?? countJaeger(bytes)).spans, rejected: 0 });
    expect(stored + duplicates).toBe(received);
  });

  it.each(files.filter(({ name }) => name in REFUSED))("$path is refused, with the reason", ({ path, name }) => {
    expect(() => read([readShared(path)])).toThrow(REFUSED[name]);
  });
});

// ---- files of our own -----------------------------------------------------------------------------------------------------

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";
const START = 1_767_225_600_000_000;
const nano = String(BigInt(START) * 1000n);

/** One span as it should come out, whatever the format: with a name that is not ASCII and brackets in a string. */
const NAME = 'GET /é/{"[☕]}';
const otlp = (ids: { traceId: string; spanId: string }): object => ({
  resource: { attributes: [{ key: "service.name", value: { stringValue: "café" } }] },
  scopeSpans: [{ spans: [{ ...ids, name: NAME, kind: 2, startTimeUnixNano: nano, endTimeUnixNano: nano }] }],
});
const hexIds = { traceId: TRACE, spanId: SPAN };
const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
const base64Ids = { traceId: base64(TRACE), spanId: base64(SPAN) };
const jaegerSpan = {
  traceID: TRACE,
  spanID: SPAN,
  operationName: NAME,
  startTime: START,
  duration: 0,
  processID: "p1",
  references: [],
  tags: [{ key: "span.kind", type: "string", value: "server" }],
  logs: [],
};
const jaegerTrace = { traceID: TRACE, spans: [jaegerSpan], processes: { p1: { serviceName: "café", tags: [] } } };
const zipkinSpan = {
  traceId: TRACE,
  id: SPAN,
  name: NAME,
  kind: "SERVER",
  timestamp: START,
  localEndpoint: { serviceName: "café" },
};
const span: Span = {
  traceId: TRACE,
  spanId: SPAN,
  parentSpanId: "",
  traceState: "",
  name: NAME,
  kind: SpanKind.SERVER,
  startNs: BigInt(nano),
  endNs: BigInt(nano),
  attributes: [],
  events: [],
  links: [],
  status: { code: StatusCode.UNSET, message: "" },
  resource: { attributes: [["service.name", "café"]] },
  scope: { name: "", version: "" },
};

const document = JSON.stringify({ resourceSpans: [otlp(hexIds)] });
const SAMPLES: Record<string, { format: string; text: string; spans: number }> = {
  "OTLP JSON": { format: "OTLP JSON", text: document, spans: 1 },
  "OTLP JSON lines": { format: "OTLP JSON", text: `${document}\n${document}\n`, spans: 2 },
  "OTLP JSON, pretty documents after each other": {
    format: "OTLP JSON",
    text: [1, 2].map(() => JSON.stringify(JSON.parse(document), null, 2)).join("\n"),
    spans: 2,
  },
  "OTLP JSON after a byte order mark": { format: "OTLP JSON", text: `\ufeff${document}`, spans: 1 },
  "OTLP JSON after empty lines": { format: "OTLP JSON", text: `\n\r\n\t ${document}`, spans: 1 },
  "OTLP JSON of Jaeger's api v3": {
    format: "OTLP JSON",
    text: JSON.stringify({ result: { resourceSpans: [otlp(hexIds)] } }),
    spans: 1,
  },
  "Tempo JSON, batches": { format: "Tempo JSON", text: JSON.stringify({ batches: [otlp(base64Ids)] }), spans: 1 },
  "Tempo JSON, a trace": {
    format: "Tempo JSON",
    text: JSON.stringify({ trace: { resourceSpans: [otlp(base64Ids)] } }),
    spans: 1,
  },
  "Jaeger JSON": {
    format: "Jaeger JSON",
    text: JSON.stringify({ data: [jaegerTrace], total: 0, errors: null }),
    spans: 1,
  },
  "Jaeger JSON, one trace alone": { format: "Jaeger JSON", text: JSON.stringify(jaegerTrace), spans: 1 },
  "Zipkin JSON": { format: "Zipkin v2 JSON", text: JSON.stringify([zipkinSpan]), spans: 1 },
  "Zipkin JSON, a list of traces": {
    format: "Zipkin v2 JSON",
    text: JSON.stringify([[zipkinSpan], [zipkinSpan]]),
    spans: 2,
  },
  "Zipkin JSON, one span alone": { format: "Zipkin v2 JSON", text: JSON.stringify(zipkinSpan), spans: 1 },
};

describe.each(Object.entries(SAMPLES))("%s", (_name, { format, text, spans }) => {
  const bytes = new TextEncoder().encode(text);
  const whole = bytesOf(read([bytes]));

  it("is told by its content, and read", () => {
    const found = read([bytes]);
    expect(found.format).toBe(format);
    expect(found.spans).toHaveLength(spans);
    for (const each of found.spans)
      expect([each.traceId, each.spanId, each.name, each.kind, each.startNs, serviceOf(each)]).toEqual([
        TRACE,
        SPAN,
        NAME,
        SpanKind.SERVER,
        BigInt(nano),
        "café",
      ]);
  });

  it("is the same cut in two at every byte, and byte by byte", () => {
    for (let at = 1; at < bytes.length; at++)
      expect(bytesOf(read([bytes.slice(0, at), bytes.slice(at)])) === whole ? "same" : `differs at ${at}`).toBe("same");
    expect(bytesOf(read(cut(bytes, () => 1)))).toBe(whole);
  });
});

describe("OTLP protobuf", () => {
  /** Requests of every length about those at which the first bytes look like the beginning of JSON. */
  const requests = Array.from({ length: 160 }, (_, i) => encodeSpans([{ ...span, name: "x".repeat(i) }]));

  it("is told from JSON by its content, whatever its length bytes look like", () => {
    const second = new Set(requests.map((bytes) => bytes[1]));
    for (const bracket of ["{", "["]) expect(second).toContain(bracket.charCodeAt(0));
    for (const bytes of requests) {
      const found = read([bytes]);
      expect(found.format).toBe("OTLP protobuf");
      expect(found.protobuf).toEqual([bytes]);
    }
  });

  it("of any size comes in portions that are whole requests, and together the file", () => {
    const random = seededRandom("protobuf portions");
    const parts = Array.from({ length: 3000 }, (_, i) => requests[i % requests.length]!).concat(
      Array.from({ length: 40 }, () => encodeSpans(Array.from({ length: 2000 }, () => span))),
    );
    const file = new Uint8Array(Buffer.concat(parts));
    for (const most of [1 << 16, 3 << 20]) {
      const { protobuf } = read(cut(file, () => 1 + Math.floor(random.next() * most)));
      expect(Buffer.concat(protobuf).equals(file)).toBe(true);
      expect(protobuf.length).toBeGreaterThan(3);
      expect(protobuf.reduce((sum, bytes) => sum + readSpans(bytes).length, 0)).toBe(3000 + 80_000);
    }
  });

  it("with fields of other messages is cut beside them", () => {
    const odd = Uint8Array.from([
      0x1a, 0x03, 0x0a, 0x0a, 0x0a, 0x20, 0x96, 0x01, 0x2d, 1, 2, 3, 4, 0x31, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    const file = new Uint8Array(Buffer.concat([requests[0]!, odd, requests[1]!]));
    expect(Buffer.concat(read(cut(file, () => 1)).protobuf).equals(file)).toBe(true);
  });

  it.each([
    ["ends in a value", [0x0a, 0x05, 0x01], /ends inside a field/],
    ["ends in a length", [0x0a, 0x80], /ends inside a field/],
    ["ends after a tag", [0x0a, 0x00, 0x0a], /ends inside a field/],
    ["has field number 0", [0x0a, 0x00, 0x02], /field number 0/],
    ["has a wire type that is none", [0x0a, 0x00, 0x0f], /wire type 7/],
    ["has a varint without an end", [0x0a, ...Array<number>(12).fill(0x81)], /longer than ten bytes|larger than/],
    ["has a length beyond all measure", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00], /one record is larger than 64 MiB/],
  ])("that %s is refused", (_name, bytes, says) => {
    const long = Uint8Array.from([...requests[0]!, ...bytes]);
    expect(() => read([long])).toThrow(says);
    expect(() => read(cut(long, () => 1))).toThrow(says);
  });

  it("is the same cut in two at every byte, and byte by byte", () => {
    for (const bytes of [requests[0]!, requests[63]!]) {
      for (let at = 1; at < bytes.length; at++)
        expect(read([bytes.slice(0, at), bytes.slice(at)]).protobuf).toEqual([bytes]);
      expect(read(cut(bytes, () => 1)).protobuf).toEqual([bytes]);
    }
  });
});
