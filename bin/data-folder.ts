// The data folder that the server of this checkout uses, or another one that was named, and how files of it are checked.
import { copyFile, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { DomainError } from "../lib/domain/errors";
import { plural } from "../lib/domain/format-number";
import type { StoreCheck } from "../lib/engine/check-store";
import { type Config, loadConfig, StartError } from "../lib/server/config";
import { lockFolder, STORE_FILE } from "../lib/server/data-folder";
import type { StoreContents } from "../lib/store/store-contents";
import { UsageError } from "./command";

/** Of the checkout; as in the server, settings and their paths are relative to it. */
const HOME = fileURLToPath(new URL("..", import.meta.url));

/** The server's settings. @throws UsageError */
export function readConfig(): Config {
  try {
    return loadConfig(process.env, HOME);
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.message.replace(/\.$/, "")) : error;
  }
}

/** The folder that was named, else that of the settings. @throws UsageError */
export const folderOf = (named: string | undefined): string =>
  named === undefined ? readConfig().dataDir : resolve(named);

export const storeFile = (folder: string): string => join(folder, STORE_FILE);

/** Bytes of a file; null when there is none. */
export const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

/** Does something while no server can start on the folder. @throws DomainError while one runs. */
export async function withFolder<T>(folder: string, task: () => Promise<T>): Promise<T> {
  let unlock: () => void;
  try {
    unlock = lockFolder(folder);
  } catch (error) {
    throw error instanceof StartError ? new DomainError("unavailable", error.message.replace(/\.$/, "")) : error;
  }
  try {
    return await task();
  } finally {
    unlock();
  }
}

/** Copies a store that is not in use, with what its write-ahead log holds. */
export async function copyStore(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  for (const [i, log] of logsOf(from).entries()) if ((await sizeOf(log)) !== null) await copyFile(log, logsOf(to)[i]!);
}

/**
 * Makes a file by `write`, under a name beside its own until all of it has been read; then it takes the place of what was at
 * `path`. Nothing is left, and nothing is replaced, when that fails.
 */
export async function placeStore(path: string, write: (part: string) => Promise<void>): Promise<StoreContents> {
  const part = `${path}.part`;
  const clear = async (): Promise<void> => {
    for (const file of [part, ...logsOf(part)]) await rm(file, { force: true });
  };
  await clear();
  try {
    await write(part);
    const contents = await check(part);
    // Those of the file that goes must not meet the one that comes.
    for (const log of logsOf(path)) await rm(log, { force: true });
    await rename(part, path);
    return contents;
  } finally {
    await clear();
  }
}

/** The write-ahead log of a database file, and what folding that into the file leaves beside it when it is cut. */
const logsOf = (path: string): string[] => [".wal", ".wal.checkpoint", ".wal.recovery"].map((end) => path + end);

/** Opens a store in a thread of its own and reads all of it. @throws DomainError unreadable */
async function check(path: string): Promise<StoreContents> {
  const result = await new Promise<StoreCheck>((done, failed) => {
    const thread = new Worker(new URL("./check-store.mjs", import.meta.url), { workerData: { path } });
    thread.once("message", done).once("error", failed);
    thread.once("exit", () => failed(new Error("the check ended early")));
  });
  if ("fault" in result) throw new DomainError("unreadable", `it is no backup that can be read (${result.fault})`);
  return result.contents;
}

/** What a store holds, in half a sentence. */
export function contentsText({ spans, lastReceivedMs }: StoreContents): string {
  const count = plural(spans, "span");
  return lastReceivedMs === 0 ? count : `${count}, the last of ${new Date(lastReceivedMs).toISOString()}`;
}
