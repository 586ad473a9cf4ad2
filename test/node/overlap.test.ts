// Requests at once, more than one batch holds: the next batch is counted while the one before is in its COMMIT.
import { afterEach, describe, expect, it } from "vitest";
import type { Span } from "@/lib/domain/span";
import type { IngestReport } from "@/lib/engine/doors";
import type { EngineOptions } from "@/lib/engine/engine-options";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import type { Commit } from "@/lib/store/span-store";
import { EngineRig, expectedCounts } from "@/test/helpers/engine-rig";
import { webCall } from "@/test/helpers/web-calls";

const START_MS = Date.UTC(2026, 0, 5);
/** Calls in a request, two spans each; nine such requests fill a batch. */
const CALLS = 1000;

const call = (i: number): ReturnType<typeof webCall> => webCall(i, START_MS + (i % 50_000));

const rigs: EngineRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function open(options: Partial<EngineOptions> = {}): Promise<EngineRig> {
  const rig = await EngineRig.open(options);
  rigs.push(rig);
  rig.nowMs = START_MS + 60_000;
  return rig;
}

const ingest = (rig: EngineRig, spans: readonly Span[]): Promise<IngestReport> =>
  rig.engine.ingest({ bytes: encodeSpans(spans), gzip: null, door: "otlp-http", format: "protobuf" });

/** What is counted when each request waits for the answer to the one before; other tests hold that against the rule. */
async function oneByOne(all: readonly (readonly Span[])[]): Promise<string[]> {
  const rig = await open();
  for (const spans of all) await ingest(rig, spans);
  return await rig.counts();
}

/** Clients in one request, servers in one that is in another batch, and every third request sent twice. */
function requests(count: number): Span[][] {
  const halves = Array.from({ length: count }, (_, r) => Array.from({ length: CALLS }, (_, i) => call(r * CALLS + i)));
  const clients = halves.map((calls) => calls.map(({ client }) => client));
  const servers = halves.map((calls) => calls.map(({ server }) => server));
  const twice = [...clients, ...servers].filter((_, i) => i % 3 === 0);
  return [...clients, ...servers, ...twice];
}

/** How often a batch was handed to the store, and how often while the one before was not durable yet. */
function watch(rig: EngineRig): { commits: number; fail(at: number): void } {
  const { store } = rig;
  const commit = store.commit.bind(store);
  let failAt = Number.POSITIVE_INFINITY;
  const seen = {
    commits: 0,
    fail: (at: number) => {
      failAt = at;
    },
  };
  store.commit = async (batch: Commit, appended?: () => void) => {
    seen.commits++;
    if (seen.commits === failAt) {
      // As in a COMMIT that is refused: by then the next batch may have been counted.
      appended?.();
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw new Error("disk full");
    }
    await commit(batch, appended);
  };
  return seen;
}

it("a look into the store that fails refuses that batch alone", async () => {
  const rig = await open();
  const { client, server } = call(0);
  await ingest(rig, [client]);
  await rig.restart(); // from here on what was sent before is to be looked up
  const { store } = rig;
  const { relatives } = store;
  store.relatives = () => Promise.reject(new Error("out of memory"));
  await expect(ingest(rig, [server])).rejects.toMatchObject({ code: "unavailable" });
  store.relatives = relatives.bind(store);
  expect(await ingest(rig, [server])).toMatchObject({ stored: 1, duplicates: 0 });
  expect(await rig.counts()).toEqual(expectedCounts([client, server]));
});

describe("more requests at once than a batch holds", () => {
  it("are counted exactly, with halves and copies in other batches", async () => {
    const rig = await open();
    const seen = watch(rig);
    const all = requests(30);
    const reports = await Promise.all(all.map((spans) => ingest(rig, spans)));
    expect(seen.commits).toBeGreaterThan(3);
    const sum = (of: (report: IngestReport) => number): number => reports.reduce((total, each) => total + of(each), 0);
    expect({ stored: sum(({ stored }) => stored), duplicates: sum(({ duplicates }) => duplicates) }).toEqual({
      stored: 60 * CALLS,
      duplicates: 20 * CALLS,
    });
    const expected = await oneByOne(all);
    expect(await rig.counts()).toEqual(expected);
    await rig.restart();
    expect(await rig.counts()).toEqual(expected);
  });

  it("twin: without looking for copies the same check fails", async () => {
    const rig = await open({ sabotage: { noDedupe: true } });
    const all = requests(30);
    await Promise.all(all.map((spans) => ingest(rig, spans)));
    expect(await rig.counts()).not.toEqual(await oneByOne(all));
  });

  it("a COMMIT that fails takes those counted after it along, and what was acknowledged is what is stored", async () => {
    const rig = await open();
    const seen = watch(rig);
    seen.fail(2);
    const all = requests(30);
    const results = await Promise.allSettled(all.map((spans) => ingest(rig, spans)));
    expect(seen.commits).toBe(2);
    const acknowledged = all.filter((_, i) => results[i]!.status === "fulfilled");
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThan(all.length / 2);
    await expect(ingest(rig, Object.values(call(1_000_000)))).rejects.toMatchObject({ code: "unavailable" });
    await rig.restart();
    expect(await rig.counts()).toEqual(await oneByOne(acknowledged));
  });
});
