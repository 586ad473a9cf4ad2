// A minute that was saved with a call of which one side was missing: once the other side is there, the far side that had been
// guessed is nowhere on the map, not even as something without calls.
import { afterEach, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Span } from "@/lib/domain/span";
import { EngineRig } from "@/test/helpers/engine-rig";
import { webCall } from "@/test/helpers/web-calls";

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 5);

const { client: named, server } = webCall(0, START_MS);
const client: Span = { ...named, attributes: [["server.address", "cart.internal"]] };

const rigs: EngineRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function edges(rig: EngineRig): Promise<string[]> {
  const fromMinute = START_MS / MINUTE_MS - 60;
  const graph: Graph = await rig.engine.graph({
    fromMinute,
    toMinute: fromMinute + 120,
    environment: null,
    perspective: "data-flow",
  });
  expect(graph.nodes.map(({ id }) => id)).toEqual(
    [...new Set(graph.edges.flatMap(({ caller, callee }) => [caller, callee]))].sort(),
  );
  return graph.edges.map(({ caller, callee, calls }) => `${caller} -> ${callee}: ${calls}`);
}

const GUESSED = ["web -> external:cart.internal: 1"];
const SEEN = ["web -> cart: 1"];

async function saved(): Promise<EngineRig> {
  const rig = await EngineRig.open();
  rigs.push(rig);
  await rig.deliver([{ atMs: START_MS + 10, spans: [client] }]);
  await rig.engine.settle();
  expect((await rig.store.load()).minutes).toEqual([START_MS / MINUTE_MS]);
  expect(await edges(rig)).toEqual(GUESSED);
  return rig;
}

it("the other side comes while the minute is in memory", async () => {
  const rig = await saved();
  await rig.deliver([{ atMs: START_MS + 20, spans: [server] }]);
  expect(await edges(rig)).toEqual(SEEN);
  await rig.engine.settle();
  expect(await edges(rig)).toEqual(SEEN);
});

it("the other side comes after a restart", async () => {
  const rig = await saved();
  await rig.restart();
  await rig.deliver([{ atMs: START_MS + 20, spans: [server] }]);
  await rig.engine.settle();
  expect(await edges(rig)).toEqual(SEEN);
});

it("the other side comes an hour later, when the minute is in memory no more", async () => {
  const rig = await saved();
  rig.nowMs += 30 * MINUTE_MS;
  const other = { ...webCall(1, rig.nowMs).client, attributes: client.attributes };
  await rig.deliver([{ atMs: rig.nowMs, spans: [other] }]);
  await rig.engine.settle();
  rig.nowMs += 30 * MINUTE_MS;
  await rig.deliver([{ atMs: rig.nowMs, spans: [server] }]);
  await rig.engine.settle();
  expect((await edges(rig)).sort()).toEqual([...GUESSED, ...SEEN].sort());
});
