// Secrets that senders put into attributes are in nothing that is kept or told: not in the store, not in its log, not in what
// the server prints, answers or exports.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBBlobValue, DuckDBInstance } from "@duckdb/node-api";
import { afterEach, describe, expect, it } from "vitest";
import { headwater } from "@/test/helpers/run-cli";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { call, frame, send } from "@/test/helpers/server-requests";
import { JSON_TYPE, jsonOf, newSpanId, newTraceId, PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const KEYS = [
  "authorization",
  "http.request.header.cookie",
  "http.response.header.set-cookie",
  "db.Password",
  "accessToken",
  "x-api-key",
  "client_secret",
  "user.api_key",
];
const DOORS = ["http", "http gzip", "json", "grpc", "file"] as const;

let server: Server | null = null;
const folders: string[] = [];

afterEach(async () => {
  await server?.stop("SIGKILL");
  for (const folder of folders.splice(0)) dropFolder(folder);
});

const newFolder = (): string => {
  const folder = makeFolder();
  folders.push(folder);
  return folder;
};

/** Everything that a database file holds, bodies inflated. */
async function everythingIn(path: string): Promise<string> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_WRITE" });
  const connection = await instance.connect();
  const told: string[] = [];
  const tables = await connection.runAndReadAll("SELECT table_name FROM information_schema.tables");
  for (const [table] of tables.getRows())
    for (const row of (await connection.runAndReadAll(`SELECT * FROM ${table}`)).getRows())
      for (const cell of row) {
        if (!(cell instanceof DuckDBBlobValue)) told.push(String(cell));
        else {
          const bytes = Buffer.from(cell.bytes);
          told.push((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1"));
        }
      }
  connection.closeSync();
  instance.closeSync();
  return told.join("\n");
}

/** Sends forty secrets through every door, and returns where they were found afterwards, and what there was to look in. */
async function leaks(env: Record<string, string>) {
  const folder = newFolder();
  server = await Server.start(folder, env);
  const traces: string[] = [];
  const secrets: string[] = [];
  for (const door of DOORS) {
    const traceId = newTraceId();
    traces.push(traceId);
    const attributes = Object.fromEntries(KEYS.map((key, i) => [key, `hush-${door}-${i}-${traceId.slice(0, 12)}`]));
    secrets.push(...Object.values(attributes));
    const spans = [{ traceId, spanId: newSpanId(), attributes: { ...attributes, "http.route": "/plain" } }];
    if (door === "grpc") {
      expect((await call(server.grpc, [frame(protobufOf(spans))])).code).toBe(0);
      continue;
    }
    const bytes = protobufOf(spans);
    const answer =
      door === "http"
        ? await send(server.traces, { headers: PROTOBUF, body: bytes })
        : door === "http gzip"
          ? await send(server.traces, { headers: { ...PROTOBUF, "content-encoding": "gzip" }, body: gzipSync(bytes) })
          : door === "json"
            ? await send(server.traces, { headers: JSON_TYPE, body: jsonOf(spans) })
            : await send(`${server.base}/api/v1/import`, { body: jsonOf(spans) });
    expect(answer.status, door).toBe(200);
  }
  expect(secrets.length).toBe(40);

  const places: Record<string, string> = {};
  const shown = await Promise.all(traces.map((id) => server!.get<object>(`/api/v1/traces/${id}`)));
  places.traces = JSON.stringify(shown);
  places.found = JSON.stringify(await server.get<object>("/api/v1/traces?service=shop"));
  places.graph = JSON.stringify(await server.get<object>("/api/v1/graph"));
  places.sources = JSON.stringify(await server.get<object>("/api/v1/sources"));
  const file = join(newFolder(), "backup.duckdb");
  expect((await headwater(["backup", "--from", server.base, file])).code).toBe(0);
  places.backup = await everythingIn(file);
  await server.stop("SIGKILL"); // what is acknowledged stands in the log now, and is read from there
  places.printed = server.said;
  places.files = readdirSync(folder)
    .filter((name) => !name.endsWith(".lock"))
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("\n");
  places.store = await everythingIn(join(folder, "headwater.duckdb"));
  const found = Object.entries(places).filter(([, text]) => secrets.some((secret) => text.includes(secret)));
  return { found: found.map(([place]) => place), places };
}

describe("forty secrets through five doors", () => {
  it("are nowhere, and what stood beside them is there", async () => {
    const { found, places } = await leaks({});
    expect(found).toEqual([]);
    for (const place of ["traces", "backup", "store"]) {
      expect(places[place]!.split("/plain").length - 1, place).toBe(DOORS.length);
      expect(places[place]).toContain("client_secret");
    }
  });

  it("the same search finds them where redaction is off", async () => {
    const { found } = await leaks({ HEADWATER_REDACT: "none" });
    expect(found).toEqual(["traces", "backup", "store"]);
  });
});
