// Span ids that somebody named as parent or link target and that have not come yet, remembered after everything else about
// them has left memory. When such a span arrives after all, the linker knows that its relatives are in the store.
// Bounded: two generations; when the young one is full the old one is forgotten.

const EMPTY = 0;

export class WaitingSet {
  private young: Float64Array;
  private old: Float64Array;
  private count = 0;

  /** @param capacity ids kept at least; up to twice as many. A power of two. */
  constructor(private readonly capacity = 1 << 18) {
    this.young = new Float64Array(capacity * 2);
    this.old = new Float64Array(0);
  }

  add(key: number): void {
    if (this.count === this.capacity) {
      this.old = this.young;
      this.young = new Float64Array(this.capacity * 2);
      this.count = 0;
    }
    if (insert(this.young, key)) this.count++;
  }

  get isEmpty(): boolean {
    return this.count === 0 && this.old.length === 0;
  }

  has(key: number): boolean {
    return contains(this.young, key) || contains(this.old, key);
  }
}

/**
 * 53 bits of an id's six words as a number other than 0. Two ids may share it: a false hit costs one look into the store.
 */
export function waitingKey(ids: ArrayLike<number>, trace: number, spanId0: number, spanId1: number): number {
  const a = Math.imul(ids[trace]! ^ Math.imul(ids[trace + 1]!, 0x9e3779b1), 0x85ebca6b) ^ spanId0;
  const b = Math.imul(ids[trace + 2]! ^ Math.imul(ids[trace + 3]!, 0xc2b2ae35), 0x27d4eb2f) ^ spanId1;
  return (a >>> 0) * 2 ** 21 + (b >>> 11) + 1;
}

function place(table: Float64Array, key: number): number {
  const mask = table.length - 1;
  let probe = ((key / 2 ** 21) ^ Math.imul(key | 0, 0x9e3779b1)) & mask;
  while (table[probe] !== EMPTY && table[probe] !== key) probe = (probe + 1) & mask;
  return probe;
}

const contains = (table: Float64Array, key: number): boolean => table.length > 0 && table[place(table, key)] === key;

function insert(table: Float64Array, key: number): boolean {
  const at = place(table, key);
  if (table[at] === key) return false;
  table[at] = key;
  return true;
}
