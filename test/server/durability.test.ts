// What was answered with 200 is on disk: not before COMMIT, not lost by kill -9, not doubled by sending it again. Each proof
// has a twin on a server that breaks the promise on purpose, which the same proof has to catch.
import { afterEach, describe, expect, it } from "vitest";
import type { Sources } from "@/lib/contract/sources";
import { seededRandom } from "@/lib/simulate/random";
import { effort } from "@/test/helpers/effort";
import { aroundNow, compare, derived, graphOf, Load, SIZE, traceOf } from "@/test/helpers/server-load";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { call, frame, NoAnswer, send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const folders: string[] = [];
const servers: Server[] = [];

async function start(folder: string, sabotage = ""): Promise<Server> {
  const server = await Server.start(folder, sabotage ? { HEADWATER_SABOTAGE: sabotage } : {});
  servers.push(server);
  return server;
}

function newFolder(): string {
  const folder = makeFolder();
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
  for (const folder of folders.splice(0)) dropFolder(folder);
});

describe("an answer comes after COMMIT", () => {
  const WAIT_MS = 2000;
  /** Whether the door answers while the store cannot commit. */
  const doors = {
    "OTLP/HTTP": (server: Server) =>
      send(server.traces, { headers: PROTOBUF, body: protobufOf(traceOf(3).spans), timeoutMs: WAIT_MS }),
    "OTLP/gRPC": (server: Server) => call(server.grpc, [frame(protobufOf(traceOf(3).spans))], { timeoutMs: WAIT_MS }),
  };
  const isSilent = (asked: Promise<unknown>): Promise<boolean> =>
    asked.then(
      () => false,
      (error: unknown) => {
        if (error instanceof NoAnswer) return true;
        throw error;
      },
    );

  it("over HTTP and gRPC: nothing is answered while COMMIT is held back", async () => {
    const server = await start(newFolder(), "blockCommit");
    const silent = await Promise.all(Object.values(doors).map((ask) => isSilent(ask(server))));
    expect(silent).toEqual([true, true]);
  });

  it("twin: a server that answers before COMMIT is caught by the same check", async () => {
    const server = await start(newFolder(), "blockCommit,ackBeforeCommit");
    const silent = await Promise.all(Object.values(doors).map((ask) => isSilent(ask(server))));
    expect(silent).toEqual([false, false]);
  });

  it("and the check is not blind: an ordinary server answers both doors in that time", async () => {
    const server = await start(newFolder());
    const silent = await Promise.all(Object.values(doors).map((ask) => isSilent(ask(server))));
    expect(silent).toEqual([false, false]);
  });
});

interface Killed {
  acknowledged: number;
  lost: number;
  doubled: number;
  graph?: Awaited<ReturnType<typeof graphOf>>;
}

/** Kills the server in the moment of an acknowledgement, `rounds` times on the same data; compares after each restart. */
async function killedUnderLoad(rounds: number, sabotage: string): Promise<Killed> {
  const folder = newFolder();
  const total: Killed = { acknowledged: 0, lost: 0, doubled: 0 };
  const all: string[] = [];
  const random = seededRandom("kill -9");
  for (let round = 0; round < rounds; round++) {
    const server = await start(folder, sabotage);
    const load = new Load(server);
    await load.atAck(40 + random.below(120), () => process.kill(server.pid, "SIGKILL"));
    expect(await server.ended).toEqual({ code: null, signal: "SIGKILL" });
    all.push(...load.acknowledged);
    const again = await start(folder, sabotage);
    const { lost, doubled } = await compare(again, load.acknowledged);
    total.lost += lost;
    total.doubled += doubled;
    if (round === rounds - 1) {
      // Restarts leave older data alone.
      Object.assign(total, await compare(again, all));
      await derived(again);
      total.graph = await graphOf(again, aroundNow());
    }
    await again.stop();
  }
  total.acknowledged = all.length;
  return total;
}

describe("kill -9 in the moment of an answer", () => {
  const KILLS = effort("HEADWATER_TEST_KILLS");

  it(`loses no acknowledged span and doubles none, ${KILLS} times under load`, {
    timeout: 60_000 + KILLS * 30_000,
  }, async () => {
    const { acknowledged, lost, doubled, graph } = await killedUnderLoad(KILLS, "");
    expect(acknowledged).toBeGreaterThan(300);
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
    // Each batch was one trace: none is there by half, and the map counts exactly what is stored.
    const traces = graph!.stats.spans / SIZE;
    expect(traces).toBeGreaterThanOrEqual(acknowledged);
    expect(graph!.stats).toMatchObject({ paired: traces, orphans: 0, unpairedClients: 0 });
    expect(graph!.edges.map(({ caller, callee, calls }) => `${caller} -> ${callee}: ${calls}`).sort()).toEqual([
      `entry:user -> shop: ${traces}`,
      `shop -> warehouse: ${traces}`,
    ]);
  });

  it("twin: a server that answers before COMMIT loses spans, and the same check sees it", async () => {
    const { lost } = await killedUnderLoad(3, "ackBeforeCommit");
    expect(lost).toBeGreaterThan(0);
  });
});

const doorOf = async (server: Server, name: string): Promise<Sources["doors"][number]> =>
  (await server.get<Sources>("/api/v1/sources")).doors.find((door) => door.name === name)!;

describe("after a restart", () => {
  /** Sends batches, restarts, sends them again. */
  async function sendTwice(sabotage: string) {
    const folder = newFolder();
    const first = await start(folder, sabotage);
    const batches = Array.from({ length: 20 }, () => traceOf(SIZE));
    const sendAll = async (server: Server): Promise<void> => {
      for (const { spans } of batches) {
        const { status } = await send(server.traces, { headers: PROTOBUF, body: protobufOf(spans) });
        expect(status).toBe(200);
      }
    };
    await sendAll(first);
    const window = aroundNow();
    const before = await graphOf(first, window);
    await first.stop("SIGKILL");
    const second = await start(folder, sabotage);
    await derived(second);
    const restored = await graphOf(second, window);
    await sendAll(second);
    await derived(second);
    const after = await graphOf(second, window);
    const { stored, duplicates } = await doorOf(second, "otlp-http");
    const held = await compare(
      second,
      batches.map(({ traceId }) => traceId),
    );
    await second.stop();
    return { before, restored, after, stored, duplicates, held };
  }

  it("the graph is the same, and batches that are sent again are duplicates", async () => {
    const { before, restored, after, stored, duplicates, held } = await sendTwice("");
    expect(before.stats).toMatchObject({ spans: 400, calls: 40, orphans: 0 });
    expect(before.edges.map(({ caller, callee, calls }) => `${caller} -> ${callee}: ${calls}`).sort()).toEqual([
      "entry:user -> shop: 20",
      "shop -> warehouse: 20",
    ]);
    expect(restored).toEqual(before);
    expect(after).toEqual(before);
    expect({ stored, duplicates, held }).toEqual({ stored: 0, duplicates: 400, held: { lost: 0, doubled: 0 } });
  });

  it("twin: a server that does not look for copies doubles them, and the same check sees it", async () => {
    const { stored, duplicates, held } = await sendTwice("noDedupe");
    expect({ stored, duplicates, held }).toEqual({ stored: 400, duplicates: 0, held: { lost: 0, doubled: 400 } });
  });

  it("an orderly stop keeps the graph too, with nothing left to derive", async () => {
    const folder = newFolder();
    const first = await start(folder);
    for (let i = 0; i < 10; i++)
      expect((await send(first.traces, { headers: PROTOBUF, body: protobufOf(traceOf(SIZE).spans) })).status).toBe(200);
    const window = aroundNow();
    const before = await graphOf(first, window);
    expect(before.stats.spans).toBe(200);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const second = await start(folder);
    expect(await graphOf(second, window)).toEqual(before);
  });
});

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  it("lets what is being answered finish, keeps it, and ends with 0 within 10 s", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const load = new Load(server);
    const since = Date.now();
    await load.atAck(100, () => process.kill(server.pid, signal));
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - since).toBeLessThan(10_000);
    const again = await start(folder);
    expect(await compare(again, load.acknowledged)).toEqual({ lost: 0, doubled: 0 });
    // Nothing was left half done: no stale lock, no leftovers to replay.
    expect(again.errors).toBe("");
  });
});
