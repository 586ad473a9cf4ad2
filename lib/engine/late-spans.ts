// Which spans of a batch may have relatives or copies outside memory. Whatever arrived after the ring's horizon is in memory;
// a span that started after the horizon cannot have arrived before it, unless the sender's clock runs ahead. Of what left memory
// the ring remembers the traces for a while, so that a sender that is merely slow does not cost a look into the store.
import type { SpanRing } from "../derive/span-ring";
import { ID_WORDS, type SpanColumns } from "../domain/span-columns";

const US_PER_MS = 1000;
/** Clocks of senders may run this far ahead before their spans count as early. */
const CLOCK_SLACK_US = 2_000_000;

export class LateSpans {
  /** By service: the latest start that was in the future when it arrived. Copies of such a span look younger than they are. */
  private readonly aheadUntil = new Map<number, number>();

  constructor(
    private readonly ring: SpanRing,
    ahead: readonly { readonly service: number; readonly startUs: number }[],
  ) {
    for (const { service, startUs } of ahead) this.aheadUntil.set(service, startUs);
  }

  /** Rows that have to meet the store before they are counted; `nowMs` is their arrival. */
  of(columns: SpanColumns, nowMs: number): number[] {
    const { ring } = this;
    if (!Number.isFinite(ring.horizon)) return [];
    const lateBefore = ring.horizon * US_PER_MS + CLOCK_SLACK_US;
    const knownAfter = ring.coveredSince * US_PER_MS + CLOCK_SLACK_US;
    const earlyAfter = nowMs * US_PER_MS + CLOCK_SLACK_US;
    const rows: number[] = [];
    for (let row = 0; row < columns.length; row++) {
      const start = columns.start[row]!;
      if (
        (start < lateBefore && (start < knownAfter || ring.mayHaveLost(columns, row))) ||
        start > earlyAfter ||
        ring.isAwaited(columns, row) ||
        this.isAhead(columns.service[row]!, start)
      )
        rows.push(row);
    }
    return rows;
  }

  /** Remembers new spans whose sender's clock runs ahead. */
  note(columns: SpanColumns, fresh: Int32Array, nowMs: number): void {
    const earlyAfter = nowMs * US_PER_MS + CLOCK_SLACK_US;
    for (const row of fresh) {
      const start = columns.start[row]!;
      if (start > earlyAfter && !this.isAhead(columns.service[row]!, start))
        this.aheadUntil.set(columns.service[row]!, start);
    }
  }

  private isAhead(service: number, start: number): boolean {
    if (this.aheadUntil.size === 0) return false;
    const until = this.aheadUntil.get(service);
    return until !== undefined && start <= until;
  }
}

export const traceKey = (words: ArrayLike<number>, at = 0): string =>
  `${words[at]},${words[at + 1]},${words[at + 2]},${words[at + 3]}`;

/** The trace ids (four words each) of these rows, each once. */
export function distinctTraces(columns: SpanColumns, rows: readonly number[]): Int32Array[] {
  const traces = new Map<string, Int32Array>();
  for (const row of rows) {
    const at = row * ID_WORDS;
    const key = traceKey(columns.ids, at);
    if (!traces.has(key)) traces.set(key, columns.ids.slice(at, at + 4));
  }
  return [...traces.values()];
}
