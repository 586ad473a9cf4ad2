// Where calls go when nothing is told apart by minute: the graph of files, and that of chosen traces.
import { type CallSink, NO_SAMPLE } from "./call-sink";
import { CallTable, COUNTERS, EXEMPLARS } from "./call-table";
import { CallTotals } from "./call-totals";
import type { Seen } from "./service-graph";

/** Counts the whole time as one, and remembers in which minutes each edge had calls. */
export class WholeSink implements CallSink {
  private readonly table = new CallTable(0);
  private readonly minutes = new Map<number, Map<number, number>>();

  call(...[minute, edge, , sign, fault, side, weight, us, ids, at]: Parameters<CallSink["call"]>): void {
    this.table.call(edge, 0, sign, fault, side, weight, us, ids, at);
    const counts = this.minutes.get(edge) ?? new Map<number, number>();
    this.minutes.set(edge, counts);
    const next = (counts.get(minute) ?? 0) + sign;
    if (next === 0) counts.delete(minute);
    else counts.set(minute, next);
  }

  sample(...[, edge, , sign, clientUs, gapUs]: Parameters<CallSink["sample"]>): void {
    if (clientUs !== NO_SAMPLE || gapUs !== NO_SAMPLE) this.table.sample(edge, 0, sign, clientUs, gapUs);
  }

  touch(): void {
    throw new Error("a linker that holds everything never needs to touch");
  }

  totals(): { totals: CallTotals; history: Map<number, Seen> } {
    const totals = new CallTotals();
    const history = new Map<number, Seen>();
    const edgeOfCell = new Map<number, number>();
    for (const { cell, edge, counts, weight } of this.table.entries()) {
      const seen = this.seen(edge);
      const row = totals.add({ edge, operation: 0, counts: COUNTERS.map((name) => counts[name]), weight, ...seen });
      for (let which = 0; which < EXEMPLARS; which++) {
        const words = this.table.exemplar(cell, which);
        if (words) totals.setExemplar(row, which, words);
      }
      history.set(edge, seen);
      edgeOfCell.set(cell, edge);
    }
    this.table.eachBucket((cell, measure, bucket, count) => {
      const edge = edgeOfCell.get(cell);
      if (edge !== undefined) totals.addBucket(edge, 0, measure, bucket, count);
    });
    return { totals, history };
  }

  private seen(edge: number): Seen {
    let firstMinute = Number.POSITIVE_INFINITY;
    let lastMinute = Number.NEGATIVE_INFINITY;
    for (const minute of this.minutes.get(edge)?.keys() ?? []) {
      firstMinute = Math.min(firstMinute, minute);
      lastMinute = Math.max(lastMinute, minute);
    }
    return { firstMinute, lastMinute };
  }
}
