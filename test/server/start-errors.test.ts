// A server that cannot start says why in one sentence for a person at three in the morning, and ends with 1.
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { event, eventsIn } from "@/test/helpers/log-events";
import { dropFolder, launch, makeFolder, Server, type Started } from "@/test/helpers/server-process";

let folder: string;
const running: Started[] = [];
let taken: NetServer;
let takenPort: number;

beforeAll(async () => {
  folder = makeFolder();
  taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, "127.0.0.1", resolve);
  });
  takenPort = (taken.address() as { port: number }).port;
});

afterEach(() => {
  for (const { process } of running.splice(0)) process.kill("SIGKILL");
});

afterAll(() => {
  taken.close();
  dropFolder(folder);
});

const ANY_PORT = { PORT: "0", HEADWATER_OTLP_PORT: "0", HEADWATER_OTLP_GRPC_PORT: "0" };

/** What a start with these settings says on standard error; it has to end by itself, with 1. */
async function failure(env: Record<string, string>): Promise<string> {
  const started = launch({ ...ANY_PORT, HEADWATER_DATA_DIR: join(folder, "data"), ...env });
  running.push(started);
  expect(await started.ended).toEqual({ code: 1, signal: null });
  expect(started.out).not.toContain("Headwater is ready");
  return started.err;
}

/** One line, without a stack trace. */
const sentence = (text: string): string => `headwater cannot start: ${text}\n`;

describe("a port that another process has", () => {
  it.each(["PORT", "HEADWATER_OTLP_PORT", "HEADWATER_OTLP_GRPC_PORT"])(
    "%s: says which setting to change",
    async (name) => {
      expect(await failure({ [name]: String(takenPort) })).toBe(
        sentence(`Port ${takenPort} is in use by another process: set ${name} to another port.`),
      );
    },
  );
});

describe("a data folder that cannot be used", () => {
  it("cannot be made: its parent is a file", async () => {
    writeFileSync(join(folder, "a-file"), "");
    const path = join(folder, "a-file", "data");
    expect(await failure({ HEADWATER_DATA_DIR: path })).toBe(
      sentence(`HEADWATER_DATA_DIR=${path} cannot be made: ENOTDIR. Name a folder that you may write to.`),
    );
  });

  it("may not be written to", async () => {
    // The superuser may write nearly everywhere, but not here.
    const path = process.getuid?.() === 0 ? "/sys" : join(folder, "read-only");
    if (path !== "/sys") {
      mkdirSync(path);
      chmodSync(path, 0o500);
    }
    const why = "E[A-Z]+. Name a folder that you may write to.";
    expect(await failure({ HEADWATER_DATA_DIR: path })).toMatch(
      new RegExp(`^headwater cannot start: HEADWATER_DATA_DIR=${path} is not writable: ${why}\n$`),
    );
    expect(await failure({ HEADWATER_DATA_DIR: join(path, "new") })).toMatch(
      new RegExp(`^headwater cannot start: HEADWATER_DATA_DIR=${path}/new cannot be made: ${why}\n$`),
    );
  });

  it("belongs to another server that runs", async () => {
    const path = join(folder, "shared");
    const first = await Server.start(path);
    try {
      expect(await failure({ HEADWATER_DATA_DIR: path })).toBe(
        sentence(
          `HEADWATER_DATA_DIR=${path} is in use by process ${first.pid}: stop that one, or give this one another folder.`,
        ),
      );
      // The first one has lost nothing by it.
      expect((await fetch(`${first.base}/readyz`)).status).toBe(200);
      expect(existsSync(join(path, "headwater.lock"))).toBe(true);
    } finally {
      expect(await first.stop()).toEqual({ code: 0, signal: null });
    }
    expect(existsSync(join(path, "headwater.lock"))).toBe(false);
  });

  it("was locked by a process that is gone, whose number another one has now", async () => {
    const path = join(folder, "left-behind");
    mkdirSync(path);
    writeFileSync(join(path, "headwater.lock"), `${process.pid} 1`);
    const server = await Server.start(path);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  it("holds a database of a newer version, which stays as it is", async () => {
    const path = join(folder, "newer");
    mkdirSync(path);
    const store = await DuckDBInstance.create(join(path, "headwater.duckdb"));
    const connection = await store.connect();
    await connection.run("CREATE TABLE facts (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL)");
    await connection.run("INSERT INTO facts VALUES ('format', 1000)");
    connection.closeSync();
    store.closeSync();
    expect(await failure({ HEADWATER_DATA_DIR: path })).toMatch(
      /^headwater cannot start: The store in .+newer cannot be opened: .+ has format 1000; this version of Headwater reads up to \d+\. .+\n$/,
    );
    expect(readdirSync(path)).toEqual(["headwater.duckdb"]);
  });
});

describe("an address that is open to other machines", () => {
  it("needs a token", async () => {
    expect(await failure({ HOST: "0.0.0.0" })).toBe(
      sentence(
        "HOST=0.0.0.0 is open to other machines: set HEADWATER_TOKEN to a secret of at least 16 characters, or leave HOST at 127.0.0.1.",
      ),
    );
  });

  it("needs a token that is long enough, which is not shown", async () => {
    const said = await failure({ HOST: "0.0.0.0", HEADWATER_TOKEN: "short-secret" });
    expect(said).toBe(sentence("HEADWATER_TOKEN=(hidden) must have at least 16 characters."));
    expect(said).not.toContain("short-secret");
  });
});

describe("a value that is not understood", () => {
  it.each([
    ["PORT", "http", 'PORT="http" must be a port number.'],
    ["PORT", "70000", 'PORT="70000" must be a port from 0 to 65535.'],
    [
      "HEADWATER_BASE_PATH",
      "headwater/",
      'HEADWATER_BASE_PATH="headwater/" must be a path such as /headwater, with no slash at its end.',
    ],
    ["HEADWATER_OTLP_PORT", "70000", 'HEADWATER_OTLP_PORT="70000" must be a port from 0 to 65535.'],
    ["HEADWATER_OTLP_GRPC_PORT", "4317.5", 'HEADWATER_OTLP_GRPC_PORT="4317.5" must be a whole number.'],
    ["HEADWATER_OTLP_PORT", "otlp", 'HEADWATER_OTLP_PORT="otlp" must be a port number.'],
    ["HEADWATER_MAX_BODY_MIB", "65", 'HEADWATER_MAX_BODY_MIB="65" must be at most 64 (MiB).'],
    ["HEADWATER_RETAIN_SPANS", "1 day", 'HEADWATER_RETAIN_SPANS="1 day" must be a period such as 30m, 24h or 7d.'],
    ["HEADWATER_MEMORY_SPANS", "12", 'HEADWATER_MEMORY_SPANS="12" must be at least 10000.'],
    [
      "HEADWATER_PERSPECTIVE",
      "sideways",
      'HEADWATER_PERSPECTIVE="sideways" must be one of "data-flow"|"request-flow".',
    ],
    ["HEADWATER_RETAIN_SPANS_MIB", "10", 'HEADWATER_RETAIN_SPANS_MIB="10" must be at least 256 (MiB).'],
    [
      "HEADWATER_RETAIN_SPANS",
      "8d",
      'retainMinutes (by default) must be at least as long as HEADWATER_RETAIN_SPANS ("8d"): the one is made of the other.',
    ],
    [
      "HEADWATER_RETAIN_HOURS",
      "3d",
      'HEADWATER_RETAIN_HOURS ("3d") must be at least as long as retainMinutes (by default): the one is made of the other.',
    ],
  ])("in the environment: %s=%s", async (name, value, said) => {
    expect(await failure({ [name]: value })).toBe(sentence(said));
  });

  async function withFile(text: string): Promise<{ path: string; said: string }> {
    const path = join(folder, "headwater.yaml");
    writeFileSync(path, text);
    return { path, said: await failure({ HEADWATER_CONFIG: path }) };
  }

  it("in the file: names the file, the key and the value", async () => {
    const { path, said } = await withFile("server:\n  retainSpans: forever\n");
    expect(said).toBe(sentence(`${path}: server.retainSpans="forever" must be a period such as 30m, 24h or 7d.`));
  });

  it("in the file: a key that does not exist, with those that do", async () => {
    const { path, said } = await withFile("server:\n  retainspan: 7d\n");
    expect(said).toMatch(
      /^headwater cannot start: .*there is no such setting; there are host, port, .*retainSpans.*\n$/,
    );
    expect(said).toContain(`${path}: server.retainspan`);
  });

  it("in the file: a port that another process has", async () => {
    const path = join(folder, "headwater.yaml");
    writeFileSync(path, `server:\n  port: ${takenPort}\n`);
    expect(await failure({ HEADWATER_CONFIG: path, PORT: "" })).toBe(
      sentence(`Port ${takenPort} is in use by another process: set PORT to another port.`),
    );
  });

  it("in the file: text that is not YAML", async () => {
    const { path, said } = await withFile("server: [1, 2\n");
    expect(said.startsWith(`headwater cannot start: ${path} is not valid YAML: `)).toBe(true);
    expect(said.trim().split("\n")).toHaveLength(1);
  });

  it("in the file: something else than a map", async () => {
    const { path, said } = await withFile("- server\n");
    expect(said).toBe(sentence(`${path}: expected a map with a section "server:".`));
  });

  it("a file that is not there", async () => {
    const path = join(folder, "nowhere.yaml");
    expect(await failure({ HEADWATER_CONFIG: path })).toBe(
      sentence(`HEADWATER_CONFIG=${path}: there is no such file.`),
    );
  });

  it("several at once: says all of them", async () => {
    const said = await failure({ HEADWATER_OTLP_PORT: "otlp", HEADWATER_RETAIN_MINUTES: "1y" });
    expect(said).toBe(
      sentence(
        'HEADWATER_OTLP_PORT="otlp" must be a port number.\nHEADWATER_RETAIN_MINUTES="1y" must be a period such as 30m, 24h or 7d.',
      ),
    );
  });
});

describe("a variable that is no setting", () => {
  it("is said in one line, and the server starts", async () => {
    const data = join(folder, "mistyped");
    const server = await Server.start(data, { HEADWATER_OTLP_PROT: "1" });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(eventsIn(server.errors)).toEqual([
      event("warn", "unknown_setting", "HEADWATER_OTLP_PROT is no setting; did you mean HEADWATER_OTLP_PORT?"),
    ]);
  });
});
