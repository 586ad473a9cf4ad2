// An error that nothing caught, in the engine's thread and under load: the process stays, the engine starts again on what is
// stored, and what was acknowledged is there, once.
import { afterEach, describe, expect, it } from "vitest";
import { compare, Load } from "@/test/helpers/server-load";
import { dropFolder, eventually, makeFolder, Server } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";

const FAULTS = 3;
const TAKEN_AGAIN = /"event":"taking_spans"/g;

const servers: Server[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
  for (const folder of folders.splice(0)) dropFolder(folder);
});

async function start(sabotage: string): Promise<{ server: Server; load: Load }> {
  const folder = makeFolder();
  folders.push(folder);
  const server = await Server.start(folder, { HEADWATER_SABOTAGE: sabotage });
  servers.push(server);
  const load = new Load(server);
  await load.reached(30);
  return { server, load };
}

const sendRubbish = (server: Server) => send(server.traces, { headers: { "content-type": "text/plain" }, body: "x" });

describe("an error that nothing caught", () => {
  it("ends neither the process nor what was acknowledged, and is in the log with its stack", async () => {
    const { server, load } = await start("throwOnRefusal");
    for (let i = 1; i <= FAULTS; i++) {
      expect((await sendRubbish(server)).status).toBe(415);
      await eventually(
        async () => (server.errors.match(TAKEN_AGAIN) ?? []).length,
        (times) => times >= i,
        20_000,
      );
      await load.reached(load.acknowledged.length + 10);
    }
    await load.stop();
    expect(server.errors.match(TAKEN_AGAIN)).toHaveLength(FAULTS);
    expect(server.errors).toContain("opened again: an error that nothing caught (the saboteur threw).");
    expect(server.errors).toMatch(/"event":"engine_fault","message":"the saboteur threw","stack":\["at /);
    expect(await compare(server, load.acknowledged)).toEqual({ lost: 0, doubled: 0 });
    expect((await server.stop()).code).toBe(0);
  });

  it("twin: where the engine does not start again, nothing is taken any more, and that is seen", async () => {
    const { server, load } = await start("throwOnRefusal,noRecovery");
    await sendRubbish(server);
    const refused = await eventually(
      async () => (await fetch(`${server.base}/healthz`)).status,
      (status) => status === 503,
    );
    await load.stop();
    expect([refused, server.errors.match(TAKEN_AGAIN)]).toEqual([503, null]);
  });
});
