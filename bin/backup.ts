// `headwater backup`: everything that is stored, as one file; from the running server, or from its folder when it does not run.
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { parseArgs } from "node:util";
import { BACKUP_BYTES } from "../lib/contract/backup";
import { Problem } from "../lib/contract/problem";
import { DomainError } from "../lib/domain/errors";
import { plainText } from "../lib/export/names";
import type { Config } from "../lib/server/config";
import { userOf } from "../lib/server/data-folder";
import { below, type Command, readUrl, reasonOf, say, UsageError } from "./command";
import {
  contentsText,
  copyStore,
  folderOf,
  placeStore,
  readConfig,
  sizeOf,
  storeFile,
  withFolder,
} from "./data-folder";

export const BACKUP_USAGE = "headwater backup [--from URL | --data DIR] [--force] FILE|DIR";

export const backup: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { from: { type: "string" }, data: { type: "string" }, force: { type: "boolean", default: false } },
  });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new UsageError("name one file or folder for the backup");
  if (values.from !== undefined && values.data !== undefined)
    throw new UsageError("--from and --data exclude each other: the backup is of a running server, or of a folder");
  const path = await fileFor(target);
  if (!values.force && (await sizeOf(path)) !== null) {
    say(`${plainText(path)} is there already. Name another file, or use --force to replace it.`);
    return 2;
  }
  const contents = await placeStore(path, writerFor(values.from, values.data));
  process.stdout.write(`${plainText(path)}: ${contentsText(contents)}\n`);
  return 0;
};

/** In a folder, a name of its own: the moment. */
async function fileFor(target: string): Promise<string> {
  const isFolder = await stat(target).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return isFolder ? join(target, `headwater-${moment}.duckdb`) : target;
}

/** Where the bytes come from: the server that was named or has the folder, else the folder. @throws UsageError */
function writerFor(from: string | undefined, data: string | undefined): (part: string) => Promise<void> {
  if (from !== undefined) {
    const url = readUrl("--from", from);
    return (part) => download(url, process.env.HEADWATER_TOKEN, part);
  }
  const dataDir = folderOf(data);
  if (userOf(dataDir) !== null) {
    const config = readConfig();
    return (part) => download(addressOf(config), config.token, part);
  }
  return async (part) => {
    if ((await sizeOf(storeFile(dataDir))) === null)
      throw new DomainError("not_found", `there is no database in ${dataDir}`);
    await withFolder(dataDir, () => copyStore(storeFile(dataDir), part));
  };
}

/** Of the server with these settings, as this machine reaches it. */
function addressOf({ host, port, basePath }: Config): URL {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return new URL(`http://${name.includes(":") ? `[${name}]` : name}:${port}${basePath}`);
}

async function download(server: URL, token: string | undefined, to: string): Promise<void> {
  const where = `${server.origin} (--from names another address)`;
  const response = await fetch(below(server, "/api/v1/backup"), {
    method: "POST",
    headers: token ? { authorization: `Bearer ${token}` } : {},
  }).catch((error: Error) => {
    throw new DomainError("unavailable", `${where} cannot be reached: ${reasonOf(error.cause ?? error)}`);
  });
  if (response.status !== 200 || !response.body) {
    const problem = Problem.safeParse(await response.json().catch(() => null));
    throw new DomainError(
      "unavailable",
      problem.data?.detail ?? `${where} is no Headwater server (it answered ${response.status})`,
    );
  }
  const announced = Number(response.headers.get(BACKUP_BYTES));
  const file = createWriteStream(to, { flags: "wx", mode: 0o600 });
  const body = Readable.fromWeb(response.body as ReadableStream);
  await pipeline(body, file).catch((error: Error) => {
    throw new DomainError("unavailable", `the backup was cut: ${reasonOf(error.cause ?? error)}`);
  });
  if (file.bytesWritten !== announced)
    throw new DomainError("unavailable", `the backup was cut after ${file.bytesWritten} of ${announced} bytes`);
}
