import type { StoreContents } from "../../store-contents";
import { StoreError } from "../../store-error";
import { COUNTED } from "./counted";
import { openDuckDb } from "./open";

/**
 * Opens a store that is not in use, reads all of it, and closes it; what its write-ahead log held is in the file then.
 * @throws StoreError when the file is no store, or something in it cannot be read.
 */
export async function checkDuckDb(path: string): Promise<StoreContents> {
  try {
    const instance = await openDuckDb({ path, mustExist: true, memoryLimit: "1GiB" });
    try {
      const connection = await instance.connect();
      const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
      for (const [table] of await rows("SELECT table_name FROM information_schema.tables")) {
        await rows(`SELECT bit_xor(hash(t)) FROM ${table} t`); // every value of every column
      }
      const [[spans, lastReceivedMs] = []] = await rows(
        `SELECT (SELECT count(*) FROM spans WHERE ${COUNTED}),
           (SELECT coalesce(max(received_ms), 0) FROM batches WHERE id IN (SELECT batch FROM spans WHERE ${COUNTED}))`,
      );
      await connection.run("CHECKPOINT");
      connection.closeSync();
      return { spans: Number(spans), lastReceivedMs: Number(lastReceivedMs) };
    } finally {
      instance.closeSync();
    }
  } catch (cause) {
    throw new StoreError("duckdb", "reading it", { cause });
  }
}
