// A store's files, and ways in which a disk damages them.
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const FILE = "headwater.duckdb";
/** Three headers, then blocks. */
const HEADERS = 12_288;
const BLOCK = 262_144;

export class StoreFiles {
  constructor(readonly folder: string) {}

  get main(): string {
    return join(this.folder, FILE);
  }

  get log(): string {
    return `${this.main}.wal`;
  }

  copyTo(folder: string): StoreFiles {
    const copy = new StoreFiles(folder);
    copyFileSync(this.main, copy.main);
    copyFileSync(this.log, copy.log);
    return copy;
  }

  /** Files that were moved aside, by name, and what they hold. */
  aside(): Map<string, Buffer> {
    const names = readdirSync(this.folder).filter((name) => name.includes(".bad-"));
    return new Map(names.map((name) => [name.replace(/\.bad-.*/, ""), readFileSync(join(this.folder, name))]));
  }

  /** Where the blocks lie that only this table uses; of a file that is not in use. */
  async blocksOf(table: string): Promise<number[]> {
    const instance = await DuckDBInstance.create(this.main, { access_mode: "READ_ONLY" });
    const connection = await instance.connect();
    const all = await connection.runAndReadAll("SELECT table_name FROM information_schema.tables");
    const used = new Map<number, Set<string>>();
    for (const [name] of all.getRows()) {
      const rows = await connection.runAndReadAll(
        `SELECT block_id, additional_block_ids::VARCHAR FROM pragma_storage_info('${name}')`,
      );
      for (const [block, more] of rows.getRows())
        for (const id of [Number(block), ...(String(more ?? "").match(/\d+/g) ?? []).map(Number)])
          if (id >= 0) used.set(id, (used.get(id) ?? new Set()).add(String(name)));
    }
    connection.closeSync();
    instance.closeSync();
    return [...used].filter(([, tables]) => tables.size === 1 && tables.has(table)).map(([id]) => HEADERS + id * BLOCK);
  }
}

/** Turns bits over at a place, counted from the end where it is negative. */
export function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = bytes[place]! ^ 0x41;
  writeFileSync(file, bytes);
}

/** Other bytes over [from, to). */
export function overwrite(file: string, from: number, to: number): void {
  const bytes = readFileSync(file);
  for (let at = from; at < to; at++) bytes[at] = (at * 31 + 7) & 0xff;
  writeFileSync(file, bytes);
}

export const cut = (file: string, to: number): void => truncateSync(file, to);
