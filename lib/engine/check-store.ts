// A thread that reads a store file to the end: the other module that names a driver, for backups, which no engine owns.
import { parentPort, workerData } from "node:worker_threads";
import { checkDuckDb } from "../store/drivers/duckdb/check";
import type { StoreContents } from "../store/store-contents";

export type StoreCheck = { readonly contents: StoreContents } | { readonly fault: string };

const say = (result: StoreCheck): void => parentPort?.postMessage(result);

checkDuckDb((workerData as { readonly path: string }).path).then(
  (contents) => say({ contents }),
  (error: unknown) => say({ fault: error instanceof Error ? error.message : String(error) }),
);
