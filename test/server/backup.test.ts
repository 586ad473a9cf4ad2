// Backups of a server under load, and of a folder that no server has: what was acknowledged before is in them, every batch is
// whole, and the server goes on as if nothing had been.
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { BACKUP_BYTES } from "@/lib/contract/backup";
import { headwater } from "@/test/helpers/run-cli";
import { aroundNow, compare, derived, graphOf, Load, SIZE, traceOf } from "@/test/helpers/server-load";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const folders: string[] = [];
const servers: Server[] = [];

function newFolder(): string {
  const folder = makeFolder();
  folders.push(folder);
  return folder;
}

async function start(folder: string, env: Record<string, string> = {}): Promise<Server> {
  const server = await Server.start(folder, env);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
  for (const folder of folders.splice(0)) dropFolder(folder);
});

/** Takes backups while spans arrive, and restores the last one into a new folder. */
async function backedUpUnderLoad(sabotage: string) {
  const from = newFolder();
  const server = await start(from, sabotage ? { HEADWATER_SABOTAGE: sabotage } : {});
  const load = new Load(server);
  const file = join(newFolder(), "backup.duckdb");
  let before: string[] = [];
  for (let round = 1; round <= 3; round++) {
    await load.reached(150 * round);
    before = [...load.acknowledged];
    const taken = await headwater(["backup", "--from", server.base, "--force", file]);
    if (taken.code !== 0) return { failed: taken.stderr };
  }
  const during = load.acknowledged.length - before.length;
  await load.reached(load.acknowledged.length + 50);
  await load.stop();
  const to = newFolder();
  const restored = await headwater(["restore", "--data", to, file]);
  if (restored.code !== 0) return { failed: restored.stderr };
  return { server, from, to, before, during, all: load.acknowledged };
}

describe("a backup while spans arrive", () => {
  it("holds every batch that was acknowledged before, none by half, and costs the server nothing", async () => {
    const taken = await backedUpUnderLoad("");
    if ("failed" in taken) throw new Error(taken.failed);
    const { server, from, to, before, during, all } = taken;
    expect(before.length).toBeGreaterThanOrEqual(450);
    expect(during).toBeGreaterThan(0); // it was under load
    expect(readdirSync(from).filter((name) => name.includes("backup"))).toEqual([]);
    expect(await compare(server, all)).toEqual({ lost: 0, doubled: 0 });

    const again = await start(to);
    expect(await compare(again, before)).toEqual({ lost: 0, doubled: 0 });
    await derived(again);
    const graph = await graphOf(again, aroundNow());
    const traces = graph.stats.spans / SIZE;
    expect(Number.isInteger(traces)).toBe(true);
    expect(traces).toBeGreaterThanOrEqual(before.length);
    // Batches after the backup are not in it, or it was not taken under load.
    expect(traces).toBeLessThan(all.length);
    expect(graph.stats).toMatchObject({ paired: traces, orphans: 0, unpairedClients: 0 });
    expect(graph.edges.map(({ caller, callee, calls }) => `${caller} -> ${callee}: ${calls}`).sort()).toEqual([
      `entry:user -> shop: ${traces}`,
      `shop -> warehouse: ${traces}`,
    ]);
  });

  it("twin: a copy of the file that does not wait for commits loses batches, and the same check sees it", async () => {
    const taken = await backedUpUnderLoad("looseBackup");
    if ("failed" in taken) return expect(taken.failed).toMatch(/cannot be read|cut|failed/);
    const again = await start(taken.to);
    const { lost } = await compare(again, taken.before);
    expect(lost).toBeGreaterThan(0);
  });

  it("leaves the database locked: a copy made in the same process would let others in", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const open = async (): Promise<string> => {
      const script = `import { DuckDBInstance } from "@duckdb/node-api";
        await DuckDBInstance.create(process.argv[1]).then(() => console.log("opened"), () => console.log("locked"));`;
      const path = join(folder, "headwater.duckdb");
      return (await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, path])).stdout.trim();
    };
    expect(await open()).toBe("locked");
    expect((await fetch(`${server.base}/api/v1/backup`, { method: "POST" })).status).toBe(200);
    expect(await open()).toBe("locked");
  });
});

describe("the route", () => {
  it("asks for the token, and for a page of its own", async () => {
    const token = "a-token-of-16-characters";
    const server = await start(newFolder(), { HEADWATER_TOKEN: token });
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${server.base}/api/v1/backup`, { method: "POST", headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: "Bearer another-token-of-16" })).toBe(401);
    expect(await ask({ authorization: `Bearer ${token}`, "sec-fetch-site": "cross-site" })).toBe(403);
    expect((await fetch(`${server.base}/api/v1/backup`)).status).toBe(405);
    const file = join(newFolder(), "backup.duckdb");
    expect((await headwater(["backup", "--from", server.base, file])).stderr).toContain("A token is needed");
    expect(existsSync(file)).toBe(false);
    const taken = await headwater(["backup", "--from", server.base, file], { env: { HEADWATER_TOKEN: token } });
    expect(taken).toMatchObject({ code: 0, stderr: "", stdout: `${file}: 0 spans\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("can be asked again after a download that was cut", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const cut = new AbortController();
    const response = await fetch(`${server.base}/api/v1/backup`, { method: "POST", signal: cut.signal });
    expect(response.status).toBe(200);
    cut.abort();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const again = await fetch(`${server.base}/api/v1/backup`, { method: "POST" });
    expect((await again.arrayBuffer()).byteLength).toBe(Number(again.headers.get(BACKUP_BYTES)));
    expect(readdirSync(folder).filter((name) => name.includes("backup"))).toEqual([]);
  });
});

describe("a folder that no server has", () => {
  /** A folder with 200 spans, of a server that was killed: they are in the write-ahead log. */
  async function killed(): Promise<{ folder: string; traces: string[] }> {
    const folder = newFolder();
    const server = await start(folder);
    const batches = Array.from({ length: 10 }, () => traceOf(SIZE));
    for (const { spans } of batches)
      expect((await send(server.traces, { headers: PROTOBUF, body: protobufOf(spans) })).status).toBe(200);
    await server.stop("SIGKILL");
    return { folder, traces: batches.map(({ traceId }) => traceId) };
  }

  it("is copied with its write-ahead log, and left as it is", async () => {
    const { folder, traces } = await killed();
    const sizes = () => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]);
    const before = sizes();
    expect(before).toContainEqual(["headwater.duckdb.wal", expect.any(Number)]);
    const backups = newFolder();
    const taken = await headwater(["backup", "--data", folder, backups]);
    expect(taken).toMatchObject({ code: 0, stderr: "" });
    expect(taken.stdout).toMatch(/headwater-\d{8}T\d{6}Z\.duckdb: 200 spans, the last of \d{4}-.*Z\n$/);
    expect(sizes()).toEqual(before.filter(([name]) => name !== "headwater.lock"));
    const [file] = readdirSync(backups);
    const to = join(newFolder(), "new");
    expect(await headwater(["restore", "--data", to, join(backups, file!)])).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(to)).toEqual(["headwater.duckdb"]);
    expect(await compare(await start(to), traces)).toEqual({ lost: 0, doubled: 0 });
  });

  it("twin: the file without its log has lost spans, and the same check sees it", async () => {
    const { folder, traces } = await killed();
    const file = join(newFolder(), "half.duckdb");
    copyFileSync(join(folder, "headwater.duckdb"), file);
    const to = newFolder();
    const { code } = await headwater(["restore", "--data", to, file]);
    if (code !== 0) return expect(code).toBe(2);
    expect((await compare(await start(to), traces)).lost).toBeGreaterThan(0);
  });
});

describe("restore refuses", () => {
  it("a folder that a server has, and one that is not empty, and leaves both alone", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const { traceId, spans } = traceOf(SIZE);
    await send(server.traces, { headers: PROTOBUF, body: protobufOf(spans) });
    const file = join(newFolder(), "backup.duckdb");
    expect((await headwater(["backup", "--from", server.base, file])).code).toBe(0);
    const running = await headwater(["restore", "--force", "--data", folder, file]);
    expect(running).toMatchObject({ code: 2, stdout: "" });
    expect(running.stderr).toContain(`is in use by process ${server.pid}`);
    await server.stop();
    const full = await headwater(["restore", "--data", folder, file]);
    expect(full).toMatchObject({ code: 2, stdout: "" });
    expect(full.stderr).toContain("holds a database already");
    expect(await headwater(["restore", "--force", "--data", folder, file])).toMatchObject({ code: 0, stderr: "" });
    expect(await compare(await start(folder), [traceId])).toEqual({ lost: 0, doubled: 0 });
  });

  it("what is no backup, and keeps what is there", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const { traceId, spans } = traceOf(SIZE);
    await send(server.traces, { headers: PROTOBUF, body: protobufOf(spans) });
    const file = join(newFolder(), "backup.duckdb");
    expect((await headwater(["backup", "--from", server.base, file])).code).toBe(0);
    await server.stop();
    const cut = `${file}.cut`;
    copyFileSync(file, cut);
    truncateSync(cut, Math.floor(statSync(file).size / 2));
    const text = `${file}.txt`;
    writeFileSync(text, "no database ".repeat(1000));
    const foreign = `${file}.other`;
    await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      `import { DuckDBInstance } from "@duckdb/node-api";
       const instance = await DuckDBInstance.create(process.argv[1]);
       await (await instance.connect()).run("CREATE TABLE t AS SELECT 1 AS a"); instance.closeSync();`,
      foreign,
    ]);
    for (const bad of [cut, text, foreign, `${file}.nowhere`]) {
      const { code, stdout, stderr } = await headwater(["restore", "--force", "--data", folder, bad]);
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/no backup that can be read|no such file/);
    }
    expect(readdirSync(folder)).toEqual(["headwater.duckdb"]);
    expect(await compare(await start(folder), [traceId])).toEqual({ lost: 0, doubled: 0 });
  });
});

describe("backup refuses", () => {
  it("a file that is there, a folder without a database, a server that is not there", async () => {
    const file = join(newFolder(), "there.duckdb");
    writeFileSync(file, "something");
    const there = await headwater(["backup", "--data", newFolder(), file]);
    expect(there).toMatchObject({ code: 2, stdout: "" });
    expect(there.stderr).toContain("is there already");
    const empty = await headwater(["backup", "--data", newFolder(), `${file}.2`]);
    expect(empty.stderr).toContain("there is no database in");
    const gone = await start(newFolder());
    await gone.stop();
    const nobody = await headwater(["backup", "--from", gone.base, `${file}.2`]);
    expect(nobody).toMatchObject({ code: 2, stdout: "" });
    expect(nobody.stderr).toContain("nobody listens there");
    expect(existsSync(`${file}.2`)).toBe(false);
  });
});
