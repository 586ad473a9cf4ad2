// Derives the calls of one minute from the stored spans: the pure rule over everything that is known, in slices of traces so
// that memory stays bounded and other work gets its turn.
import type { CallSink } from "../derive/call-sink";
import { CallTable } from "../derive/call-table";
import type { EdgeBook } from "../derive/edge-book";
import { Linker } from "../derive/linker";
import type { Directory } from "../domain/directory";
import type { SpanStore } from "../store/span-store";

/** Spans of the minute per slice, about. */
const SLICE_SPANS = 50_000;
/** Rows after which other work gets its turn. */
const STEP_ROWS = 5_000;
const TRACE_LAST_WORD = 3;

/** Counts only what belongs to one minute and to the traces of one slice; what they are linked with is only looked at. */
class SliceSink implements CallSink {
  constructor(
    private readonly table: CallTable,
    private readonly slice: number,
    private readonly mask: number,
  ) {}

  call(...[minute, edge, operation, sign, fault, side, weight, us, ids, at]: Parameters<CallSink["call"]>): void {
    if (minute !== this.table.minute || (ids[at + TRACE_LAST_WORD]! & this.mask) !== this.slice) return;
    this.table.call(edge, operation, sign, fault, side, weight, us, ids, at);
  }

  sample(...[minute, edge, operation, sign, clientUs, gapUs, ids, at]: Parameters<CallSink["sample"]>): void {
    if (minute !== this.table.minute || (ids[at + TRACE_LAST_WORD]! & this.mask) !== this.slice) return;
    this.table.sample(edge, operation, sign, clientUs, gapUs);
  }

  touch(): void {
    throw new Error("a linker that holds everything never needs to touch");
  }
}

/** The calls of `minute` as the spans of commits up to `upToBatch` tell them. */
export async function rederiveMinute(
  store: SpanStore,
  directory: Directory,
  edges: EdgeBook,
  minute: number,
  upToBatch: number,
  pause: () => Promise<void>,
): Promise<CallTable> {
  const table = new CallTable(minute);
  const spans = await store.countMinute(minute);
  const slices = 2 ** Math.max(0, Math.ceil(Math.log2(spans / SLICE_SPANS)));
  for (let slice = 0; slice < slices; slice++) {
    const columns = await store.minuteSpans(minute, slice, slices, upToBatch);
    // Room for every span, its parent's id and its links' targets: nothing may leave this linker's memory.
    const linker = new Linker(
      directory,
      edges,
      new SliceSink(table, slice, slices - 1),
      columns.length * 2 + columns.links + 64,
    );
    for (let from = 0; from < columns.length; from += STEP_ROWS) {
      linker.addRows(columns, from, Math.min(from + STEP_ROWS, columns.length), () => {});
      await pause();
    }
  }
  return table;
}
