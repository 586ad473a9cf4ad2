// Retention: what is over an age or a size goes, the oldest first, in steps, so that commits have their turn between them.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { RetentionLimits, Retired } from "../../span-store";
import type { BodyTables } from "./body-tables";
import { COUNTED } from "./counted";
import { forgetHours, minutesToRollUp, readHours, rollUp } from "./roll-up";
import { HOUR_TABLES, MINUTE_TABLES, US_PER_MINUTE } from "./schema";
import { numberOf, rowsOf } from "./values";

/** Spans forgotten in one transaction: about a tenth of a second. */
const SPANS_A_STEP = 500_000;
/** After a cut for size there is room for a while, so that not every commit is followed by one. */
const ROOM = 0.1;
const LAST_BATCH = 2 ** 32 - 1;

export interface RetireTools {
  readonly bodies: BodyTables;
  /** Does its work whole or not at all; nothing else is written meanwhile. */
  step<T>(work: (writer: DuckDBConnection) => Promise<T>): Promise<T>;
  read<T>(question: (reader: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Gives the room of what was deleted back to the file, where the disk lets it. */
  fold(): Promise<void>;
  /** Bytes of the log that is not folded into the file. */
  logBytes(): Promise<number>;
}

export async function retire(tools: RetireTools, limits: RetentionLimits): Promise<Retired> {
  const { read, step } = tools;
  const expired = `SELECT coalesce(max(id), 0) FROM batches WHERE received_ms < ${Math.floor(limits.arrivedBeforeMs)}`;
  const aged = await forgetSpans(tools, await read((reader) => numberOf(reader, expired)));
  const cut = await cutToSize(tools, limits.spanBytes);
  const minutes = await step(async (writer) => {
    const found = await minutesToRollUp(writer, limits.savedBeforeMs, limits.inMemory);
    await rollUp(writer, found);
    await forgetHours(writer, limits.hoursBeforeMs);
    return found;
  });
  return {
    spans: aged.spans + cut.spans,
    cutForSize: cut.spans > 0,
    minutes,
    thinned: [...new Set([...aged.thinned, ...cut.thinned])],
    hours: await read(readHours),
    oldestMs: await read(oldestSpanMs),
  };
}

/** Arrival of the oldest batch that has spans that count, Unix milliseconds; null without spans. */
export async function oldestSpanMs(connection: DuckDBConnection): Promise<number | null> {
  const [[oldest] = []] = await rowsOf(
    connection,
    `SELECT received_ms FROM batches WHERE id = (SELECT min(batch) FROM spans WHERE ${COUNTED})`,
  );
  return oldest === null || oldest === undefined ? null : Number(oldest);
}

interface Forgotten {
  spans: number;
  readonly thinned: number[];
}

/** Forgets the spans of this batch and those before. */
async function forgetSpans({ bodies, step }: RetireTools, upTo: number): Promise<Forgotten> {
  const forgotten: Forgotten = { spans: 0, thinned: [] };
  for (let done = false; !done; ) {
    await step(async (writer) => {
      const batch = await batchAt(writer, SPANS_A_STEP, upTo);
      done = batch === null || batch >= upTo;
      if (batch === null) return;
      const rows = await rowsOf(
        writer,
        `SELECT start // ${US_PER_MINUTE}, count(*) FILTER (${COUNTED}) FROM spans WHERE batch <= ${batch} GROUP BY ALL`,
      );
      const thinned = rows.map(([minute]) => Number(minute));
      for (const [, count] of rows) forgotten.spans += Number(count);
      forgotten.thinned.push(...thinned);
      await writer.run(`UPDATE minutes SET thinned = TRUE WHERE minute IN (${thinned.join(", ")})`);
      for (const name of ["spans", "links"]) await writer.run(`DELETE FROM ${name} WHERE batch <= ${batch}`);
      await bodies.retire(batch);
      await writer.run(`DELETE FROM batches WHERE id < ${batch}`);
    });
  }
  return forgotten;
}

/** The last of the oldest batches that have so many spans together, none after `most`; null where there is none. */
async function batchAt(connection: DuckDBConnection, spans: number, most: number): Promise<number | null> {
  const [[batch] = []] = await rowsOf(
    connection,
    `SELECT min(batch) FILTER (before >= ${Math.ceil(spans)}) AS reached, max(batch) AS last FROM (
       SELECT batch, sum(count(*)) OVER (ORDER BY batch) AS before FROM spans WHERE batch <= ${most} GROUP BY batch)`,
  ).then((rows) => rows.map(([reached, last]) => [reached ?? last]));
  return batch === null || batch === undefined ? null : Number(batch);
}

/**
 * Forgets the oldest spans when all take more than this: as large a share of them as is too much, and some more. The file gives
 * back whole row groups and whole tables of bodies, so what is left may still be a little too much: the next look sees it.
 */
async function cutToSize(tools: RetireTools, mostBytes: number): Promise<Forgotten> {
  const { read, fold, logBytes } = tools;
  const measure = async (): Promise<number> => (await read(spanBytes)) + (await logBytes());
  if ((await measure()) <= mostBytes) return { spans: 0, thinned: [] };
  await fold(); // what the log holds takes another size in the file
  const bytes = await measure();
  if (bytes <= mostBytes) return { spans: 0, thinned: [] };
  const share = 1 - (mostBytes * (1 - ROOM)) / bytes;
  const batch = await read(async (reader) =>
    batchAt(reader, share * (await numberOf(reader, "SELECT count(*) FROM spans")), LAST_BATCH),
  );
  if (batch === null) return { spans: 0, thinned: [] };
  const cut = await forgetSpans(tools, batch);
  await fold();
  return cut;
}

/** What spans and bodies take in the file: everything but the tables of calls. */
async function spanBytes(connection: DuckDBConnection): Promise<number> {
  const [[used, block] = []] = await rowsOf(connection, "SELECT used_blocks, block_size FROM pragma_database_size()");
  let others = 0;
  for (const table of [...MINUTE_TABLES, ...HOUR_TABLES])
    others += await numberOf(
      connection,
      `SELECT count(DISTINCT block_id) FROM pragma_storage_info('${table}') WHERE persistent AND block_id >= 0`,
    );
  return (Number(used) - others) * Number(block);
}
