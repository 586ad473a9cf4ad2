// The calls of one minute, by edge and operation: counters, and latency histograms in the shared buckets. Typed arrays and
// open addressing, because under load this is written a few times per span.
import { BUCKETS, bucketOf } from "../domain/histogram";
import { Fault } from "../domain/outcome";
import { NO_SAMPLE, Side } from "./call-sink";

export const COUNTERS = [
  "calls",
  "callee",
  "between",
  "clientError",
  "throttled",
  "paired",
  "clientOnly",
  "unweighted",
] as const;
export type Counter = (typeof COUNTERS)[number];
const STRIDE = COUNTERS.length;
const CALLS = COUNTERS.indexOf("calls");
const PAIRED = COUNTERS.indexOf("paired");
const CLIENT_ONLY = COUNTERS.indexOf("clientOnly");
const UNWEIGHTED = COUNTERS.indexOf("unweighted");

/** Which duration a histogram holds. */
export const Measure = { CLIENT: 0, SERVER: 1, GAP: 2 } as const;
export type Measure = (typeof Measure)[keyof typeof Measure];
export const MEASURES = 3;

/** Example traces of a cell: one that failed, the slowest, and any. */
export const Exemplar = { ERROR: 0, SLOW: 1, ANY: 2 } as const;
export const EXEMPLARS = 3;
const TRACE_WORDS = 4;

/** By domain `Fault`. */
const FAULT_COUNTER = [
  -1,
  ...(["callee", "between", "clientError", "throttled"] as const).map((name) => COUNTERS.indexOf(name)),
];

export interface Cell {
  readonly edge: number;
  readonly operation: number;
  readonly counts: Readonly<Record<Counter, number>>;
  /** Sum of known weights. */
  readonly weight: number;
}

export class CallTable {
  private cells = 0;
  private table = new Int32Array(256);
  private keys = new Int32Array(128 * 2);
  private counts = new Int32Array(128 * STRIDE);
  private weights = new Float64Array(128);
  private exemplarIds = new Int32Array(128 * EXEMPLARS * TRACE_WORDS);
  private slowest = new Float64Array(128);

  private buckets = 0;
  private bucketKeys = new Float64Array(2048).fill(-1);
  private bucketCounts = new Int32Array(2048);

  constructor(readonly minute: number) {}

  get size(): number {
    return this.cells;
  }

  /** A copy that later counting does not change. */
  copy(): CallTable {
    const copy = new CallTable(this.minute);
    copy.cells = this.cells;
    copy.table = this.table.slice();
    copy.keys = this.keys.slice();
    copy.counts = this.counts.slice();
    copy.weights = this.weights.slice();
    copy.exemplarIds = this.exemplarIds.slice();
    copy.slowest = this.slowest.slice();
    copy.buckets = this.buckets;
    copy.bucketKeys = this.bucketKeys.slice();
    copy.bucketCounts = this.bucketCounts.slice();
    return copy;
  }

  call(
    edge: number,
    operation: number,
    sign: number,
    fault: Fault,
    side: Side,
    weight: number,
    us: number,
    ids: Int32Array,
    at: number,
  ): void {
    const cell = this.cell(edge, operation);
    const counts = this.counts;
    const base = cell * STRIDE;
    counts[base + CALLS]! += sign;
    if (fault !== Fault.NONE) counts[base + FAULT_COUNTER[fault]!]! += sign;
    if (side === Side.PAIRED) counts[base + PAIRED]! += sign;
    else if (side === Side.CLIENT) counts[base + CLIENT_ONLY]! += sign;
    if (Number.isNaN(weight)) counts[base + UNWEIGHTED]! += sign;
    else this.weights[cell]! += sign * weight;
    if (side !== Side.CLIENT && us !== NO_SAMPLE) this.count(cell, Measure.SERVER, bucketOf(us), sign);
    if (sign > 0) this.keepExemplars(cell, fault, us, ids, at);
    else this.dropExemplars(cell, ids, at);
  }

  sample(edge: number, operation: number, sign: number, clientUs: number, gapUs: number): void {
    const cell = this.cell(edge, operation);
    if (clientUs !== NO_SAMPLE) this.count(cell, Measure.CLIENT, bucketOf(clientUs), sign);
    if (gapUs !== NO_SAMPLE) this.count(cell, Measure.GAP, bucketOf(gapUs), sign);
  }

  /** Puts a cell as it was stored; `buckets` are (measure, bucket, count). */
  load(
    edge: number,
    operation: number,
    counts: Readonly<Record<Counter, number>>,
    weight: number,
    buckets: Iterable<readonly [measure: Measure, bucket: number, count: number]>,
  ): void {
    const cell = this.cell(edge, operation);
    for (const [i, name] of COUNTERS.entries()) this.counts[cell * STRIDE + i] = counts[name];
    this.weights[cell] = weight;
    for (const [measure, bucket, count] of buckets) this.count(cell, measure, bucket, count);
  }

  /** Adds what another table of the minute holds; its examples win over ours. */
  addAll(other: CallTable): void {
    const cellOf = new Int32Array(other.cells);
    for (let from = 0; from < other.cells; from++) {
      const to = this.cell(other.keys[from * 2]!, other.keys[from * 2 + 1]!);
      cellOf[from] = to;
      for (let i = 0; i < STRIDE; i++) this.counts[to * STRIDE + i]! += other.counts[from * STRIDE + i]!;
      this.weights[to]! += other.weights[from]!;
      this.slowest[to] = Math.max(this.slowest[to]!, other.slowest[from]!);
      for (let which = 0; which < EXEMPLARS; which++) {
        const words = other.exemplar(from, which);
        if (words) this.setExemplar(to, which, words, 0);
      }
    }
    other.eachChange((cell, measure, bucket, count) => this.count(cellOf[cell]!, measure, bucket, count));
  }

  /**
   * Cells with calls; entries that were all taken back are gone. A table of changes may have taken back more than it counted:
   * that is none here.
   */
  *entries(): Generator<Cell & { readonly cell: number }> {
    for (let cell = 0; cell < this.cells; cell++) {
      const base = cell * STRIDE;
      if (this.counts[base]! <= 0) continue;
      const counts = Object.fromEntries(
        COUNTERS.map((name, i) => [name, Math.max(0, this.counts[base + i]!)]),
      ) as Record<Counter, number>;
      yield {
        cell,
        edge: this.keys[cell * 2]!,
        operation: this.keys[cell * 2 + 1]!,
        counts,
        weight: this.weights[cell]!,
      };
    }
  }

  /** The same without making objects: the counters lie in `counts` from `at` on, in the order of COUNTERS; below 0 is 0. */
  eachCell(
    visit: (cell: number, edge: number, operation: number, counts: Int32Array, at: number, weight: number) => void,
  ): void {
    for (let cell = 0; cell < this.cells; cell++) {
      const at = cell * STRIDE;
      if (this.counts[at]! > 0)
        visit(cell, this.keys[cell * 2]!, this.keys[cell * 2 + 1]!, this.counts, at, this.weights[cell]!);
    }
  }

  /** Calls `visit` with every bucket that holds something. */
  eachBucket(visit: (cell: number, measure: Measure, bucket: number, count: number) => void): void {
    this.eachChange((cell, measure, bucket, count) => {
      if (count > 0) visit(cell, measure, bucket, count);
    });
  }

  private eachChange(visit: (cell: number, measure: Measure, bucket: number, count: number) => void): void {
    for (let i = 0; i < this.bucketKeys.length; i++) {
      const key = this.bucketKeys[i]!;
      const count = this.bucketCounts[i]!;
      if (key < 0 || count === 0) continue;
      const bucket = key % BUCKETS;
      const rest = (key - bucket) / BUCKETS;
      visit(Math.floor(rest / MEASURES), (rest % MEASURES) as Measure, bucket, count);
    }
  }

  /** The trace id (four words) of an example, or null; a view that the next call may change. */
  exemplar(cell: number, which: number): Int32Array | null {
    const at = (cell * EXEMPLARS + which) * TRACE_WORDS;
    const words = this.exemplarIds.subarray(at, at + TRACE_WORDS);
    return words.some((word) => word !== 0) ? words : null;
  }

  /** Writes the trace id of an example to `into`; leaves that as it was when there is none. */
  copyExemplar(cell: number, which: number, into: Int32Array, to: number): void {
    const at = (cell * EXEMPLARS + which) * TRACE_WORDS;
    const ids = this.exemplarIds;
    if ((ids[at]! | ids[at + 1]! | ids[at + 2]! | ids[at + 3]!) === 0) return;
    for (let i = 0; i < TRACE_WORDS; i++) into[to + i] = ids[at + i]!;
  }

  /** Memory in bytes, about. */
  get bytes(): number {
    return (
      this.keys.byteLength +
      this.counts.byteLength +
      this.weights.byteLength +
      this.exemplarIds.byteLength +
      this.bucketKeys.byteLength +
      this.bucketCounts.byteLength
    );
  }

  private cell(edge: number, operation: number): number {
    const mask = this.table.length - 1;
    let hash = Math.imul(edge, 0x9e3779b1) ^ Math.imul(operation, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const cell = this.table[probe]! - 1;
      if (cell < 0) return this.addCell(edge, operation, probe);
      if (this.keys[cell * 2] === edge && this.keys[cell * 2 + 1] === operation) return cell;
    }
  }

  private addCell(edge: number, operation: number, probe: number): number {
    const cell = this.cells++;
    if (cell * 2 === this.keys.length) {
      this.keys = grown(this.keys);
      this.counts = grown(this.counts);
      this.weights = grown(this.weights);
      this.exemplarIds = grown(this.exemplarIds);
      this.slowest = grown(this.slowest);
    }
    this.keys[cell * 2] = edge;
    this.keys[cell * 2 + 1] = operation;
    this.table[probe] = cell + 1;
    if (this.cells * 2 > this.table.length) {
      this.table = new Int32Array(this.table.length * 2);
      const mask = this.table.length - 1;
      for (let i = 0; i < this.cells; i++) {
        let hash = Math.imul(this.keys[i * 2]!, 0x9e3779b1) ^ Math.imul(this.keys[i * 2 + 1]!, 0x85ebca6b);
        hash ^= hash >>> 15;
        let at = hash & mask;
        while (this.table[at] !== 0) at = (at + 1) & mask;
        this.table[at] = i + 1;
      }
    }
    return cell;
  }

  private count(cell: number, measure: Measure, bucket: number, sign: number): void {
    const key = (cell * MEASURES + measure) * BUCKETS + bucket;
    const mask = this.bucketKeys.length - 1;
    let probe = hashOf(key) & mask;
    while (this.bucketKeys[probe] !== key) {
      if (this.bucketKeys[probe] === -1) {
        this.bucketKeys[probe] = key;
        this.buckets++;
        break;
      }
      probe = (probe + 1) & mask;
    }
    this.bucketCounts[probe]! += sign;
    if (this.buckets * 2 > this.bucketKeys.length) this.growBuckets();
  }

  private growBuckets(): void {
    const keys = this.bucketKeys;
    const counts = this.bucketCounts;
    this.bucketKeys = new Float64Array(keys.length * 2).fill(-1);
    this.bucketCounts = new Int32Array(keys.length * 2);
    const mask = this.bucketKeys.length - 1;
    this.buckets = 0;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === -1 || counts[i] === 0) continue;
      let probe = hashOf(keys[i]!) & mask;
      while (this.bucketKeys[probe] !== -1) probe = (probe + 1) & mask;
      this.bucketKeys[probe] = keys[i]!;
      this.bucketCounts[probe] = counts[i]!;
      this.buckets++;
    }
  }

  private keepExemplars(cell: number, fault: Fault, us: number, ids: Int32Array, at: number): void {
    if (fault === Fault.CALLEE || fault === Fault.BETWEEN) this.setExemplar(cell, Exemplar.ERROR, ids, at);
    else this.setExemplar(cell, Exemplar.ANY, ids, at);
    if (us > this.slowest[cell]!) {
      this.slowest[cell] = us;
      this.setExemplar(cell, Exemplar.SLOW, ids, at);
    }
  }

  private setExemplar(cell: number, which: number, ids: Int32Array, at: number): void {
    const to = (cell * EXEMPLARS + which) * TRACE_WORDS;
    for (let i = 0; i < TRACE_WORDS; i++) this.exemplarIds[to + i] = ids[at + i]!;
  }

  /** A call that was taken back may not be shown as an example. */
  private dropExemplars(cell: number, ids: Int32Array, at: number): void {
    for (let which = 0; which < EXEMPLARS; which++) {
      const to = (cell * EXEMPLARS + which) * TRACE_WORDS;
      let same = true;
      for (let i = 0; i < TRACE_WORDS; i++) if (this.exemplarIds[to + i] !== ids[at + i]) same = false;
      if (!same) continue;
      this.exemplarIds.fill(0, to, to + TRACE_WORDS);
      if (which === Exemplar.SLOW) this.slowest[cell] = 0;
    }
  }
}

function hashOf(key: number): number {
  const hash = Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 4294967296) | 0, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

function grown<T extends Int32Array | Float64Array>(array: T): T {
  const next = new (array.constructor as new (length: number) => T)(array.length * 2);
  next.set(array as never);
  return next;
}
