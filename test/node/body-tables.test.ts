import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Directory } from "@/lib/domain/directory";
import { Issues } from "@/lib/domain/issue";
import { SpanColumns } from "@/lib/domain/span-columns";
import { ColumnDecoder } from "@/lib/ingest/otlp/decode-columns";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { seededRandom } from "@/lib/simulate/random";
import { openDuckDbStore } from "@/lib/store/drivers/duckdb/duckdb-store";
import type { DuckDbOptions } from "@/lib/store/drivers/duckdb/open";
import { MIGRATIONS } from "@/lib/store/drivers/duckdb/schema";
import type { SpanStore } from "@/lib/store/span-store";
import { tangledSpans } from "@/test/helpers/tangled-spans";

const KIB = 1 << 10;
const MIB = 1 << 20;
/** Limits that nothing is over. */
const FOREVER = { arrivedBeforeMs: 0, spanBytes: 2 ** 50, savedBeforeMs: 0, inMemory: [], hoursBeforeMs: 0 };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headwater-test-"));
  path = join(folder, "headwater.duckdb");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (options: Partial<DuckDbOptions> = {}): Promise<SpanStore> =>
  openDuckDbStore({ path, memoryLimit: "200MB", ...options });

/** Bodies that no compression makes smaller. */
const makeBodies = (count: number, bytes: number): Uint8Array[] =>
  Array.from({ length: count }, () => randomBytes(bytes));

/** Commits these bodies as one batch, each with one span of its own. */
async function commit(store: SpanStore, batch: number, bodies: readonly Uint8Array[]): Promise<void> {
  const directory = new Directory();
  const columns = new SpanColumns();
  const decoder = new ColumnDecoder(directory);
  const random = seededRandom(`batch ${batch}`);
  for (let body = 0; body < bodies.length; body++) {
    const [span] = tangledSpans(random, { traces: 1, spansPerTrace: 1, spreadUs: 1 });
    decoder.decode(encodeSpans([span!]), body, columns, new Issues(), { earliestUs: 0, latestUs: 9e15 });
  }
  expect(columns.length).toBe(bodies.length);
  await store.commit({
    batch,
    receivedMs: batch,
    columns,
    fresh: Int32Array.from({ length: columns.length }, (_, row) => row),
    merged: new Int32Array(0),
    bodies,
    directory: directory.drain(),
  });
}

async function tables(): Promise<string[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(
    "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'bodies%' ORDER BY ALL",
  );
  connection.closeSync();
  instance.closeSync();
  return rows.getRows().map(([name]) => String(name));
}

const read = async (store: SpanStore, ids: readonly number[]): Promise<string[]> =>
  [...(await store.readBodies(ids))]
    .sort(([a], [b]) => a - b)
    .map(([id, bytes]) => `${id} ${Buffer.from(bytes).toString("hex").slice(0, 16)}`);
const printed = (first: number, bodies: readonly Uint8Array[]): string[] =>
  bodies.map((bytes, i) => `${first + i} ${Buffer.from(bytes).toString("hex").slice(0, 16)}`);

describe("request bodies in the store", () => {
  it("lie in tables of bounded size, are found in each, and go on with their numbers after a restart", async () => {
    const bodies = makeBodies(12, KIB);
    let store = await open({ bodyTableBytes: 3 * KIB });
    for (let batch = 1; batch <= 3; batch++) await commit(store, batch, bodies.slice(batch * 2 - 2, batch * 2));
    await store.close();
    store = await open({ bodyTableBytes: 3 * KIB });
    for (let batch = 4; batch <= 6; batch++) await commit(store, batch, bodies.slice(batch * 2 - 2, batch * 2));
    const asked = Array.from({ length: 14 }, (_, i) => i);
    expect(await read(store, asked)).toEqual(printed(1, bodies));
    await store.close();
    expect(await tables()).toEqual(["bodies", "bodies_11", "bodies_5", "bodies_7"]);
  });

  it("go when they have expired: whole tables, and the rows of the one in which the line lies", async () => {
    const bodies = makeBodies(12, KIB);
    const store = await open({ bodyTableBytes: 3 * KIB });
    for (let batch = 1; batch <= 6; batch++) await commit(store, batch, bodies.slice(batch * 2 - 2, batch * 2));
    await store.retire({ ...FOREVER, arrivedBeforeMs: 4 });
    const asked = Array.from({ length: 14 }, (_, i) => i);
    expect(await read(store, asked)).toEqual(printed(7, bodies.slice(6)));
    await store.retire({ ...FOREVER, arrivedBeforeMs: 1000 });
    expect(await read(store, asked)).toEqual([]);
    await store.close();
    expect(await tables()).toEqual(["bodies_9"]);
    const again = await open();
    const [more] = makeBodies(1, KIB);
    await commit(again, 7, [more!]);
    expect(await read(again, asked)).toEqual(printed(9, [more!]));
    await again.close();
  });

  it("of a file from before are read where they lie", async () => {
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const statement of MIGRATIONS[0]!) await connection.run(statement);
    await connection.run("INSERT INTO facts VALUES ('format', 1)");
    await connection.run("INSERT INTO bodies VALUES (1, 1, 'old'), (2, 1, 'older')");
    connection.closeSync();
    instance.closeSync();
    const store = await open();
    const bodies = makeBodies(2, KIB);
    await commit(store, 2, bodies);
    const old = (id: number, text: string): string => `${id} ${Buffer.from(text).toString("hex")}`;
    expect(await read(store, [1, 2, 3, 4])).toEqual([old(1, "old"), old(2, "older"), ...printed(3, bodies)]);
    await store.close();
    expect(await tables()).toEqual(["bodies", "bodies_3"]);
  });

  /** Much more than the memory that the store may use, in commits whose checkpoints come often. */
  async function fill(bodyTableBytes?: number): Promise<number> {
    const store = await open({ memoryLimit: "100MB", ...(bodyTableBytes === undefined ? {} : { bodyTableBytes }) });
    const bodies = makeBodies(32, 128 * KIB);
    let committed = 0;
    try {
      for (let batch = 1; batch <= 60; batch++) {
        await commit(store, batch, bodies);
        committed++;
      }
    } catch (error) {
      expect(String((error as Error).cause)).toMatch(/checkpoint|memory|pin/i);
    }
    await store.close().catch(() => {});
    return committed;
  }

  it("may be many times what the store may hold in memory", { timeout: 120_000 }, async () => {
    expect(await fill()).toBe(60);
  });

  it("may not when all of them are in one table", { timeout: 120_000 }, async () => {
    expect(await fill(1000 * MIB)).toBeLessThan(60);
  });
});
