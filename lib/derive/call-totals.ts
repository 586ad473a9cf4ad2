// Calls of many minutes added up by edge (or by edge and operation), with dense histograms, so that adding is a loop over
// numbers and a graph of thousands of edges can be answered anew every second.
import { BUCKETS, bucketMiddle } from "../domain/histogram";
import { type CallSums, keyOf, type SumRow } from "./call-sums";
import { type CallTable, COUNTERS, type Counter, EXEMPLARS, MEASURES, type Measure } from "./call-table";

const CALLS = COUNTERS.indexOf("calls");
const TRACE_WORDS = 4;
/** Of one bucket; a year of a busy edge may have more, of which the quantiles then know no more. */
const MOST_SAMPLES = 2 ** 32 - 1;

export interface Total {
  /** Row, for `quantiles`, `exemplar` and `samples`. */
  readonly row: number;
  readonly edge: number;
  /** Operation id; 0 when the totals are by edge. */
  readonly operation: number;
  readonly counts: Readonly<Record<Counter, number>>;
  readonly weight: number;
  readonly firstMinute: number;
  readonly lastMinute: number;
}

export class CallTotals {
  private rows = 0;
  private readonly index = new Map<number, number>();
  private readonly keys: number[] = [];
  private counts = new Float64Array(64 * COUNTERS.length);
  private weights = new Float64Array(64);
  private first = new Int32Array(64);
  private last = new Int32Array(64);
  private buckets = new Uint32Array(64 * MEASURES * BUCKETS);
  /** By row and measure: all its samples, and how many buckets from its lowest one to the last there is. Most of hundreds are empty. */
  private sampled = new Float64Array(64 * MEASURES);
  private reach = new Uint16Array(64 * MEASURES);
  private exemplars = new Int32Array(64 * EXEMPLARS * TRACE_WORDS);

  /** @param byOperation whether operations are kept apart. */
  constructor(readonly byOperation = false) {}

  /** Forgets everything, and keeps its memory: making that takes longer than emptying it. */
  clear(): void {
    const { rows } = this;
    this.rows = 0;
    this.index.clear();
    this.keys.length = 0;
    this.counts.fill(0, 0, rows * COUNTERS.length);
    this.weights.fill(0, 0, rows);
    this.buckets.fill(0, 0, rows * MEASURES * BUCKETS);
    this.sampled.fill(0, 0, rows * MEASURES);
    this.reach.fill(0, 0, rows * MEASURES);
    this.exemplars.fill(0, 0, rows * EXEMPLARS * TRACE_WORDS);
  }

  addSums(sums: CallSums): void {
    const rowOf = sums.rows.map((row) => this.add(row));
    for (const { row, which, words } of sums.exemplars) this.setExemplar(rowOf[row]!, which, words);
    sums.eachSample((row, measure, bucket, count) => this.addSamples(rowOf[row]!, measure, bucket, count));
  }

  add({ edge, operation, counts, weight, firstMinute, lastMinute }: SumRow): number {
    const row = this.row(edge, operation, firstMinute);
    for (let i = 0; i < COUNTERS.length; i++) this.counts[row * COUNTERS.length + i]! += counts[i]!;
    this.weights[row]! += weight;
    this.first[row] = Math.min(this.first[row]!, firstMinute);
    this.last[row] = Math.max(this.last[row]!, lastMinute);
    return row;
  }

  addBucket(edge: number, operation: number, measure: Measure, bucket: number, count: number): void {
    const row = this.index.get(keyOf(edge, operation));
    if (row !== undefined) this.addSamples(row, measure, bucket, count);
  }

  setExemplar(row: number, which: number, words: ArrayLike<number>): void {
    const at = (row * EXEMPLARS + which) * TRACE_WORDS;
    for (let i = 0; i < TRACE_WORDS; i++) this.exemplars[at + i] = words[i]!;
  }

  /** Adds a minute's table. `only` limits it to some edges. */
  addTable(table: CallTable, only?: ReadonlySet<number>): void {
    const rowOfCell = new Int32Array(table.size).fill(-1);
    const { minute } = table;
    table.eachCell((cell, edge, operation, counts, at, weight) => {
      if (only && !only.has(edge)) return;
      const row = this.row(edge, this.byOperation ? operation : 0, minute);
      for (let i = 0; i < COUNTERS.length; i++) this.counts[row * COUNTERS.length + i]! += Math.max(0, counts[at + i]!);
      this.weights[row]! += weight;
      this.first[row] = Math.min(this.first[row]!, minute);
      this.last[row] = Math.max(this.last[row]!, minute);
      rowOfCell[cell] = row;
      for (let which = 0; which < EXEMPLARS; which++)
        table.copyExemplar(cell, which, this.exemplars, (row * EXEMPLARS + which) * TRACE_WORDS);
    });
    table.eachBucket((cell, measure, bucket, count) => {
      const row = rowOfCell[cell]!;
      if (row >= 0) this.addSamples(row, measure, bucket, count);
    });
  }

  /** Counts every edge as the one that `of` says; where that was another, nothing is left under its own. */
  fold(of: (edge: number) => number): void {
    const { rows } = this;
    for (let from = 0; from < rows; from++) {
      const edge = this.keys[from * 2]!;
      const to = of(edge);
      if (to !== edge && this.counts[from * COUNTERS.length + CALLS]! > 0)
        this.move(from, this.row(to, this.keys[from * 2 + 1]!, this.first[from]!));
    }
  }

  *entries(): Generator<Total> {
    for (let row = 0; row < this.rows; row++) {
      if (this.counts[row * COUNTERS.length + CALLS] === 0) continue;
      yield this.total(row);
    }
  }

  get(edge: number): Total | undefined {
    const row = this.index.get(keyOf(edge, 0));
    return row === undefined || this.counts[row * COUNTERS.length + CALLS] === 0 ? undefined : this.total(row);
  }

  /** The buckets of a row that hold something. */
  *bucketsOf(row: number): Generator<readonly [measure: Measure, bucket: number, count: number]> {
    for (let measure = 0; measure < MEASURES; measure++) {
      const at = (row * MEASURES + measure) * BUCKETS;
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const count = this.buckets[at + bucket]!;
        if (count > 0) yield [measure as Measure, bucket, count];
      }
    }
  }

  /** Samples of a measure of these rows together. */
  samples(rows: readonly number[], measure: Measure): number {
    let total = 0;
    for (const row of rows) total += this.sampled[row * MEASURES + measure]!;
    return total;
  }

  /** Quantiles (nearest rank) in microseconds of these rows together; nulls without samples. */
  quantiles(
    rows: readonly number[],
    measure: Measure,
    asked: readonly number[],
  ): { us: (number | null)[]; samples: number } {
    const samples = this.samples(rows, measure);
    if (samples === 0) return { us: asked.map(() => null), samples };
    const us: (number | null)[] = [];
    let bucket = BUCKETS - 1;
    for (const row of rows) bucket = Math.min(bucket, BUCKETS - 1 - this.reach[row * MEASURES + measure]!);
    let seen = 0;
    for (const q of asked) {
      const rank = Math.max(1, Math.ceil(q * samples));
      while (seen < rank) {
        bucket++;
        for (const row of rows) seen += this.buckets[(row * MEASURES + measure) * BUCKETS + bucket]!;
      }
      us.push(bucketMiddle(bucket));
    }
    return { us, samples };
  }

  /** The trace id (four words) of an example, or null. */
  exemplar(row: number, which: number): Int32Array | null {
    const at = (row * EXEMPLARS + which) * TRACE_WORDS;
    const words = this.exemplars.subarray(at, at + TRACE_WORDS);
    return words.some((word) => word !== 0) ? words : null;
  }

  private addSamples(row: number, measure: Measure, bucket: number, count: number): void {
    const which = row * MEASURES + measure;
    const at = which * BUCKETS + bucket;
    const before = this.buckets[at]!;
    const after = Math.min(MOST_SAMPLES, before + count);
    this.buckets[at] = after;
    this.sampled[which]! += after - before;
    if (this.reach[which]! < BUCKETS - bucket) this.reach[which] = BUCKETS - bucket;
  }

  private move(from: number, to: number): void {
    move(this.counts, from, to, COUNTERS.length);
    move(this.weights, from, to, 1);
    for (const [measure, bucket, count] of this.bucketsOf(from)) this.addSamples(to, measure, bucket, count);
    this.buckets.fill(0, from * MEASURES * BUCKETS, (from + 1) * MEASURES * BUCKETS);
    this.sampled.fill(0, from * MEASURES, (from + 1) * MEASURES);
    this.reach.fill(0, from * MEASURES, (from + 1) * MEASURES);
    this.first[to] = Math.min(this.first[to]!, this.first[from]!);
    this.last[to] = Math.max(this.last[to]!, this.last[from]!);
    for (let which = 0; which < EXEMPLARS; which++) {
      const words = this.exemplar(to, which) ? null : this.exemplar(from, which);
      if (words) this.setExemplar(to, which, words);
    }
    this.exemplars.fill(0, from * EXEMPLARS * TRACE_WORDS, (from + 1) * EXEMPLARS * TRACE_WORDS);
  }

  private total(row: number): Total {
    const base = row * COUNTERS.length;
    const counts = {} as Record<Counter, number>;
    for (let i = 0; i < COUNTERS.length; i++) counts[COUNTERS[i]!] = this.counts[base + i]!;
    return {
      row,
      edge: this.keys[row * 2]!,
      operation: this.keys[row * 2 + 1]!,
      counts,
      weight: this.weights[row]!,
      firstMinute: this.first[row]!,
      lastMinute: this.last[row]!,
    };
  }

  private row(edge: number, operation: number, minute: number): number {
    const key = keyOf(edge, operation);
    const known = this.index.get(key);
    if (known !== undefined) return known;
    const row = this.rows++;
    this.index.set(key, row);
    this.keys.push(edge, operation);
    if (row === this.weights.length) this.grow();
    this.first[row] = minute;
    this.last[row] = minute;
    return row;
  }

  private grow(): void {
    this.counts = grown(this.counts);
    this.weights = grown(this.weights);
    this.first = grown(this.first);
    this.last = grown(this.last);
    this.buckets = grown(this.buckets);
    this.sampled = grown(this.sampled);
    this.reach = grown(this.reach);
    this.exemplars = grown(this.exemplars);
  }
}

/** Adds a row of numbers to another one and leaves zeros. */
function move(array: Float64Array, from: number, to: number, width: number): void {
  for (let i = 0; i < width; i++) array[to * width + i]! += array[from * width + i]!;
  array.fill(0, from * width, (from + 1) * width);
}

function grown<T extends Float64Array | Int32Array | Uint16Array | Uint32Array>(array: T): T {
  const next = new (array.constructor as new (length: number) => T)(array.length * 2);
  next.set(array as never);
  return next;
}
