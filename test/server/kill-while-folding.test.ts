// kill -9 while the write-ahead log is folded into the file: everything that was acknowledged is there afterwards.
import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { compare, SIZE, traceOf } from "@/test/helpers/server-load";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const servers: Server[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
  for (const folder of folders.splice(0)) dropFolder(folder);
});

async function start(folder: string): Promise<Server> {
  const server = await Server.start(folder);
  servers.push(server);
  return server;
}

/** Spans with so much in them that nothing can make less of it, that some hundred requests fill the log. */
function heavy(): { traceId: string; body: Uint8Array } {
  const { traceId, spans } = traceOf(SIZE);
  const body = protobufOf(
    spans.map((span) => ({ ...span, attributes: { payload: randomBytes(45_000).toString("base64") } })),
  );
  return { traceId, body };
}

/** Sends from a few connections until the server is gone. @returns the traces that were acknowledged. */
async function fill(server: Server): Promise<string[]> {
  const acknowledged: string[] = [];
  const sender = async (): Promise<void> => {
    for (;;) {
      const { traceId, body } = heavy();
      try {
        if ((await send(server.traces, { headers: PROTOBUF, body })).status !== 200) continue;
      } catch {
        return;
      }
      acknowledged.push(traceId);
    }
  };
  await Promise.all(Array.from({ length: 4 }, sender));
  return acknowledged;
}

/** Kills the server in the moment in which the file grows, which it does by being folded into. */
async function killWhileFolding(server: Server, folder: string): Promise<void> {
  const file = join(folder, "headwater.duckdb");
  const before = statSync(file).size;
  while (server.isRunning && statSync(file).size - before < 1 << 20) await sleep(1);
  await server.stop("SIGKILL");
}

it("loses nothing, twice on the same data", async () => {
  const folder = makeFolder();
  folders.push(folder);
  const all: string[] = [];
  for (let round = 0; round < 2; round++) {
    const server = await start(folder);
    const [acknowledged] = await Promise.all([fill(server), killWhileFolding(server, folder)]);
    // The log is there still: it was killed before it could go.
    expect(readdirSync(folder).filter((name) => name.includes(".wal"))).not.toEqual([]);
    all.push(...acknowledged);
    const again = await start(folder);
    expect(await compare(again, all)).toEqual({ lost: 0, doubled: 0 });
    await again.stop("SIGKILL");
  }
  expect(all.length).toBeGreaterThan(100);
});
