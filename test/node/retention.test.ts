// What is kept, and for how long: spans by age and by size, calls by the minute and then by the hour. What goes must not change
// what is answered of what stays.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, describe, expect, it } from "vitest";
import type { EdgeDetail, Graph } from "@/lib/contract/graph";
import type { Span } from "@/lib/domain/span";
import { seededRandom } from "@/lib/simulate/random";
import { EngineRig } from "@/test/helpers/engine-rig";
import { tangledSpans } from "@/test/helpers/tangled-spans";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 0, 5, 10);
const START = START_MS / MINUTE_MS;

const rigs: EngineRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function opened(...options: Parameters<typeof EngineRig.open>): Promise<EngineRig> {
  const rig = await EngineRig.open(...options);
  rigs.push(rig);
  return rig;
}

const asked = (fromMinute: number, toMinute: number) => ({
  fromMinute,
  toMinute,
  environment: null,
  perspective: "data-flow" as const,
});

const random = seededRandom(`retention ${Date.now()}`);

/** Spans of so many traces, the first of which starts then. */
function spansFrom(startMs: number, traces: number, spreadMs = 1000): Span[] {
  const spans = tangledSpans(random, { traces, spansPerTrace: 8, spreadUs: spreadMs * 1000 });
  const [first] = spans.map(({ startNs }) => startNs).sort((a, b) => (a < b ? -1 : 1));
  const shift = BigInt(startMs) * 1_000_000n - first!;
  return spans.map((span) => ({
    ...span,
    startNs: span.startNs + shift,
    endNs: span.endNs === 0n ? 0n : span.endNs + shift,
  }));
}

/** A graph without what names its moment (version, until when), and without the examples, whose spans may be gone. */
async function graphOf(rig: EngineRig, from: number, to: number): Promise<Omit<Graph, "version">> {
  const { version: _, ...graph } = await rig.engine.graph(asked(from, to));
  const none = { error: null, slow: null, any: null };
  return {
    ...graph,
    window: { ...graph.window, until: graph.window.to },
    nodes: graph.nodes.map((node) => ({ ...node, exemplars: none })),
    edges: graph.edges.map((edge) => ({ ...edge, exemplars: none })),
  };
}

/** Lets the server do what is due then. */
async function passTo(rig: EngineRig, atMs: number): Promise<void> {
  rig.nowMs = atMs;
  rig.engine.tick();
  await rig.engine.settle();
}

describe("minutes become hours", () => {
  const spread = 3 * HOUR_MS;

  async function threeHours(): Promise<EngineRig> {
    const rig = await opened({ retainHoursMs: 400 * DAY_MS });
    const moved = spansFrom(START_MS, 150, spread);
    await rig.deliver([{ atMs: START_MS + spread, spans: moved }]);
    await rig.engine.settle();
    return rig;
  }

  const edgesOf = async (rig: EngineRig, { edges }: Omit<Graph, "version">): Promise<EdgeDetail[]> => {
    const details: EdgeDetail[] = [];
    for (const { id } of edges) {
      const detail = await rig.engine.edge(asked(START - 60, START + 300), id);
      if (detail) details.push(detail);
    }
    return details;
  };

  it("and every answer about whole hours is what it was: counts, errors, quantiles, first and last seen", async () => {
    const rig = await threeHours();
    const before = await graphOf(rig, START - 60, START + 300);
    const details = await edgesOf(rig, before);
    expect(before.edges.length).toBeGreaterThan(10);
    expect(details.flatMap(({ series }) => series.map(({ minutes }) => minutes))).not.toContain(60);

    await passTo(rig, START_MS + 8 * DAY_MS);
    const { minutes, hours, spans } = await rig.store.load();
    expect({ minutes, spans }).toEqual({ minutes: [], spans: 0 });
    expect(hours).toEqual(expect.arrayContaining([START / 60, START / 60 + 1, START / 60 + 2]));
    expect(await graphOf(rig, START - 60, START + 300)).toEqual(before);

    const later = await edgesOf(rig, before);
    for (const [i, { operations, series }] of later.entries()) {
      expect(operations).toEqual(details[i]!.operations);
      expect(new Set(series.map(({ minutes }) => minutes))).toEqual(new Set([60]));
      const sum = (of: EdgeDetail["series"], key: "calls" | "errors") => of.reduce((all, point) => all + point[key], 0);
      for (const key of ["calls", "errors"] as const) expect(sum(series, key)).toBe(sum(details[i]!.series, key));
    }
    await rig.restart();
    expect(await graphOf(rig, START - 60, START + 300)).toEqual(before);
  });

  it("twin: an hour that lost the buckets of one edge is noticed", async () => {
    const rig = await threeHours();
    const before = await graphOf(rig, START - 60, START + 300);
    await passTo(rig, START_MS + 8 * DAY_MS);
    await rig.engine.close();
    const instance = await DuckDBInstance.create(join(rig.folder, "headwater.duckdb"));
    const connection = await instance.connect();
    await connection.run(
      "DELETE FROM hour_buckets WHERE edge = (SELECT edge FROM hour_calls JOIN edges ON id = edge WHERE kind = 0 LIMIT 1)",
    );
    connection.closeSync();
    instance.closeSync();
    await rig.start();
    expect(await graphOf(rig, START - 60, START + 300)).not.toEqual(before);
  });

  it("half an hour is not known any more: the window is widened to the hour, and says so", async () => {
    const rig = await threeHours();
    const whole = await graphOf(rig, START + 60, START + 120);
    const half = await graphOf(rig, START + 70, START + 95);
    expect(half.window.minutes).toBe(25);
    expect(half.stats.spans).toBeLessThan(whole.stats.spans);
    await passTo(rig, START_MS + 8 * DAY_MS);
    expect(await graphOf(rig, START + 70, START + 95)).toEqual(whole);
  });

  it("an hour waits for its youngest minute, and goes when its time has come", async () => {
    const rig = await opened({ retainHoursMs: 20 * DAY_MS });
    await rig.deliver([{ atMs: START_MS + 1000, spans: spansFrom(START_MS, 3) }]);
    await rig.engine.settle();
    const late = START_MS + 3 * DAY_MS;
    await rig.deliver([{ atMs: late, spans: spansFrom(START_MS + 30 * MINUTE_MS, 3) }]);
    await rig.engine.settle();
    await passTo(rig, START_MS + 8 * DAY_MS);
    expect((await rig.store.load()).minutes.length).toBeGreaterThan(1);
    await passTo(rig, late + 8 * DAY_MS);
    const rolled = await rig.store.load();
    expect(rolled.minutes).toEqual([]);
    expect(rolled.hours).toContain(START / 60);
    await passTo(rig, late + 29 * DAY_MS);
    expect((await rig.store.load()).hours).toEqual([]);
    expect((await graphOf(rig, START, START + 60)).edges).toEqual([]);
  });

  it("spans that come for an hour later are stored, and counted as too late for it", async () => {
    const rig = await threeHours();
    await passTo(rig, START_MS + 8 * DAY_MS);
    const before = await graphOf(rig, START, START + 180);
    const late = spansFrom(START_MS, 6);
    await rig.deliver([{ atMs: rig.nowMs + 1000, spans: late }]);
    await rig.engine.settle();
    expect(await graphOf(rig, START, START + 180)).toEqual(before);
    expect((await rig.engine.status()).tooLate).toBeGreaterThan(0);
    expect((await rig.store.load()).spans).toBe(late.length);
  });
});

describe("spans go when they are too many", () => {
  const MIB = 1 << 20;
  const MOST = 10 * MIB;

  /** Bodies that no compression makes smaller. */
  const heavy = (atMs: number): Span[] =>
    spansFrom(atMs, 6).map((span) => ({
      ...span,
      attributes: [...span.attributes, ["noise", randomBytes(16_000).toString("latin1")]],
    }));

  async function filled(retainSpansBytes: number): Promise<{ rig: EngineRig; sent: Span[][] }> {
    const rig = await opened({ retainSpansBytes }, MIB / 2);
    const sent: Span[][] = [];
    for (let batch = 0; batch < 24; batch++) {
      const atMs = START_MS + batch * MINUTE_MS;
      sent.push(heavy(atMs));
      await rig.deliver([{ atMs: atMs + 1000, spans: sent.at(-1)! }]);
    }
    await rig.engine.settle();
    return { rig, sent };
  }

  const isThere = async (rig: EngineRig, [span]: Span[]): Promise<boolean> => {
    const words = Int32Array.from([0, 8, 16, 24], (at) => Number.parseInt(span!.traceId.slice(at, at + 8), 16) | 0);
    return (await rig.engine.trace(words)).length > 0;
  };

  it("the oldest first, until they fit; what was counted stays, after a restart too", async () => {
    const { rig, sent } = await filled(MOST);
    const before = await graphOf(rig, START, START + 30);
    const all = sent.flat().length;
    await passTo(rig, START_MS + 30 * MINUTE_MS);
    const { spans, oldestMs } = await rig.store.load();
    expect(spans).toBeGreaterThan(all / 5);
    expect(spans).toBeLessThan((all * 4) / 5);
    const kept = await Promise.all(sent.map((batch) => isThere(rig, batch)));
    expect(kept).toEqual([...kept].sort());
    expect(kept.at(-1)).toBe(true);
    expect(kept[0]).toBe(false);
    expect(await rig.engine.status()).toMatchObject({ cutForSize: true, oldestMs });
    expect(oldestMs).toBe(START_MS + kept.indexOf(true) * MINUTE_MS + 1000);
    expect(await graphOf(rig, START, START + 30)).toEqual(before);
    // The file gives room back in whole blocks: one further look may cut a little more, those after it nothing.
    const left: number[] = [];
    for (const minutes of [45, 60, 75]) {
      await passTo(rig, START_MS + minutes * MINUTE_MS);
      left.push((await rig.store.load()).spans);
    }
    expect(left[0]).toBeGreaterThan((spans * 3) / 4);
    expect(left.slice(1)).toEqual([left[0], left[0]]);
    const { oldestMs: oldestLeft } = await rig.store.load();
    await rig.restart();
    expect(await graphOf(rig, START, START + 30)).toEqual(before);
    expect((await rig.engine.status()).oldestMs).toBe(oldestLeft);
  });

  it("twin: without the limit all of them stay, and take more", async () => {
    const { rig, sent } = await filled(2 ** 40);
    await passTo(rig, START_MS + 30 * MINUTE_MS);
    expect((await rig.store.load()).spans).toBe(sent.flat().length);
    const { file, log } = await rig.store.size();
    expect(file + log).toBeGreaterThan(MOST);
  });
});
