// Opens a store whose files may be damaged. What cannot be opened is moved aside, never deleted, and said: of a log what comes before
// the damage is kept; without its main file a store is begun anew.
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { asText, formatBytes } from "../../../domain/format-number";
import type { SpanStore } from "../../span-store";
import { openDuckDbStore } from "./duckdb-store";
import { faultOf } from "./faults";
import { endOfLog, RECORD_HEAD } from "./log-end";
import type { DuckDbOptions } from "./open";

/** Files that one start may find damaged, one after the other. */
const MOST_ATTEMPTS = 6;
const LOG_FAILED = /^(?:\w+ Error: )?Failure while replaying WAL file "([^"]+)": (.*)/;
const AT_RECORD = /entry at byte position (\d+)/;
/** Not the file's fault: another start may do better. */
const NOT_DAMAGE = /Out of Memory|No space left|Permission denied|Too many open files|Input\/output error/;

export interface Rescue {
  readonly store: SpanStore;
  /** What was moved and what is missing, a sentence or two for each file; empty when all was well. */
  readonly rescued: readonly string[];
}

/** @param ruin why the main file is not to be opened again; null to try it. @throws Error for what is no damage */
export async function openOrRescue(options: DuckDbOptions, ruin: string | null, now: Date): Promise<Rescue> {
  const aside = new Aside(options.path, now);
  if (options.path !== ":memory:") {
    if (ruin !== null) await aside.moveAll(ruin);
    await aside.keepWhatIsSkipped();
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const store = await openDuckDbStore(options);
      return { store, rescued: aside.told };
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !(await aside.moveBad(error))) throw error;
    }
  }
}

class Aside {
  readonly told: string[] = [];
  private readonly stamp: string;
  private readonly cut = new Set<string>();

  constructor(
    private readonly path: string,
    now: Date,
  ) {
    this.stamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  }

  /** Moves what an error is about. False when it is not about damage. */
  async moveBad(error: unknown): Promise<boolean> {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    if (NOT_DAMAGE.test(message)) return false;
    const [, log, why] = LOG_FAILED.exec(message) ?? [];
    if (log !== undefined) {
      const [, record] = AT_RECORD.exec(why!) ?? [];
      // A second time the log is not what it seems.
      const readable = record === undefined || this.cut.has(log) ? 0 : Number(record) - RECORD_HEAD;
      this.cut.add(log);
      await this.moveLog(join(dirname(this.path), basename(log)), readable, why!);
      return true;
    }
    if (faultOf(error, false) !== "damaged") return false;
    await this.moveAll(message);
    return true;
  }

  /** What DuckDB passes over without a word: a log without its file, and what follows the last whole record of one. */
  async keepWhatIsSkipped(): Promise<void> {
    for (const log of await this.logs()) {
      if (!existsSync(/* turbopackIgnore: true */ this.path)) {
        const { to } = await this.move(log);
        this.told.push(`There was a log without its database file; it was moved to ${to}.`);
        continue;
      }
      const end = await endOfLog(log);
      if (!end || end.whole === end.bytes) continue;
      if (end.whole === 0) await this.moveLog(log, 0, "its beginning is damaged");
      else await this.keepTail(log, end.whole, end.bytes);
    }
  }

  /** The main file and all that belongs to it. */
  async moveAll(why: string): Promise<void> {
    const moved: string[] = [];
    for (const file of [this.path, ...(await this.logs())])
      if (existsSync(/* turbopackIgnore: true */ file)) moved.push((await this.move(file)).to);
    this.told.push(
      `The database file could not be read (${why}). It was moved to ${moved.join(", its log to ")}, and an empty one was begun: everything that was stored is missing from answers.`,
    );
  }

  /** Keeps the first bytes of a log, and the whole of it aside. */
  private async moveLog(log: string, readable: number, why: string): Promise<void> {
    const { to, bytes, modified } = await this.move(log);
    if (readable > 0)
      await copyPart(to, log, 0, readable).catch(async (error: unknown) => {
        await rm(/* turbopackIgnore: true */ log, { force: true });
        await rename(/* turbopackIgnore: true */ to, log);
        throw error;
      });
    this.told.push(
      `The log of the database was damaged (${why}). ${sizeOf(readable)} of its ${sizeOf(bytes)} could be read; what else arrived up to ${modified} is missing from answers. The whole log was moved to ${to}.`,
    );
  }

  /** The end of a log that ends in the middle of a record, which is what a kill or a loss of power leaves. */
  private async keepTail(log: string, from: number, bytes: number): Promise<void> {
    const to = this.free(log);
    await copyPart(log, to, from, bytes);
    this.told.push(
      `The log of the database ended in the middle of a record: its last ${sizeOf(bytes - from)} could not be read and are kept in ${to}. After a kill or a loss of power that was not yet acknowledged; otherwise what was acknowledged last may be missing from answers.`,
    );
  }

  private async move(file: string): Promise<{ to: string; bytes: number; modified: string }> {
    const { size, mtime } = await stat(/* turbopackIgnore: true */ file);
    const to = this.free(file);
    await rename(/* turbopackIgnore: true */ file, to);
    return { to, bytes: size, modified: mtime.toISOString() };
  }

  /** A name that nothing has yet. */
  private free(file: string): string {
    const name = `${file}.bad-${this.stamp}`;
    for (let n = 1; ; n++) {
      const to = n === 1 ? name : `${name}-${n}`;
      if (!existsSync(/* turbopackIgnore: true */ to)) return to;
    }
  }

  /** The write-ahead log, and what a checkpoint that was cut leaves beside it. */
  private async logs(): Promise<string[]> {
    const folder = dirname(this.path);
    const prefix = `${basename(this.path)}.wal`;
    const names = await readdir(/* turbopackIgnore: true */ folder);
    return names.filter((name) => name.startsWith(prefix) && !name.includes(".bad-")).map((name) => join(folder, name));
  }
}

const sizeOf = (bytes: number): string => asText(formatBytes(bytes));

/** [start, end) of a file into a new one, which is on disk when this returns. */
async function copyPart(from: string, to: string, start: number, end: number): Promise<void> {
  await pipeline(
    createReadStream(/* turbopackIgnore: true */ from, { start, end: end - 1 }),
    createWriteStream(/* turbopackIgnore: true */ to, { flags: "wx", flush: true }),
  );
}
