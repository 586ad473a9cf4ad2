import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { GET, POST } from "@/app/api/v1/demo/route";
import { DemoState } from "@/lib/contract/demo";
import { DEMO_ENVIRONMENT } from "@/lib/domain/node";
import { textAttribute } from "@/lib/domain/span";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { ownDoor } from "@/lib/server/addresses";
import { DemoSwitch } from "@/lib/server/demo-house";
import { DEMO_DEFAULTS, DemoTraffic } from "@/lib/services/demo";
import { otlpSender } from "@/lib/services/otlp-sender";
import { EngineRig } from "@/test/helpers/engine-rig";
import { printedEdges } from "@/test/helpers/printed-edges";

vi.mock("server-only", () => ({}));

const START_MS = 1_760_000_000_000;

/** Lets the demo run for a while on a clock that jumps from wait to wait; returns every request body with its time. */
async function run(seed: string, forMs: number, backfillMs = DEMO_DEFAULTS.backfillMs) {
  let nowMs = START_MS;
  const stop = new AbortController();
  const sent: { atMs: number; bytes: Uint8Array }[] = [];
  const traffic = new DemoTraffic(
    { seed, tracesPerSecond: DEMO_DEFAULTS.tracesPerSecond, fromMs: START_MS - backfillMs },
    {
      now: () => nowMs,
      wait: async (ms) => {
        nowMs += ms;
        if (nowMs >= START_MS + forMs) stop.abort();
      },
      send: async (bytes) => void sent.push({ atMs: nowMs, bytes }),
    },
  );
  await traffic.run(stop.signal);
  return { traffic, sent, spans: sent.flatMap(({ bytes }) => readSpans(bytes)) };
}

describe("demo traffic", () => {
  it("begins in the past and goes on at its rate", async () => {
    const { traffic, spans } = await run("rate", 60_000);
    const roots = spans.filter(({ parentSpanId, links }) => parentSpanId === "" && links.length === 0);
    const seconds = (DEMO_DEFAULTS.backfillMs + 60_000) / 1000;
    expect(roots.length).toBe(traffic.truth.traces);
    expect(Math.abs(roots.length / seconds / DEMO_DEFAULTS.tracesPerSecond - 1)).toBeLessThan(0.1);
    const starts = roots.map(({ startNs }) => Number(startNs / 1_000_000n)).sort((a, b) => a - b);
    expect(starts[0]! - (START_MS - DEMO_DEFAULTS.backfillMs)).toBeLessThan(1_000);
    expect(starts.at(-1)!).toBeGreaterThan(START_MS + 58_000);
    // No minute of the past is empty.
    expect(new Set(starts.map((ms) => Math.floor(ms / 60_000))).size).toBeGreaterThanOrEqual(6);
  });

  it("sends no span before it has ended, but for the last ones when it stops", async () => {
    const { sent } = await run("ended", 20_000, 30_000);
    const early = sent.map(({ atMs, bytes }) =>
      Math.max(...readSpans(bytes).map(({ endNs }) => Number(endNs / 1_000_000n) - atMs)),
    );
    expect(Math.max(...early.slice(0, -1))).toBeLessThanOrEqual(0);
    // Half a second, the length of a step, had passed when it was told to stop.
    expect(early.at(-1)).toBeGreaterThan(-500);
  });

  it("is only ever in the environment of the demo", async () => {
    const { spans } = await run("environment", 2_000, 0);
    const environments = spans.map(({ resource }) => textAttribute(resource.attributes, "deployment.environment.name"));
    expect(new Set(environments)).toEqual(new Set([DEMO_ENVIRONMENT]));
  });

  it("is the same for the same seed, and another for another", async () => {
    const ids = async (seed: string) => (await run(seed, 2_000, 0)).spans.map(({ spanId }) => spanId);
    expect(await ids("one")).toEqual(await ids("one"));
    expect(await ids("one")).not.toEqual(await ids("two"));
  });

  it("leaves out the time in which the machine slept", async () => {
    let nowMs = START_MS;
    let waits = 0;
    const stop = new AbortController();
    const starts: number[] = [];
    const traffic = new DemoTraffic(
      { seed: "sleep", tracesPerSecond: 20, fromMs: START_MS },
      {
        now: () => nowMs,
        wait: async (ms) => {
          nowMs += ++waits === 4 ? 3_600_000 : ms;
          if (waits === 8) stop.abort();
        },
        send: async (bytes) => void starts.push(...readSpans(bytes).map(({ startNs }) => Number(startNs / 1_000_000n))),
      },
    );
    await traffic.run(stop.signal);
    expect(starts.filter((ms) => ms > START_MS + 60_000 && ms < START_MS + 3_600_000)).toEqual([]);
    expect(starts.some((ms) => ms > START_MS + 3_600_000)).toBe(true);
  });

  it("becomes the graph that really was, once it has stopped", async () => {
    const { traffic, sent } = await run("truth", 10_000, 60_000);
    const rig = await EngineRig.open();
    try {
      rig.nowMs = START_MS + 10_000;
      for (const { bytes } of sent)
        await rig.engine.ingest({ bytes, gzip: null, door: "otlp-http", format: "protobuf" });
      await rig.engine.settle();
      const toMinute = Math.ceil((START_MS + 60_000) / 60_000) + 1;
      const graph = await rig.engine.graph({
        fromMinute: toMinute - 60,
        toMinute,
        environment: null,
        perspective: "data-flow",
      });
      expect(graph.environment).toBe(DEMO_ENVIRONMENT);
      expect(printedEdges(graph.edges)).toEqual(traffic.truth.print().sort());
      expect(graph.stats.spans).toBe(traffic.spansSent);
      expect(traffic.spansSent).toBe(traffic.truth.spans);
    } finally {
      await rig.close();
    }
  });
});

describe("the switch of the demo", () => {
  it("sends while it is on, has nothing half done when it is off, and can go on", async () => {
    let spans = 0;
    const demo = new DemoSwitch(
      async (bytes) => {
        spans += readSpans(bytes).length;
      },
      () => "switch",
    );
    expect(demo.state).toMatchObject({ running: false, spansSent: 0 });
    expect(await demo.set(true)).toMatchObject({ running: true });
    expect(await demo.set(true)).toMatchObject({ running: true });
    await vi.waitFor(() => expect(demo.state.spansSent).toBeGreaterThan(0));
    const off = await demo.set(false);
    expect(off).toMatchObject({ running: false, spansSent: spans });
    const before = spans;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(spans).toBe(before);
    await demo.set(true);
    await vi.waitFor(() => expect(demo.state.spansSent).toBeGreaterThan(before));
    // The past has its traffic already: this is not another backfill.
    expect((await demo.set(false)).spansSent - before).toBeLessThan(before / 2 + 2_000);
    expect(demo.state.spansSent).toBe(spans);
  });

  it("keeps its faults until others are named, and starts without", async () => {
    const demo = new DemoSwitch(
      async () => {},
      () => "faults",
    );
    const on = ({ faults }: DemoState): string[] => faults.filter((fault) => fault.on).map(({ id }) => id);
    expect(on(await demo.set(true, ["retry-storm", "payment-slow"]))).toEqual(["payment-slow", "retry-storm"]);
    expect(on(await demo.set(true))).toEqual(["payment-slow", "retry-storm"]);
    expect(on(await demo.set(true, ["notification-down"]))).toEqual(["notification-down"]);
    await expect(demo.set(true, ["nothing"])).rejects.toThrow('there is no fault "nothing"');
    expect(on(demo.state)).toEqual(["notification-down"]);
    expect(on(await demo.set(false))).toEqual([]);
    expect(on(await demo.set(true))).toEqual([]);
    await demo.set(false);
  });

  it("is off when the door does not take its spans any more", async () => {
    const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const demo = new DemoSwitch(async () => {
      throw new Error("the door is shut");
    });
    await demo.set(true);
    await vi.waitFor(() => expect(demo.state).toMatchObject({ running: false, spansSent: 0 }));
    expect(log.mock.calls.join()).toContain("the door is shut");
    log.mockRestore();
  });

  it("finds the door of its own server, whatever address that listens on", () => {
    const door = (host: string): string =>
      ownDoor({ config: { host }, ports: { otlpHttp: 4318, otlpGrpc: 4317 } } as Parameters<typeof ownDoor>[0]).href;
    expect(door("127.0.0.1")).toBe("http://127.0.0.1:4318/");
    expect(door("0.0.0.0")).toBe("http://127.0.0.1:4318/");
    expect(door("::")).toBe("http://[::1]:4318/");
    expect(door("10.1.2.3")).toBe("http://10.1.2.3:4318/");
  });
});

describe("the door of the demo", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it("is what the routes of the API switch", async () => {
    const { got, url } = await door([200]);
    const config = { host: "127.0.0.1", token: "a-token-of-16-characters", allowedHosts: [], corsOrigins: [] };
    (globalThis as Record<symbol, unknown>)[Symbol.for("headwater.house")] = Promise.resolve({
      config,
      declared: () => {},
      ports: { otlpHttp: Number(url.port), otlpGrpc: 0 },
    });
    const ask = async (body?: unknown, token = config.token): Promise<Response> => {
      const headers = { host: "localhost:3000", authorization: `Bearer ${token}` };
      const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
      return await (body === undefined ? GET : POST)(new Request("http://localhost:3000/api/v1/demo", init), {});
    };
    expect((await ask(undefined, "another-token")).status).toBe(401);
    expect((await ask({ running: "yes" })).status).toBe(400);
    expect(DemoState.parse(await (await ask()).json())).toMatchObject({ running: false, spansSent: 0 });
    expect((await ask({ running: true, faults: ["payment-fast"] })).status).toBe(400);
    expect(DemoState.parse(await (await ask()).json()).running).toBe(false);
    expect(DemoState.parse(await (await ask({ running: true })).json()).running).toBe(true);
    const faulty = DemoState.parse(await (await ask({ running: true, faults: ["payment-slow"] })).json());
    expect(faulty.faults.filter(({ on }) => on).map(({ id }) => id)).toEqual(["payment-slow"]);
    await vi.waitFor(() => expect(got.length).toBeGreaterThan(0));
    const off = DemoState.parse(await (await ask({ running: false })).json());
    expect(off).toMatchObject({ running: false, spansSent: got.reduce((sum, { body }) => sum + spansIn(body), 0) });
    expect(got[0]!.headers.authorization).toBe(`Bearer ${config.token}`);
  });

  const spansIn = (body: Buffer): number => readSpans(gunzipSync(body)).length;

  async function door(answers: readonly number[]) {
    const got: { headers: IncomingHttpHeaders; url: string | undefined; body: Buffer }[] = [];
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      got.push({ headers: request.headers, url: request.url, body: Buffer.concat(parts) });
      response.writeHead(answers[Math.min(got.length, answers.length) - 1]!, { "retry-after": "0" }).end();
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return { got, url: new URL(`http://127.0.0.1:${(server!.address() as AddressInfo).port}`) };
  }

  it("posts gzip protobuf with the token, and again when the door is busy", async () => {
    const { got, url } = await door([503, 200]);
    await otlpSender(url, "a-token-of-16-characters")(Uint8Array.of(1, 2, 3));
    expect(got).toHaveLength(2);
    expect(got[1]).toMatchObject({
      url: "/v1/traces",
      headers: {
        "content-type": "application/x-protobuf",
        "content-encoding": "gzip",
        authorization: "Bearer a-token-of-16-characters",
      },
    });
    expect([...gunzipSync(got[1]!.body)]).toEqual([1, 2, 3]);
  });

  it("says what is wrong: no token, no such door, nobody there", async () => {
    for (const [status, message] of [
      [401, "needs its token: set HEADWATER_TOKEN"],
      [404, "is no OTLP/HTTP door"],
      [400, "answered 400"],
    ] as const) {
      const { url } = await door([status]);
      await expect(otlpSender(url, undefined)(Uint8Array.of(1))).rejects.toThrow(message);
      server!.close();
    }
    await expect(otlpSender(new URL("http://127.0.0.1:1"), undefined)(Uint8Array.of(1))).rejects.toThrow(
      "http://127.0.0.1:1 cannot be reached (ECONNREFUSED)",
    );
  });
});
