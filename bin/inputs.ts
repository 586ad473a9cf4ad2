// Files, folders and stdin as streams of plain bytes. What is gzip is known by its first bytes, never by a name.
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { unreadable } from "../lib/domain/errors";
import { isGzip } from "../lib/engine/inflate";
import { plainText } from "../lib/export/names";
import { UsageError } from "./command";

export interface Input {
  /** As people call it. */
  readonly name: string;
  /** Bytes; null when that is not known beforehand. */
  readonly size: number | null;
  /** It was not named but found in a folder. */
  readonly found: boolean;
  open(): Readable;
}

export interface Unlisted {
  readonly name: string;
  readonly error: unknown;
}

const PIECE = 1 << 20;

/**
 * The files behind the arguments, in their order; folders are walked in the order of names, hidden files left out.
 * @throws UsageError when there is no argument, or stdin is named twice.
 */
export async function listInputs(paths: readonly string[]): Promise<{ inputs: Input[]; missing: Unlisted[] }> {
  if (paths.length === 0) throw new UsageError("name at least one file or folder, or - for stdin");
  if (paths.filter((path) => path === "-").length > 1) throw new UsageError("- (stdin) can be read once only");
  const inputs: Input[] = [];
  const missing: Unlisted[] = [];
  for (const path of paths) {
    if (path === "-") inputs.push({ name: "stdin", size: null, found: false, open: () => process.stdin });
    else await walk(path, false, inputs, missing);
  }
  return { inputs, missing };
}

async function walk(path: string, found: boolean, inputs: Input[], missing: Unlisted[]): Promise<void> {
  try {
    const facts = await stat(path);
    if (!facts.isDirectory()) {
      const open = (): Readable => createReadStream(path, { highWaterMark: PIECE });
      inputs.push({ name: plainText(path), size: facts.isFile() ? facts.size : null, found, open });
      return;
    }
    const entries = await readdir(path, { withFileTypes: true });
    const visible = entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => (a.name < b.name ? -1 : 1));
    const before = inputs.length;
    for (const entry of visible) {
      // A link to a folder may lead back up.
      if (entry.isSymbolicLink() && (await stat(join(path, entry.name))).isDirectory()) continue;
      await walk(join(path, entry.name), true, inputs, missing);
    }
    if (!found && inputs.length === before) throw unreadable("the folder holds no files");
  } catch (error) {
    missing.push({ name: plainText(path), error });
  }
}

/** The bytes of an input, gunzipped where they are gzip. @throws DomainError unreadable for broken gzip. */
export async function* plainBytes(source: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzipped(source);
  } finally {
    source.destroy(); // a pipe that nobody reads any more must not keep the process
  }
}

async function* gunzipped(source: Readable): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 3) {
    const next = await pieces.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const all = restored(head, pieces);
  if (!isGzip(head)) {
    yield* all;
    return;
  }
  const gunzip = createGunzip({ chunkSize: PIECE });
  let failure: unknown;
  const inflated = pipeline(Readable.from(all), gunzip, (error) => {
    failure = error;
  });
  try {
    yield* inflated as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = (failure as NodeJS.ErrnoException | undefined)?.code ?? (error as NodeJS.ErrnoException).code ?? "";
    if (code === "Z_BUF_ERROR") throw unreadable("the file ends inside its gzip data", gunzip.bytesWritten);
    if (code.startsWith("Z_")) throw unreadable("the gzip data is damaged", gunzip.bytesWritten);
    throw error;
  }
}

async function* restored(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
