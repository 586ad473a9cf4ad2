// A disk that fills: spans are refused before the store breaks, and where it breaks all the same it comes back by itself. What was
// acknowledged stays, and what is stored is answered.
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Health, Sources } from "@/lib/contract/sources";
import { aroundNow, compare, derived, graphOf, Load, SIZE, traceOf } from "@/test/helpers/server-load";
import { eventually, Server } from "@/test/helpers/server-process";
import { call, frame, send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";
import { SmallDisk } from "@/test/helpers/small-disk";

const MIB = 1 << 20;
const THRESHOLD_MIB = 32;
const UNAVAILABLE = 14;
const SENTENCE =
  /^The disk of the data folder is nearly full: no spans are taken while less than 32\.0\sMiB are free\./;

const disks: SmallDisk[] = [];
const servers: Server[] = [];
const probe = SmallDisk.mount(1);
afterAll(() => probe?.unmount());
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
  for (const disk of disks.splice(0)) disk.unmount();
});

async function start(sabotage = ""): Promise<{ disk: SmallDisk; server: Server }> {
  const disk = SmallDisk.mount(128)!;
  disks.push(disk);
  const server = await Server.start(disk.folder, {
    HEADWATER_MIN_FREE_MIB: String(THRESHOLD_MIB),
    ...(sabotage && { HEADWATER_SABOTAGE: sabotage }),
  });
  servers.push(server);
  return { disk, server };
}

const post = (server: Server) => send(server.traces, { headers: PROTOBUF, body: protobufOf(traceOf(3).spans) });
const health = async (server: Server): Promise<Health & { code: number }> => {
  const response = await fetch(`${server.base}/healthz`);
  return { ...((await response.json()) as Health), code: response.status };
};
const takes = async (server: Server): Promise<boolean> => (await post(server)).status === 200;

describe.skipIf(!probe)("less than the threshold is free", () => {
  it("all doors refuse with 503 within a second, everything stored is answered, and spans are taken again by themselves", async () => {
    const { disk, server } = await start();
    const load = new Load(server);
    await load.reached(60);
    await load.stop();
    await derived(server);
    const window = aroundNow();
    const before = await graphOf(server, window);
    expect(before.stats.spans).toBe(load.acknowledged.length * SIZE);
    disk.fill((THRESHOLD_MIB - 4) * MIB);
    const filled = Date.now();
    await eventually(
      () => takes(server),
      (taken) => !taken,
      5_000,
    );
    expect(Date.now() - filled).toBeLessThan(1_500);
    const http = await post(server);
    expect([http.status, Number(http.headers["retry-after"])]).toEqual([503, 5]);
    const grpc = await call(server.grpc, [frame(protobufOf(traceOf(3).spans))]);
    expect(grpc.code).toBe(UNAVAILABLE);
    expect(grpc.text).toMatch(SENTENCE);
    const upload = await send(`${server.base}/api/v1/import`, { body: protobufOf(traceOf(3).spans) });
    expect([upload.status, upload.headers["retry-after"]]).toEqual([503, "5"]);
    expect(JSON.parse(upload.body.toString()).detail).toMatch(SENTENCE);
    const sick = await health(server);
    expect([sick.code, sick.status, sick.failure]).toEqual([503, "failing", expect.stringMatching(SENTENCE)]);
    expect((await fetch(`${server.base}/readyz`)).status).toBe(503);
    const { store } = await server.get<Sources>("/api/v1/sources");
    expect(store.failure).toMatch(SENTENCE);
    // The one batch that may have come before the threshold was seen is there too; what was there is as it was.
    expect(await compare(server, load.acknowledged)).toEqual({ lost: 0, doubled: 0 });
    const full = await graphOf(server, window);
    expect(full.stats.spans).toBeGreaterThanOrEqual(before.stats.spans);
    disk.clear();
    expect(
      await eventually(
        () => takes(server),
        (taken) => taken,
        10_000,
      ),
    ).toBe(true);
    expect((await health(server)).code).toBe(200);
    expect((await fetch(`${server.base}/readyz`)).status).toBe(200);
    expect(await compare(server, load.acknowledged)).toEqual({ lost: 0, doubled: 0 });
    expect(server.errors).not.toContain("opened again");
  });

  it("twin: a server that does not look at the disk takes spans, and the same check sees it", async () => {
    const { disk, server } = await start("noDiskGuard");
    disk.fill((THRESHOLD_MIB - 4) * MIB);
    const refused = await eventually(
      () => takes(server).then((taken) => !taken),
      (is) => is,
      2_000,
    );
    expect(refused).toBe(false);
  });
});

/** Takes the whole disk under load, faster than anybody looks, and gives it back. Returns what came of it. */
async function runOut(sabotage: string): Promise<{
  server: Server;
  lost: number;
  doubled: number;
  acknowledged: number;
  readsWhileFull: boolean;
  takenAgain: boolean;
}> {
  const { disk, server } = await start(sabotage);
  const load = new Load(server);
  await load.reached(60);
  disk.fill(0);
  const failed = (): boolean => server.errors.includes("is being opened again");
  const refuses = async (): Promise<boolean> => (await health(server)).code === 503;
  await eventually(
    async () => (sabotage === "" ? await refuses() : failed()),
    (is) => is,
  );
  expect(sabotage === "" || failed()).toBe(true); // without a guard the disk's end is what stops it
  await load.stop();
  const readsWhileFull = await eventually(
    () => fetch(`${server.base}/api/v1/graph?${aroundNow()}`).then(({ status }) => status === 200),
    (isRead) => isRead,
    5_000,
  );
  disk.clear();
  const takenAgain = await eventually(
    () => takes(server),
    (taken) => taken,
    10_000,
  );
  const held = takenAgain ? await compare(server, load.acknowledged) : { lost: 0, doubled: 0 };
  return { server, ...held, acknowledged: load.acknowledged.length, readsWhileFull, takenAgain };
}

describe.skipIf(!probe)("no room at all, from one moment to the next", () => {
  it.each([
    ["with the guard", ""],
    ["and nobody who looks: the store fails and is opened again", "noDiskGuard"],
  ])("%s: read while the disk is full, written within 10 s after, nothing lost or doubled", async (_name, sabotage) => {
    const { server, acknowledged, ...rest } = await runOut(sabotage);
    expect(rest).toEqual({ lost: 0, doubled: 0, readsWhileFull: true, takenAgain: true });
    expect(acknowledged).toBeGreaterThanOrEqual(60);
    expect((await health(server)).code).toBe(200);
    await derived(server);
    // Batches of which the answer was 503 are there whole or not at all: each of SIZE spans is one trace, one of 3 was sent after.
    const { stats, edges } = await graphOf(server, aroundNow());
    const counted = edges.map(({ caller, callee, calls }) => `${caller} -> ${callee}: ${calls}`).sort();
    const traces = stats.paired;
    expect(counted).toEqual([`entry:user -> shop: ${traces}`, `shop -> warehouse: ${traces}`]);
    expect(traces).toBeGreaterThan(acknowledged);
    expect(stats.spans).toBe((traces - 1) * SIZE + 3);
    expect(stats).toMatchObject({ orphans: 0, unpairedClients: 0 });
  });

  it("twin: a server that does not open its store again never takes spans again, and the same check sees it", async () => {
    const { takenAgain, readsWhileFull } = await runOut("noDiskGuard,noRecovery");
    expect({ takenAgain, readsWhileFull }).toEqual({ takenAgain: false, readsWhileFull: false });
  });
});
