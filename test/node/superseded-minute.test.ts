// A minute that was saved with a call of which one side was missing: once the other side is there, the far side that had been
// guessed is nowhere on the map, not even as something without calls.
import { afterEach, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { EngineRig } from "@/test/helpers/engine-rig";

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 5);

const common = {
  traceId: "1".padStart(32, "0"),
  traceState: "",
  events: [],
  links: [],
  status: { code: StatusCode.UNSET, message: "" },
  scope: { name: "test", version: "1" },
  startNs: BigInt(START_MS) * 1_000_000n,
  endNs: BigInt(START_MS + 5) * 1_000_000n,
};
const client: Span = {
  ...common,
  spanId: "a".padStart(16, "0"),
  parentSpanId: "",
  name: "GET",
  kind: SpanKind.CLIENT,
  attributes: [["server.address", "cart.internal"]],
  resource: { attributes: [["service.name", "web"]] },
};
const server: Span = {
  ...common,
  spanId: "b".padStart(16, "0"),
  parentSpanId: client.spanId,
  name: "GET /cart",
  kind: SpanKind.SERVER,
  attributes: [],
  resource: { attributes: [["service.name", "cart"]] },
};

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
  const other = { ...client, traceId: "2".padStart(32, "0"), startNs: BigInt(rig.nowMs) * 1_000_000n };
  await rig.deliver([{ atMs: rig.nowMs, spans: [{ ...other, endNs: other.startNs + 1n }] }]);
  await rig.engine.settle();
  rig.nowMs += 30 * MINUTE_MS;
  await rig.deliver([{ atMs: rig.nowMs, spans: [server] }]);
  await rig.engine.settle();
  expect((await edges(rig)).sort()).toEqual([...GUESSED, ...SEEN].sort());
});
