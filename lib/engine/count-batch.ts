// Counts the spans of a batch, each once: memory's part of a commit, before the store takes it.
import { Added, minuteOf } from "../derive/linker";
import { ID_WORDS, SpanColumns } from "../domain/span-columns";
import type { Commit } from "../store/span-store";
import { unlessDamaged } from "../store/store-error";
import type { EngineParts } from "./engine-parts";
import type { IngestBatch } from "./ingest-batch";
import { distinctTraces, traceKey } from "./late-spans";

/** How far apart in time relatives of a late span are looked for: a day, as long as spans are kept. */
const RELATIVES_US = 86_400_000_000;

/** A batch that memory has counted and the store has yet to take. */
export interface Counted {
  readonly commit: Commit;
  /** Where the memory of the linker stood after it. */
  readonly sequence: number;
}

/** Reading what a batch has to be held against failed: memory is as it was, and the batch can come again. */
export class NotCounted extends Error {
  override readonly name = "NotCounted";

  constructor(cause: unknown) {
    super("a batch could not be counted", { cause });
  }
}

function notCounted(cause: unknown): never {
  throw new NotCounted(cause);
}

type Tell = (row: number, added: Added) => void;

/**
 * @param nextBatch gives the number of the commit.
 * @param before the commits of those counted earlier: late spans are held against the store, which has to have them.
 * @throws NotCounted
 */
export async function countBatch(
  parts: EngineParts,
  { columns, entries, bodies }: IngestBatch,
  nextBatch: () => number,
  before: Promise<void>,
): Promise<Counted> {
  const { linker, late, directory } = parts;
  const receivedMs = parts.ports.now();
  const apart = await meetLateSpans(parts, columns, receivedMs, before);
  const rows = new Int32Array(columns.length);
  let news = 0;
  const merged: number[] = [];
  let entry = 0;
  const tell: Tell = (row, added) => {
    while (row >= entries[entry]!.to) entry++;
    if (added === Added.NEW) rows[news++] = row;
    else {
      entries[entry]!.duplicates++;
      if (added === Added.MERGED) merged.push(row);
    }
  };
  linker.ring.arriveAt(receivedMs);
  if (apart) countApart(parts, columns, apart, tell);
  else linker.addRows(columns, 0, columns.length, tell);
  const fresh = rows.subarray(0, news);
  late.note(columns, fresh, receivedMs);
  return {
    sequence: linker.ring.sequence,
    commit: {
      batch: nextBatch(),
      receivedMs,
      columns,
      fresh,
      merged: Int32Array.from(merged),
      bodies,
      directory: directory.drain(),
    },
  };
}

interface Apart {
  readonly rows: ReadonlySet<number>;
  readonly stored: ReadonlySet<number>;
}

/**
 * Brings relatives of late spans back from the store, and with them the copies that late spans may be.
 * @returns null when what is needed is in memory now; else, for traces too large for that, their rows and which of those
 *   are stored already.
 */
async function meetLateSpans(
  { linker, late, store, options, oversized }: EngineParts,
  columns: SpanColumns,
  now: number,
  before: Promise<void>,
): Promise<Apart | null> {
  if (options.sabotage?.memoryOnly) return null;
  const lateRows = late.of(columns, now);
  if (lateRows.length === 0) return null;
  await before;
  const traces = distinctTraces(columns, lateRows);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const row of lateRows) {
    from = Math.min(from, columns.start[row]!);
    to = Math.max(to, columns.start[row]!);
  }
  const room = Math.floor((linker.ring.capacity - columns.length * 2 - columns.links) / 4);
  // Late spans whose relatives are damaged are taken as if they were the first: refused, they would come again for ever.
  const ask = () =>
    store
      .relatives(traces, from - RELATIVES_US, to + RELATIVES_US, room)
      .catch(unlessDamaged(new SpanColumns()))
      .catch(notCounted);
  const relatives = room <= 0 ? null : await ask();
  if (relatives) {
    linker.page(relatives);
    return null;
  }
  const large = new Set(traces.map((trace) => traceKey(trace)));
  const rows: number[] = [];
  for (let row = 0; row < columns.length; row++) if (large.has(traceKey(columns.ids, row * ID_WORDS))) rows.push(row);
  for (const trace of traces) oversized.push(trace);
  const known = store.known(columns, rows).catch(unlessDamaged(new Set<number>())).catch(notCounted);
  return { rows: new Set(rows), stored: await known };
}

/** Spans of traces too large for memory are stored without being counted: their minutes are derived from the store. */
function countApart({ linker, book }: EngineParts, columns: SpanColumns, apart: Apart, tell: Tell): void {
  const seen = new Set<string>();
  for (let row = 0; row < columns.length; ) {
    if (!apart.rows.has(row)) {
      const from = row;
      while (row < columns.length && !apart.rows.has(row)) row++;
      linker.addRows(columns, from, row, tell);
      continue;
    }
    const at = row * ID_WORDS;
    const key = [
      columns.ids.slice(at, at + 6).join(),
      columns.start[row],
      columns.role[row]! >> 4,
      columns.service[row],
    ].join();
    const copy = apart.stored.has(row) || seen.has(key) || linker.ring.findSpan(columns, row) >= 0;
    seen.add(key);
    book.touch(minuteOf(columns.start[row]!));
    tell(row, copy ? Added.MERGED : Added.NEW);
    row++;
  }
}
