// A data folder whose files a disk has damaged, as the product meets it: it starts, says what is missing, keeps what it cannot read,
// and takes spans.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Health, Sources } from "@/lib/contract/sources";
import { flip, overwrite, StoreFiles } from "@/test/helpers/damaged-files";
import { compare, SIZE, traceOf } from "@/test/helpers/server-load";
import { dropFolder, launch, makeFolder, Server, type Started } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const TRACES = 30;
const SOON_MS = 10_000;

const folders: string[] = [];
const servers: Server[] = [];
const launched: Started[] = [];
afterEach(async () => {
  for (const { process } of launched.splice(0)) process.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop("SIGKILL");
  for (const folder of folders.splice(0)) dropFolder(folder);
});

async function start(folder: string): Promise<Server> {
  const server = await Server.start(folder);
  servers.push(server);
  return server;
}

/** A folder as kill -9 leaves it: all that was sent is in the log. */
async function killed(): Promise<{ files: StoreFiles; traces: string[] }> {
  const folder = makeFolder();
  folders.push(folder);
  const server = await start(folder);
  const traces: string[] = [];
  for (let i = 0; i < TRACES; i++) {
    const { traceId, spans } = traceOf(SIZE);
    expect((await send(server.traces, { headers: PROTOBUF, body: protobufOf(spans) })).status).toBe(200);
    traces.push(traceId);
  }
  await server.stop("SIGKILL");
  return { files: new StoreFiles(folder), traces };
}

/** Starts on it, and asks what is said and what is there. */
async function outcome({ files, traces }: { files: StoreFiles; traces: string[] }) {
  const began = Date.now();
  const server = await start(files.folder);
  const tookMs = Date.now() - began;
  const health = await server.get<Health>("/healthz");
  const { store } = await server.get<Sources>("/api/v1/sources");
  const { lost, doubled } = await compare(server, traces);
  const next = traceOf(SIZE);
  const { status } = await send(server.traces, { headers: PROTOBUF, body: protobufOf(next.spans) });
  expect(await compare(server, [next.traceId])).toEqual({ lost: 0, doubled: 0 });
  expect(store.notices).toEqual(health.notices);
  expect(server.errors).toContain('"level":"info","event":"taking_spans","notices":["The ');
  expect(tookMs).toBeLessThan(SOON_MS);
  expect(readFileSync(join(files.folder, "headwater.duckdb")).length).toBeGreaterThan(0);
  return { health, status, tracesLost: lost / SIZE, doubled };
}

describe("a server", () => {
  it("whose log is damaged in its middle starts with what comes before, and says since when something is missing", async () => {
    const folder = await killed();
    const { log } = folder.files;
    flip(log, statSync(log).size >> 1);
    const bytes = readFileSync(log);
    const { health, status, tracesLost, doubled } = await outcome(folder);
    expect({ ...health, notices: [] }).toMatchObject({ status: "ok", failure: null });
    expect(health.notices).toEqual([
      expect.stringMatching(/^The log of the database was damaged \(.+headwater\.duckdb\.wal\.bad-/),
    ]);
    expect(tracesLost).toBeGreaterThan(2);
    expect(tracesLost).toBeLessThan(TRACES - 2);
    expect({ status, doubled }).toEqual({ status: 200, doubled: 0 });
    expect(folder.files.aside().get("headwater.duckdb.wal")!.equals(bytes)).toBe(true);
  });

  it("whose main file is no database starts with a new one, and keeps the old files", async () => {
    const folder = await killed();
    const { main, log } = folder.files;
    overwrite(main, 0, 12_288);
    const before = [readFileSync(main), readFileSync(log)];
    const { health, status, tracesLost } = await outcome(folder);
    expect(health.notices).toEqual([
      expect.stringMatching(/^The database file could not be read \(.+an empty one was begun/),
    ]);
    expect({ status, tracesLost }).toEqual({ status: 200, tracesLost: TRACES });
    const kept = folder.files.aside();
    expect(kept.get("headwater.duckdb")!.equals(before[0]!)).toBe(true);
    expect(kept.get("headwater.duckdb.wal")!.equals(before[1]!)).toBe(true);
  });

  it("twin: one that moves nothing aside does not start", async () => {
    const { files } = await killed();
    overwrite(files.main, 0, 12_288);
    const started = launch({
      PORT: "0",
      HEADWATER_OTLP_PORT: "0",
      HEADWATER_OTLP_GRPC_PORT: "0",
      HEADWATER_DATA_DIR: files.folder,
      HEADWATER_SABOTAGE: "noRescue",
    });
    launched.push(started);
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.err).toMatch(/^headwater cannot start: The store in .+ cannot be opened: .+\n$/);
    expect(files.aside().size).toBe(0);
  });
});
