// A store that fails under load: what was acknowledged is there, nothing is there by half, and what senders send again is not
// counted twice. The memory of the engine is made again from what the store holds.
import { afterEach, describe, expect, it } from "vitest";
import { Issues } from "@/lib/domain/issue";
import type { Span } from "@/lib/domain/span";
import type { EngineOptions } from "@/lib/engine/engine-options";
import { seededRandom } from "@/lib/simulate/random";
import { type Delivery, expectedCounts, storedCounts } from "@/test/helpers/engine-rig";
import { COMMIT_FAULTS, type CommitFault, KeeperRig } from "@/test/helpers/keeper-rig";
import { shuffled, tangledSpans } from "@/test/helpers/tangled-spans";

const rigs: KeeperRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function open(options: Partial<EngineOptions> = {}): Promise<KeeperRig> {
  const rig = await KeeperRig.open({ settleMs: 5_000, ...options });
  rigs.push(rig);
  return rig;
}

/** Spans in the order of their starts, some much later, in requests of a few. */
function deliveriesOf(name: string): { spans: Span[]; deliveries: Delivery[] } {
  const random = seededRandom(name);
  const spans = tangledSpans(random, { traces: 12, spansPerTrace: 10, spreadUs: 120_000_000 });
  const arrivals = spans.map((span) => ({
    span,
    atMs: Number(span.startNs / 1_000_000n) + (random.chance(0.3) ? random.below(200_000) : 500),
  }));
  arrivals.sort((a, b) => a.atMs - b.atMs);
  const deliveries: Delivery[] = [];
  while (arrivals.length > 0) {
    const part = arrivals.splice(0, 1 + random.below(5));
    const sent = part.map(({ span }) => span);
    deliveries.push({ atMs: part.at(-1)!.atMs, spans: shuffled(sent, random) });
  }
  return { spans, deliveries };
}

interface Run {
  readonly taken: boolean;
  readonly opened: number;
  readonly refused: number;
  readonly counts: string[];
  readonly spans: number;
}

/** Delivers everything, every fourth commit failing in its own way. */
async function run(name: string, options: Partial<EngineOptions> = {}, patienceMs?: number): Promise<Run> {
  const rig = await open(options);
  let taken = true;
  for (const [i, delivery] of deliveriesOf(name).deliveries.entries()) {
    if (i % 4 === 3) rig.faults.push(COMMIT_FAULTS[(i >> 2) % COMMIT_FAULTS.length]!);
    taken = (await rig.deliver([delivery], patienceMs)) && taken;
    if (!taken) break;
  }
  const { opened, refused } = rig;
  if (!taken) return { taken, opened, refused, counts: [], spans: 0 };
  await rig.keeper.ask((engine) => engine.settle());
  const { spans } = await rig.store.load();
  return { taken, opened, refused, counts: await storedCounts(rig.store), spans };
}

describe("commits that fail", () => {
  const names = Array.from({ length: 2 }, (_, i) => `recovery ${i}`);

  it.each(names)("%s: the counts are those of all spans, each once", async (name) => {
    const { spans } = deliveriesOf(name);
    const { taken, opened, refused, counts, spans: stored } = await run(name);
    expect({ taken, counts, stored }).toEqual({ taken: true, counts: expectedCounts(spans), stored: spans.length });
    expect(opened).toBeGreaterThan(4);
    expect(refused).toBeGreaterThanOrEqual(opened - 1);
  });

  it("twin: without recovery the first one is the end, and the same run sees it", async () => {
    const { taken, opened } = await run(names[0]!, { sabotage: { noRecovery: true } }, 1_000);
    expect({ taken, opened }).toEqual({ taken: false, opened: 1 });
  });

  it("twin: an engine that does not look for copies in the store doubles what was durable, and the same run sees it", async () => {
    const name = names[0]!;
    const { spans } = deliveriesOf(name);
    const { counts, spans: stored } = await run(name, { sabotage: { memoryOnly: true } });
    expect(stored).toBeGreaterThan(spans.length);
    expect(counts).not.toEqual(expectedCounts(spans));
  });
});

/** An hour around the spans of a delivery. */
async function graphOf(rig: KeeperRig, { atMs }: Delivery) {
  const toMinute = Math.ceil(atMs / 60_000) + 30;
  const request = { fromMinute: toMinute - 120, toMinute, environment: null, perspective: "data-flow" } as const;
  const { version, ...graph } = await rig.keeper.ask((engine) => engine.graph(request));
  // Which traces are the examples hangs on the order in which minutes are added up.
  const edges = graph.edges.map(({ exemplars, ...edge }) => edge);
  return { version, graph: { ...graph, edges } };
}

describe.each<CommitFault>(["refused", "half", "unknown"])("a commit that is %s", (fault) => {
  it("is answered 503, leaves the graph and the counts of senders as they were, and is over soon", async () => {
    const rig = await open();
    const { deliveries } = deliveriesOf("one");
    const last = deliveries.at(-1)!;
    await rig.deliver(deliveries);
    await rig.keeper.ask((engine) => engine.settle());
    const before = await graphOf(rig, last);
    expect(before.graph.edges.length).toBeGreaterThan(2);
    const { doors, senders, startedMs } = await rig.keeper.status();
    rig.faults.push(fault);
    const again = rig.keeper.take(
      (engine) => engine.ingestSpans(deliveries[0]!.spans, "otlp-http", new Issues()), // all of it is there already
    );
    await expect(again).rejects.toMatchObject({ code: "unavailable", facts: { retryAfterSeconds: 5 } });
    const asked = rig.keeper.ask((engine) => engine.status());
    await expect(asked).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^The store failed and is being opened again: .*the disk /),
    });
    await rig.recovered();
    const after = await graphOf(rig, last);
    expect(after.graph).toEqual(before.graph);
    expect(after.version).toBeGreaterThan(before.version);
    const refused = deliveries[0]!.spans.length;
    expect(await rig.keeper.status()).toMatchObject({
      doors: doors.map((door) => ({ ...door, failed: door.failed + (door.name === "otlp-http" ? refused : 0) })),
      senders,
      startedMs,
      failure: null,
      notices: [],
    });
    expect(rig.conditions.map(({ failure }) => failure !== null)).toEqual([false, true, false]);
    expect(rig.opened).toBe(2);
  });
});

describe("a store that cannot be opened again at once", () => {
  it("is tried until it can, and says why meanwhile", async () => {
    const rig = await open();
    const { deliveries } = deliveriesOf("one");
    await rig.deliver(deliveries.slice(0, 1));
    rig.faults.push("refused");
    rig.unopened.push(new Error("no room."), new Error("no room still"));
    expect(await rig.deliver(deliveries.slice(1, 2))).toBe(true);
    expect(rig.conditions.map(({ failure }) => failure)).toEqual([
      null,
      "The store failed and is being opened again: the disk refused.",
      "The store failed and could not be opened again yet: no room.",
      "The store failed and could not be opened again yet: no room still.",
      null,
    ]);
  });

  it("or dies while an engine starts on it, is opened once more", async () => {
    const rig = await open();
    const { deliveries } = deliveriesOf("one");
    await rig.deliver(deliveries.slice(0, 1));
    rig.faults.push("refused");
    rig.stillborn = 2;
    expect(await rig.deliver(deliveries.slice(1, 2))).toBe(true);
    expect(rig.opened).toBe(4);
    expect(rig.keeper.condition.failure).toBeNull();
  });

  it("does not keep the server from ending", async () => {
    const rig = await open();
    const { deliveries } = deliveriesOf("one");
    rig.faults.push("refused");
    for (let i = 0; i < 10_000; i++) rig.unopened.push(new Error("no room"));
    await expect(
      rig.keeper.take((engine) => engine.ingestSpans(deliveries[0]!.spans, "otlp-http", new Issues())),
    ).rejects.toMatchObject({ code: "unavailable" });
    await rig.keeper.close();
    expect(rig.opened).toBe(1);
  });
});
