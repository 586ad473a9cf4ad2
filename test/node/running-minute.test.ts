// The minute that people look at: it grows with everything acknowledged, also while it waits for being derived again.
import { describe, expect, it } from "vitest";
import type { EngineOptions } from "@/lib/engine/engine-options";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { EngineRig } from "@/test/helpers/engine-rig";
import { webCall } from "@/test/helpers/web-calls";

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 5);
/** Spans held in memory: a second of the traffic below. */
const MEMORY = 100;

async function visibleCalls(rig: EngineRig): Promise<number> {
  const fromMinute = START_MS / MINUTE_MS;
  const graph = await rig.engine.graph({
    fromMinute,
    toMinute: fromMinute + 2,
    environment: null,
    perspective: "request-flow",
  });
  const edge = graph.edges.find(({ caller, callee }) => caller === "web" && callee === "cart");
  return edge?.calls ?? 0;
}

/**
 * Lets the background work until nothing it may do now is left, or for a second of real time. The clock moves by `stepMs`
 * now and then: a minute that changed while it was derived waits a second of it.
 */
async function untilDerived(rig: EngineRig, derivations: number, stepMs: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    rig.nowMs += stepMs;
    rig.engine.tick();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const status = await rig.engine.status();
    if (status.derivations >= derivations && status.minutesToDerive === 0) return;
  }
}

/** Twenty seconds of traffic, ten calls at a time, with one call whose halves come two seconds apart. */
async function traffic(
  sabotage: EngineOptions["sabotage"] = {},
): Promise<{ lag: number; derivations: number; left: number; calls: number; sent: number; exact: number }> {
  const rig = await EngineRig.open({ memorySpans: MEMORY, settleMs: 5_000, sabotage });
  try {
    let sent = 0;
    let lag = 0;
    const split = webCall(1_000_000, START_MS);
    await rig.deliver([{ atMs: START_MS + 10, spans: [split.client] }]);
    for (let step = 0; step < 100; step++) {
      const atMs = START_MS + 20 + step * 200;
      const spans = Array.from({ length: 10 }, (_, i) => webCall(sent + i, atMs)).flatMap(({ client, server }) => [
        client,
        server,
      ]);
      await rig.deliver([{ atMs: atMs + 20, spans }]);
      sent += 10;
      if (step % 10 === 9) {
        // Its client span has left memory by now.
        if (step === 9) await rig.deliver([{ atMs: atMs + 21, spans: [split.server] }]);
        lag = Math.max(lag, sent - (await visibleCalls(rig)));
      }
    }
    rig.nowMs += 2_000;
    await untilDerived(rig, 1, 100);
    const calls = await visibleCalls(rig);
    const { derivations, minutesToDerive } = await rig.engine.status();
    await rig.engine.settle();
    return { lag, derivations, left: minutesToDerive, calls, sent: sent + 1, exact: await visibleCalls(rig) };
  } finally {
    await rig.close();
  }
}

describe("the running minute, when a late span makes it be derived again", () => {
  it("shows every acknowledged call at once, and is exact when the traffic pauses", async () => {
    const { lag, derivations, left, calls, sent, exact } = await traffic();
    expect(derivations).toBeGreaterThan(0);
    expect(lag).toBeLessThanOrEqual(1);
    expect(left).toBe(0);
    expect(calls).toBe(sent);
    expect(exact).toBe(sent);
  });

  it("would stand still if it waited for being derived", async () => {
    const { lag, exact, sent } = await traffic({ frozenMinutes: true });
    expect(lag).toBeGreaterThan(20);
    expect(exact).toBe(sent);
  });
});

describe("what the store adds to the spans in memory", () => {
  /** A call whose client span came before a restart; its server span is younger than the restart, and is looked up later. */
  async function versions(sabotage: EngineOptions["sabotage"] = {}): Promise<{ before: number; after: number }> {
    const rig = await EngineRig.open({ settleMs: 1_000, sabotage });
    try {
      const { client, server } = webCall(0, START_MS);
      await rig.deliver([{ atMs: START_MS + 10, spans: [client] }]);
      await rig.restart();
      const startNs = server.startNs + 5_000_000_000n;
      await rig.deliver([
        { atMs: START_MS + 6_000, spans: [{ ...server, startNs, endNs: startNs + 5_000_000n, name: "late" }] },
      ]);
      await untilDerived(rig, 0, 0);
      const before = (await rig.engine.status()).version;
      rig.nowMs += 1_500;
      const orphans = (await rig.engine.status()).derivations;
      for (let i = 0; i < 40; i++) {
        rig.engine.tick();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const { version, derivations } = await rig.engine.status();
      return { before, after: version - (derivations - orphans) };
    } finally {
      await rig.close();
    }
  }

  it("is told as a change, beside the derivations that follow", async () => {
    const { before, after } = await versions();
    expect(after).toBeGreaterThan(before);
  });

  it("was not told when look-ups kept silent", async () => {
    const { before, after } = await versions({ silentLookUps: true });
    expect(after).toBe(before);
  });
});

it("a rate over a window that runs is the rate of the calls, not of the minutes", async () => {
  const rig = await EngineRig.open();
  try {
    // Ten calls a second, for two minutes and a quarter.
    const seconds = 135;
    for (let second = 0; second < seconds; second++) {
      const atMs = START_MS + second * 1000;
      const calls = Array.from({ length: 10 }, (_, i) => webCall(second * 10 + i, atMs + i * 100));
      await rig.deliver([{ atMs: atMs + 999, spans: calls.flatMap(({ client, server }) => [client, server]) }]);
    }
    rig.nowMs = START_MS + seconds * 1000;
    const graph = (minutes: number) =>
      rig.engine.graph({
        fromMinute: START_MS / MINUTE_MS,
        toMinute: START_MS / MINUTE_MS + minutes,
        environment: null,
        perspective: "data-flow",
      });
    const live = await graph(3);
    expect(live.window.until).toBe(new Date(rig.nowMs).toISOString());
    expect(live.edges.find(({ caller }) => caller === "web")!.calls / coveredMinutes(live)).toBe(600);
    // Over whole minutes it was a quarter too low.
    expect(live.edges.find(({ caller }) => caller === "web")!.calls / live.window.minutes).toBe(450);
    const past = await graph(2);
    expect(past.window.until).toBe(past.window.to);
    expect(past.edges.find(({ caller }) => caller === "web")!.calls / coveredMinutes(past)).toBe(600);
  } finally {
    await rig.close();
  }
});
