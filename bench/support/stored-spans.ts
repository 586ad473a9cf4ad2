// The check without which no figure counts: what was acknowledged is stored.
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Sources } from "@/lib/contract/sources";
import { COUNTED } from "@/lib/store/drivers/duckdb/counted";
import type { Server } from "@/test/helpers/server-process";

/**
 * Compares the server's own counts with what was acknowledged, then kills the server and counts the rows in its file; its
 * own traces do not count.
 * @throws Error when a span is missing, too many, a duplicate or rejected.
 */
export async function checkStored(server: Server, folder: string, acknowledged: number): Promise<void> {
  const { doors } = await server.get<Sources>("/api/v1/sources");
  const door = doors.find(({ name }) => name === "otlp-http")!;
  if (door.stored !== acknowledged || door.duplicates > 0 || door.rejected > 0)
    throw new Error(
      `${acknowledged} spans were acknowledged; the server says ${door.stored} stored, ` +
        `${door.duplicates} duplicates, ${door.rejected} rejected`,
    );
  await server.stop("SIGKILL");
  const rows = await countRows(join(folder, "headwater.duckdb"));
  if (rows !== acknowledged)
    throw new Error(`${acknowledged} spans were acknowledged; after kill -9 the file holds ${rows}`);
}

async function countRows(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT count(*) FROM spans WHERE ${COUNTED}`);
    return Number(reader.getRows()[0]![0]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
