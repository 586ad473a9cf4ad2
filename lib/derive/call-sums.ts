// Calls of a range added up, as lists: what a store answers, and the short form in which answers are kept.
import { BUCKETS } from "../domain/histogram";
import type { Measure } from "./call-table";

/** One stored row: the counters in the order of COUNTERS. */
export interface SumRow {
  readonly edge: number;
  /** Operation id; 0 when the sums are by edge. */
  readonly operation: number;
  readonly counts: ArrayLike<number>;
  readonly weight: number;
  readonly firstMinute: number;
  readonly lastMinute: number;
}

export class CallSums {
  readonly rows: SumRow[] = [];
  /** Trace ids (four words) by row and `Exemplar`. */
  readonly exemplars: { readonly row: number; readonly which: number; readonly words: ArrayLike<number> }[] = [];
  /** Latency samples: their row, their measure and bucket in one number, how many. */
  private samples = 0;
  private sampleRows = new Uint32Array(1024);
  private samplePlaces = new Uint16Array(1024);
  private sampleCounts = new Float64Array(1024);
  private readonly index = new Map<number, number>();

  /** Returns the row, for `setExemplar`. */
  add(row: SumRow): number {
    this.index.set(keyOf(row.edge, row.operation), this.rows.length);
    return this.rows.push(row) - 1;
  }

  setExemplar(row: number, which: number, words: ArrayLike<number>): void {
    this.exemplars.push({ row, which, words });
  }

  /** Samples without a row are left out. */
  addBucket(edge: number, operation: number, measure: Measure, bucket: number, count: number): void {
    const row = this.index.get(keyOf(edge, operation));
    if (row === undefined) return;
    if (this.samples === this.sampleRows.length) this.grow();
    this.sampleRows[this.samples] = row;
    this.samplePlaces[this.samples] = measure * BUCKETS + bucket;
    this.sampleCounts[this.samples++] = count;
  }

  /** A bucket of a row may be visited more than once. */
  eachSample(visit: (row: number, measure: Measure, bucket: number, count: number) => void): void {
    for (let i = 0; i < this.samples; i++) {
      const place = this.samplePlaces[i]!;
      const measure = Math.floor(place / BUCKETS) as Measure;
      visit(this.sampleRows[i]!, measure, place - measure * BUCKETS, this.sampleCounts[i]!);
    }
  }

  private grow(): void {
    const length = this.samples * 2;
    const [rows, places, counts] = [this.sampleRows, this.samplePlaces, this.sampleCounts];
    this.sampleRows = new Uint32Array(length);
    this.samplePlaces = new Uint16Array(length);
    this.sampleCounts = new Float64Array(length);
    this.sampleRows.set(rows);
    this.samplePlaces.set(places);
    this.sampleCounts.set(counts);
  }
}

/** Edges and operations both fit: 2^26 operations are kept apart, and 2^27 edges. */
export const keyOf = (edge: number, operation: number): number => edge * 2 ** 26 + operation;
