// What the demo's faults do, asked of the engine after it got the spans, and held against what really happened in the shop.
import { describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { DEMO_FAULTS, DemoTraffic, demoFaults } from "@/lib/services/demo";
import type { Truth } from "@/lib/simulate/truth";
import { EngineRig } from "@/test/helpers/engine-rig";
import { printedEdges } from "@/test/helpers/printed-edges";

const START_MS = 1_760_000_000_000;
const MINUTE = 60_000;
/** The demo makes its traffic in steps of this length: a switch counts from the step in which it is thrown. */
const TICK_MS = 500;

interface Turn {
  readonly atMs: number;
  readonly faults: readonly string[];
}

interface Played {
  readonly truth: Truth;
  readonly graph: Graph;
  readonly spans: readonly Span[];
}

/** Plays the shop on a clock that jumps; `turns` are counted from its start. */
async function play(turns: readonly Turn[], forMs = MINUTE, tracesPerSecond = 20): Promise<Played> {
  let nowMs = START_MS;
  const stop = new AbortController();
  const bodies: Uint8Array[] = [];
  const left = [...turns];
  const traffic: DemoTraffic = new DemoTraffic(
    { seed: "faults", tracesPerSecond, fromMs: START_MS },
    {
      now: () => nowMs,
      wait: async (ms) => {
        nowMs += ms;
        while (left[0] && nowMs >= START_MS + left[0].atMs) traffic.setFaults(demoFaults(left.shift()!.faults));
        if (nowMs >= START_MS + forMs) stop.abort();
      },
      send: async (bytes) => void bodies.push(bytes),
    },
  );
  if (left[0]?.atMs === 0) traffic.setFaults(demoFaults(left.shift()!.faults));
  await traffic.run(stop.signal);
  const rig = await EngineRig.open();
  try {
    for (const bytes of bodies) {
      rig.nowMs = nowMs;
      await rig.engine.ingest({ bytes, gzip: null, door: "otlp-http", format: "protobuf" });
    }
    await rig.engine.settle();
    const toMinute = Math.ceil(nowMs / MINUTE) + 1;
    const window = { fromMinute: toMinute - 30, toMinute, environment: null, perspective: "data-flow" } as const;
    return { truth: traffic.truth, graph: await rig.engine.graph(window), spans: bodies.flatMap((b) => readSpans(b)) };
  } finally {
    await rig.close();
  }
}

const edge = ({ graph }: Played, caller: string, callee: string, via: string | null = null) => {
  const found = graph.edges.find((one) => one.caller === caller && one.callee === callee && (one.via ?? null) === via);
  if (!found) throw new Error(`no edge ${caller} -> ${callee}`);
  return found;
};

const errorRate = ({ calls, errors }: { calls: number; errors: number }): number => errors / calls;

/** What fails one time in twenty with and without faults; inventory does without it. */
const FRAIL = "inventory-service -> supplier-service";
const nameOf = ({ caller, callee }: { caller: string; callee: string }): string => `${caller} -> ${callee}`;

/** Calls that fail more than the shop's own bad luck explains, as "caller -> callee". */
const failing = ({ graph }: Played): string[] =>
  graph.edges.filter((one) => one.calls >= 50 && one.errors / one.calls > 0.03 && nameOf(one) !== FRAIL).map(nameOf);

const without = play([]);

describe("every fault of the demo", () => {
  it.each(DEMO_FAULTS.map(({ id }) => id))("%s: the engine's graph is what really happened", async (id) => {
    const turns = [
      { atMs: 20_000, faults: [id] },
      { atMs: 40_000, faults: [] },
    ];
    const played = await play(turns, MINUTE, 10);
    expect(printedEdges(played.graph.edges)).toEqual(played.truth.print().sort());
  });

  it("has a name and a sentence, and another name is refused", () => {
    for (const { id, label, sentence } of DEMO_FAULTS) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(label.length).toBeGreaterThan(5);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
    expect(() => demoFaults(["payment-slow", "payment-fast"])).toThrow('there is no fault "payment-fast"');
    expect(demoFaults(["retry-storm", "retry-storm"]).map(({ id }) => id)).toEqual(["retry-storm"]);
  });
});

describe("the shop without faults", () => {
  it("fails nowhere beyond its bad luck", async () => {
    expect(failing(await without)).toEqual([]);
    const frail = (await without).graph.edges.find((one) => nameOf(one) === FRAIL)!;
    expect(errorRate(frail)).toBeGreaterThan(0.01);
    expect(errorRate(frail)).toBeLessThan(0.12);
  });
});

describe("payment-slow", () => {
  it("makes order → payment slow and changes nothing else: the same calls, the same errors", async () => {
    const [before, slow] = [await without, await play([{ atMs: 0, faults: ["payment-slow"] }])];
    const p99 = (played: Played): number => edge(played, "order-service", "payment-service").latency.client!.p99Ms!;
    expect(p99(slow)).toBeGreaterThan(p99(before) * 2.5);
    expect(slow.truth.print()).toEqual(before.truth.print());
    const users = (played: Played): number => edge(played, "api-gateway", "user-service").latency.client!.p99Ms!;
    expect(users(slow)).toBeLessThan(users(before) * 1.1);
  });
});

describe("payment-failing", () => {
  it("fails half of the charges, and with one further attempt a quarter of the orders", async () => {
    const failed = await play([{ atMs: 0, faults: ["payment-failing"] }]);
    expect(errorRate(edge(failed, "order-service", "payment-service"))).toBeCloseTo(0.5, 1);
    const placed = edge(failed, "api-gateway", "order-service"); // 22 of 32 such calls place an order
    expect(errorRate(placed)).toBeGreaterThan(0.25 * (22 / 32) - 0.06);
    expect(errorRate(placed)).toBeLessThan(0.25 * (22 / 32) + 0.06);
    // The check that other faults have to pass would notice this one.
    expect(failing(failed)).toContain("order-service -> payment-service");
  });
});

describe("inventory-failing", () => {
  it("fails two in five, at the stock and at whoever needs it", async () => {
    const failed = await play([{ atMs: 0, faults: ["inventory-failing"] }]);
    for (const caller of ["api-gateway", "order-service"])
      expect(errorRate(edge(failed, caller, "inventory-service"))).toBeCloseTo(0.4, 1);
    expect(failing(failed)).not.toContain("order-service -> payment-service");
    expect(failing(failed)).toContain("web-client -> api-gateway");
  });
});

describe("retry-storm", () => {
  it("nearly triples the calls to users, from the same requests", async () => {
    const [before, storm] = [await without, await play([{ atMs: 0, faults: ["retry-storm"] }])];
    const perRequest = (played: Played): number =>
      edge(played, "api-gateway", "user-service").calls / played.truth.traces;
    const attempts = (1 - (2 / 3) ** 7) / (1 / 3); // of up to seven, each failing two times in three
    expect(perRequest(storm) / perRequest(before)).toBeGreaterThan(attempts * 0.9);
    expect(perRequest(storm) / perRequest(before)).toBeLessThan(attempts * 1.1);
    expect(errorRate(edge(storm, "api-gateway", "user-service"))).toBeCloseTo(2 / 3, 1);
  });
});

describe("notification-down", () => {
  const downMs = 60_000;
  const backMs = 120_000;
  const topics = ["order.placed", "shipment.created"];

  const sent = ({ spans }: Played, topic: string, kind: SpanKind, service?: string): number[] =>
    spans
      .filter(
        (span) =>
          span.kind === kind &&
          textAttribute(span.attributes, "messaging.destination.name") === topic &&
          (service === undefined || textAttribute(span.resource.attributes, "service.name") === service),
      )
      .map(({ startNs }) => Number(startNs / 1_000_000n) - START_MS);
  const within = (times: readonly number[], from: number, to: number): number =>
    times.filter((at) => at >= from && at < to).length;

  it("leaves messages in their topics until it is back, and then each is taken once; nothing else fails", async () => {
    const turns = [
      { atMs: downMs, faults: ["notification-down"] },
      { atMs: backMs, faults: [] },
    ];
    const played = await play(turns, 3 * MINUTE, 10);
    for (const topic of topics) {
      const published = sent(played, topic, SpanKind.PRODUCER);
      const consumed = sent(played, topic, SpanKind.CONSUMER, "notification-service");
      const rate = within(published, 0, downMs);
      expect(rate).toBeGreaterThan(100);
      expect(within(published, downMs, backMs) / rate).toBeGreaterThan(0.75); // goes on
      expect(within(consumed, downMs + 2_000, backMs - TICK_MS)).toBe(0);
      expect(within(consumed, backMs - TICK_MS, backMs + 30_000)).toBeGreaterThan(within(published, downMs, backMs)); // caught up
      expect(consumed.length).toBe(published.length);
    }
    expect(failing(played)).toEqual([]);
    const others = (graph: Graph): string[] =>
      graph.edges.filter(({ callee }) => callee !== "notification-service").map(({ id }) => id);
    expect(others(played.graph).sort()).toEqual(others((await without).graph).sort());
  });

  it("shows unread messages while it lasts: published, delivered to nobody", async () => {
    const played = await play([{ atMs: 20_000, faults: ["notification-down"] }]);
    const unread = edge(played, "shipping-service", "topic:kafka/shipment.created");
    const published = sent(played, "shipment.created", SpanKind.PRODUCER);
    expect(unread.calls).toBe(played.truth.list().find(({ callee }) => callee === unread.callee)!.calls);
    expect(unread.calls).toBeGreaterThanOrEqual(within(published, 21_000, MINUTE) * 0.98);
    expect(failing(played)).toEqual([]);
  });
});
