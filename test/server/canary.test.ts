// The canary while others send, over a kill -9 and a restart in the same minute: every trace that was taken is found, and what
// others see of the server is theirs alone.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Sources } from "@/lib/contract/sources";
import { aroundNow, compare, derived, Load, SIZE } from "@/test/helpers/server-load";
import { dropFolder, eventually, makeFolder, Server } from "@/test/helpers/server-process";

const EVERY = { HEADWATER_CANARY: "100ms" };
let folder: string;
beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => dropFolder(folder));

const canaryOf = async (server: Server): Promise<NonNullable<Sources["canary"]>> =>
  (await server.get<Sources>("/api/v1/sources")).canary!;

const WELL = { missing: 0, wrong: 0, refused: 0 };

it("is found each time, before and after a kill -9 under load, and is in no number", async () => {
  const first = await Server.start(folder, EVERY);
  const load = new Load(first);
  await load.reached(150);
  const before = await eventually(
    () => canaryOf(first),
    ({ written }) => written >= 10,
  );
  expect(before).toMatchObject(WELL);
  expect(before.written).toBeGreaterThanOrEqual(10);
  await load.atAck(load.acknowledged.length + 1, () => process.kill(first.pid, "SIGKILL"));
  await first.ended;
  expect(first.errors).toBe("");

  const second = await Server.start(folder, EVERY);
  const after = await eventually(
    () => canaryOf(second),
    ({ written }) => written >= 10,
  );
  expect(after).toMatchObject(WELL);
  expect(await compare(second, load.acknowledged)).toEqual({ lost: 0, doubled: 0 });
  await derived(second);
  const { environments, stats } = await second.get<Graph>(`/api/v1/graph?${aroundNow()}`);
  expect(environments.map(({ name }) => name)).toEqual([""]);
  expect(stats.spans % SIZE).toBe(0); // batches that were stored and not acknowledged are whole as well
  expect(stats.spans).toBeGreaterThanOrEqual(load.acknowledged.length * SIZE);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
  expect(second.errors).toBe("");
});
