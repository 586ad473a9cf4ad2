// Request bodies, in tables of bounded size. A checkpoint writes the last, unfinished row group of a table anew and reads all
// of it into memory for that; at 122,880 bodies that would be gigabytes. So a new table is begun before one grows large, and
// what has expired is dropped table by table.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Commit } from "../../span-store";
import { ChunkAppender } from "./raw-chunks";
import { BODIES } from "./schema";
import { bytesOf, rowsOf } from "./values";

/** Bytes after which a table is not added to any more. */
const MOST_BYTES = 32 << 20;
/** Bodies asked for with one question. */
const AT_ONCE = 64;
const FIRST = "bodies";

interface BodyTable {
  readonly name: string;
  /** Ids in it are from this one up to the next table's first. */
  readonly first: number;
}

const nameOf = (first: number): string => (first === 1 ? FIRST : `${FIRST}_${first}`);

export class BodyTables {
  private appender: ChunkAppender | null = null;
  private bytes = 0;

  private constructor(
    private readonly writer: DuckDBConnection,
    /** By first id. */
    private tables: readonly BodyTable[],
    private last: number,
    private readonly mostBytes: number,
  ) {}

  /** @param mostBytes of a table; a test that has to see several of them wants fewer. */
  static async open(writer: DuckDBConnection, mostBytes = MOST_BYTES): Promise<BodyTables> {
    const names = await rowsOf(
      writer,
      `SELECT table_name FROM information_schema.tables WHERE table_name = '${FIRST}' OR table_name LIKE '${FIRST}\\_%' ESCAPE '\\'`,
    );
    const tables = names
      .map(([name]) => ({ name: String(name), first: Number(String(name).slice(FIRST.length + 1)) || 1 }))
      .sort((a, b) => a.first - b.first);
    const newest = tables[tables.length - 1]!;
    const [[last] = []] = await rowsOf(writer, `SELECT max(id) FROM ${newest.name}`);
    return new BodyTables(writer, tables, Number(last ?? newest.first - 1), mostBytes);
  }

  /** Appends the bodies that a kept row needs. Returns their ids by the commit's numbering, 0 for the others. */
  async append({ columns, fresh, merged, bodies, batch }: Commit): Promise<Uint32Array> {
    const ids = new Uint32Array(bodies.length);
    for (const rows of [fresh, merged]) for (const row of rows) ids[columns.body[row]!] = 1;
    const out = this.bytes < this.mostBytes && this.appender ? this.appender : await this.next();
    const [id, inBatch] = out.cells;
    for (let i = 0; i < bodies.length; i++) {
      if (ids[i] === 0) continue;
      ids[i] = ++this.last;
      const row = out.row;
      id![row] = ids[i]!;
      inBatch![row] = batch;
      out.blobs[row] = bodies[i]!;
      this.bytes += bodies[i]!.length;
      out.push();
    }
    out.flush();
    return ids;
  }

  /** The table to append to from here on: an empty one. */
  private async next(): Promise<ChunkAppender> {
    const first = this.last + 1;
    const newest = this.tables[this.tables.length - 1]!;
    if (newest.first !== first) {
      await this.writer.run(
        `CREATE TABLE ${nameOf(first)} (id UINTEGER NOT NULL, batch UINTEGER NOT NULL, bytes BLOB NOT NULL)`,
      );
      this.tables = [...this.tables, { name: nameOf(first), first }];
    }
    this.appender?.close();
    this.appender = await ChunkAppender.open(this.writer, nameOf(first), BODIES);
    this.bytes = 0;
    return this.appender;
  }

  /** These bodies; what is not there any more is left out. */
  async read(connection: DuckDBConnection, ids: readonly number[]): Promise<Map<number, Uint8Array>> {
    const bodies = new Map<number, Uint8Array>();
    for (const [i, { name, first }] of this.tables.entries()) {
      const end = this.tables[i + 1]?.first ?? Number.POSITIVE_INFINITY;
      const here = ids.filter((id) => id >= first && id < end);
      for (let at = 0; at < here.length; at += AT_ONCE) {
        const asked = `SELECT id, bytes FROM ${name} WHERE id IN (${here.slice(at, at + AT_ONCE).join(", ")})`;
        const rows = await rowsOf(connection, asked).catch((error: unknown) => {
          if (this.tables.some((table) => table.name === name)) throw error;
          return []; // dropped while this was on its way
        });
        for (const [id, bytes] of rows) bodies.set(Number(id), bytesOf(bytes));
      }
    }
    return bodies;
  }

  /** Forgets the bodies of this batch and those before, within the open transaction. */
  async retire(batch: number): Promise<void> {
    while (this.tables.length > 1) {
      const { name } = this.tables[0]!;
      const [[last] = []] = await rowsOf(this.writer, `SELECT max(batch) FROM ${name}`);
      if (last !== null && last !== undefined && Number(last) > batch) break;
      this.tables = this.tables.slice(1);
      await this.writer.run(`DROP TABLE ${name}`);
    }
    await this.writer.run(`DELETE FROM ${this.tables[0]!.name} WHERE batch <= ${batch}`);
  }
}
