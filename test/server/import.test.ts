// Files through POST /api/v1/import: read while they arrive, counted to the span, in bounded memory, beside live traffic.
import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Problem } from "@/lib/contract/problem";
import type { ImportResult, Sources } from "@/lib/contract/sources";
import { eventually, type Server } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";
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

const MIB = 1 << 20;
const LARGE_MIB = 200;
const MOST_MEMORY_MIB = 800;

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Streams pieces as one body; like a browser with a file, and like curl without its length. */
function upload<T = ImportResult>(
  server: Server,
  pieces: Iterable<string | Uint8Array>,
  gzip = false,
): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const sending = request(`${server.base}/api/v1/import`, { method: "POST", agent: false });
    sending.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode!, body: JSON.parse(text) as T }));
    });
    sending.on("error", reject);
    const source = Readable.from(pieces, { objectMode: true });
    const done = gzip ? pipeline(source, createGzip({ level: 1 }), sending) : pipeline(source, sending);
    done.catch(reject);
  });
}

// ---- files ---------------------------------------------------------------------------------------------------------------

/** What a file holds besides its text: filled while it is made. */
interface Tally {
  bytes: number;
  spans: number;
  calls: number;
}

const PER_PIECE = 100;
const START = Date.UTC(2026, 0, 15, 10);

/** Bodies of distinct spans until there are `bytes` of them; half of the spans call the other half. */
function* pieces<T extends string | Uint8Array>(
  tally: Tally,
  bytes: number,
  one: (calls: readonly Call[]) => T,
): Generator<T> {
  while (tally.bytes < bytes) {
    const calls = Array.from({ length: PER_PIECE }, (_, i) => ({
      traceId: newTraceId(),
      clientId: newSpanId(),
      serverId: newSpanId(),
      startMs: START + ((tally.calls + i) % 600_000),
    }));
    const text = one(calls);
    tally.bytes += Buffer.byteLength(text);
    tally.spans += 2 * PER_PIECE;
    tally.calls += PER_PIECE;
    yield text;
  }
}

interface Call {
  readonly traceId: string;
  readonly clientId: string;
  readonly serverId: string;
  readonly startMs: number;
}

const NOTE = "a value as long as values are in ordinary traces, more or less, give or take";

const otlpSpans = (calls: readonly Call[]): SpanLike[] =>
  calls.flatMap(({ traceId, clientId, serverId, startMs }): SpanLike[] => [
    { traceId, spanId: clientId, kind: 3, service: "import-shop", startMs, attributes: { "url.full": NOTE } },
    {
      traceId,
      spanId: serverId,
      parentSpanId: clientId,
      service: "import-store",
      startMs: startMs + 1,
      attributes: { note: NOTE },
    },
  ]);

const otlpLine = (calls: readonly Call[]): string => `${jsonOf(otlpSpans(calls))}\n`;

const otlpProtobuf = (calls: readonly Call[]): Uint8Array => protobufOf(otlpSpans(calls));

const zipkinItems = (calls: readonly Call[]): string =>
  calls
    .flatMap(({ traceId, clientId, serverId, startMs }) => [
      {
        traceId,
        id: clientId,
        kind: "CLIENT",
        name: "get",
        timestamp: startMs * 1000,
        duration: 9000,
        localEndpoint: { serviceName: "zip-shop" },
        tags: { note: NOTE },
      },
      {
        traceId,
        id: serverId,
        parentId: clientId,
        kind: "SERVER",
        name: "get",
        timestamp: startMs * 1000 + 1000,
        duration: 5000,
        localEndpoint: { serviceName: "zip-store" },
        tags: { note: NOTE },
      },
    ])
    .map((span) => JSON.stringify(span))
    .join(",");

/** One list, of which the pieces are the inside. */
function* asList(items: Iterable<string>): Generator<string> {
  let before = "[";
  for (const item of items) {
    yield before + item;
    before = ",";
  }
  yield "]";
}

const FILES = {
  "OTLP JSON lines": (tally: Tally, bytes: number) => pieces(tally, bytes, otlpLine),
  "OTLP protobuf": (tally: Tally, bytes: number) => pieces(tally, bytes, otlpProtobuf),
  "Zipkin JSON": (tally: Tally, bytes: number) => asList(pieces(tally, bytes, zipkinItems)),
};

const callsOf = async (server: Server, caller: string): Promise<number> => {
  const window = `from=${START - 60_000}&to=${START + 660_000}`;
  const { edges } = await server.get<Graph>(`/api/v1/graph?${window}`);
  return edges.filter((edge) => edge.caller === caller).reduce((sum, { calls }) => sum + calls, 0);
};

describe("a server", () => {
  const here = serving();
  const requestsSoFar = async (): Promise<number> =>
    (await here.server.get<Sources>("/api/v1/sources")).doors.find(({ name }) => name === "import")!.requests;

  describe.each(Object.keys(FILES) as (keyof typeof FILES)[])("%s", (name) => {
    it.each([
      ["plain", false],
      ["gzip", true],
    ])("of 11 MB, %s: every span is stored and counted", async (_form, gzip) => {
      const caller = name === "Zipkin JSON" ? "zip-shop" : "import-shop";
      const before = await callsOf(here.server, caller);
      const requests = await requestsSoFar();
      const tally: Tally = { bytes: 0, spans: 0, calls: 0 };
      const { status, body } = await upload(here.server, FILES[name](tally, 11 * MIB), gzip);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        received: tally.spans,
        stored: tally.spans,
        duplicates: 0,
        rejected: 0,
        issues: [],
      });
      const after = await eventually(
        () => callsOf(here.server, caller),
        (calls) => calls === before + tally.calls,
      );
      expect(after - before).toBe(tally.calls);
      expect(Date.parse(body.window!.from)).toBeGreaterThanOrEqual(START);
      expect(body.environments).toEqual([""]);
      expect((await requestsSoFar()) - requests, "a file is one request").toBe(1);
    });
  });

  it("the same file twice is duplicates", async () => {
    const text = [...pieces({ bytes: 0, spans: 0, calls: 0 }, MIB, otlpLine)];
    const first = await upload(here.server, text);
    const second = await upload(here.server, text);
    expect(second.body).toMatchObject({ stored: 0, duplicates: first.body.stored, received: first.body.received });
  });

  it("takes every format by its content, whatever its name and type say", async () => {
    const id = newTraceId();
    const [span, traceId] = [newSpanId(), Buffer.from(id, "hex").toString("base64")];
    const nano = String(BigInt(START) * 1_000_000n);
    const base64 = Buffer.from(span, "hex").toString("base64");
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "named" } }] };
    const tempoSpan = {
      traceId,
      spanId: base64,
      name: "x",
      kind: "SPAN_KIND_SERVER",
      startTimeUnixNano: nano,
      endTimeUnixNano: nano,
    };
    const jaegerSpan = {
      traceID: id,
      spanID: span,
      operationName: "x",
      startTime: START * 1000,
      duration: 5,
      processID: "p1",
      references: [],
      tags: [],
      logs: [],
    };
    const files: [label: string, body: string | Uint8Array][] = [
      ["OTLP JSON", jsonOf([{ startMs: START }])],
      ["OTLP JSON", `${jsonOf([{ startMs: START }])}\n${jsonOf([{ startMs: START }])}\n`],
      ["OTLP protobuf", protobufOf([{ startMs: START }])],
      ["Tempo JSON", JSON.stringify({ batches: [{ resource, scopeSpans: [{ spans: [tempoSpan] }] }] })],
      [
        "Jaeger JSON",
        JSON.stringify({ data: [{ traceID: id, spans: [jaegerSpan], processes: { p1: { serviceName: "named" } } }] }),
      ],
      [
        "Zipkin v2 JSON",
        `[${zipkinItems([{ traceId: newTraceId(), clientId: newSpanId(), serverId: newSpanId(), startMs: START }])}]`,
      ],
    ];
    for (const [label, body] of files) {
      for (const bytes of [body, gzipSync(body)]) {
        const headers = {
          "content-type": "image/png",
          "content-disposition": 'attachment; filename="zipkin.jaeger.csv"',
        };
        const answer = await send(`${here.server.base}/api/v1/import?name=trace.csv`, { headers, body: bytes });
        expect([label, answer.status]).toEqual([label, 200]);
        const result = JSON.parse(answer.body.toString()) as ImportResult;
        expect(result.format).toBe(label);
        expect(result.received).toBeGreaterThan(0);
        expect(result.rejected).toBe(0);
      }
    }
  });

  it.each([
    ["nothing", "", 400, /empty|no body/],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 400, /expected a JSON object or list/],
    ["a list of numbers", "[1,2,3]", 400, /expected a span or trace, found 1/],
    ["metrics", '{"resourceMetrics":[{"scopeMetrics":[]}]}', 400, /OTLP metrics, not traces/],
    ["JSON that ends early", jsonOf([{}]).slice(0, -2), 400, /ends inside a JSON value/],
    ["gzip that ends early", gzipSync(jsonOf([{}])).subarray(0, -12), 400, /not valid gzip/],
    ["protobuf that ends early", protobufOf([{}]).subarray(0, -2), 400, /ends inside|reaches beyond/],
  ])("refuses %s with the reason, and counts it", async (_name, body, status, says) => {
    const refusedSoFar = async (): Promise<number> =>
      (await here.server.get<Sources>("/api/v1/sources")).doors.find(({ name }) => name === "import")!.refused;
    const before = await refusedSoFar();
    const answer = await send(`${here.server.base}/api/v1/import`, { body });
    const told = JSON.parse(answer.body.toString()) as Problem;
    expect({ status: answer.status, type: answer.headers["content-type"] }).toEqual({
      status,
      type: "application/problem+json",
    });
    expect(told.detail).toMatch(says);
    expect((await refusedSoFar()) - before).toBe(1);
  });

  it("an upload that is cut is counted, and harms nothing", async () => {
    const sending = request(`${here.server.base}/api/v1/import`, { method: "POST", agent: false });
    sending.on("error", () => {});
    for (const piece of pieces({ bytes: 0, spans: 0, calls: 0 }, 3 * MIB, otlpLine)) sending.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 300));
    sending.destroy();
    const sources = await eventually(
      () => here.server.get<Sources>("/api/v1/sources"),
      ({ refusals }) => refusals.some(({ message }) => /upload was cut/.test(message)),
    );
    expect(sources.refusals).toContainEqual(
      expect.objectContaining({ door: "import", count: 1, message: expect.stringMatching(/upload was cut/) }),
    );
    expect((await upload(here.server, [otlpLine([])])).status).toBe(200);
  });

  it(`reads ${LARGE_MIB} MB in bounded memory, and takes live spans meanwhile`, async () => {
    const tally: Tally = { bytes: 0, spans: 0, calls: 0 };
    let running = true;
    const waits: number[] = [];
    const live = (async () => {
      while (running) {
        const since = performance.now();
        const { status } = await send(here.server.traces, {
          headers: PROTOBUF,
          body: protobufOf([{ service: "live" }]),
        });
        waits.push(performance.now() - since);
        expect(status).toBe(200);
        expect((await fetch(`${here.server.base}/readyz`)).status).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const { status, body } = await upload(here.server, FILES["OTLP JSON lines"](tally, LARGE_MIB * MIB));
    running = false;
    await live;
    expect(status).toBe(200);
    expect(body).toMatchObject({ received: tally.spans, stored: tally.spans, duplicates: 0, rejected: 0 });
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.max(...waits)).toBeLessThan(5000);
    if (process.platform === "linux") expect(here.server.peakMemoryMib()).toBeLessThan(MOST_MEMORY_MIB);
    const live200 = await send(here.server.traces, { headers: JSON_TYPE, body: jsonOf([{}]) });
    expect(live200.status).toBe(200);
  });
});

describe("a server with a limit of 8 MiB for files", () => {
  const here = serving({ HEADWATER_IMPORT_MIB: "8" });

  it.each([
    ["with a length", () => send(`${here.server.base}/api/v1/import`, { body: Buffer.alloc(9 * MIB, 0x20) })],
    [
      "in chunks",
      () =>
        send(`${here.server.base}/api/v1/import`, { body: Array.from({ length: 9 }, () => Buffer.alloc(MIB, 0x20)) }),
    ],
    ["as gzip", () => send(`${here.server.base}/api/v1/import`, { body: gzipSync(Buffer.alloc(200 * MIB, 0x20)) })],
  ])("refuses a larger one %s, names the limit, counts it and goes on", async (_name, ask) => {
    const refusals = async (): Promise<number> =>
      (await here.server.get<Sources>("/api/v1/sources")).doors.find(({ name }) => name === "import")!.refused;
    const before = await refusals();
    const { status, body } = await ask();
    expect(status).toBe(413);
    expect((JSON.parse(body.toString()) as Problem).detail).toMatch(/larger than 8 MiB.*HEADWATER_IMPORT_MIB/);
    expect((await refusals()) - before).toBe(1);
    expect((await send(`${here.server.base}/api/v1/import`, { body: jsonOf([{}]) })).status).toBe(200);
  });
});
