// The traces that something has left memory of: a blocked Bloom filter in two generations. Says "certainly not" or "perhaps";
// a wrong "perhaps" costs one look into the store. When the young generation is full the old one is forgotten, and what left
// memory before the remaining ones began is not covered any more.
const BLOCK_WORDS = 16; // one line of the cache
const BITS_PER_TRACE = 32;
/** Bits set for each trace, all within one block. */
const PROBES = 6;

export class TraceFilter {
  /** Made when the first trace comes: most rings never forget anything. */
  private young = new Int32Array(0);
  private old = new Int32Array(0);
  private readonly words: number;
  private count = 0;
  private readonly blockMask: number;
  /** Arrival time of the youngest span that had left memory when each generation began. */
  private youngSince: number;
  private oldSince: number;

  /** @param capacity traces kept at least; up to twice as many. A power of two. */
  constructor(private readonly capacity: number) {
    this.words = Math.max(BLOCK_WORDS, (capacity * BITS_PER_TRACE) / 32);
    this.blockMask = this.words / BLOCK_WORDS - 1;
    this.youngSince = Number.NEGATIVE_INFINITY;
    this.oldSince = Number.NEGATIVE_INFINITY;
  }

  /** Nothing is known of spans that arrived up to this time and are not in memory. */
  get coveredSince(): number {
    return this.oldSince;
  }

  /** Begins anew: whatever arrived up to `at` is not in memory, and not in the filter. */
  startAt(at: number): void {
    this.youngSince = at;
    this.oldSince = at;
  }

  /** @param horizon arrival time of the youngest span that has left memory. */
  add(ids: ArrayLike<number>, trace: number, horizon: number): void {
    if (this.young.length === 0) {
      this.young = new Int32Array(this.words);
      this.old = new Int32Array(this.words);
    }
    if (this.count === this.capacity) {
      const forgotten = this.old;
      this.old = this.young;
      this.young = forgotten.fill(0);
      this.oldSince = this.youngSince;
      this.youngSince = horizon;
      this.count = 0;
    }
    const block = this.blockOf(ids, trace);
    let bits = bitsOf(ids, trace);
    let added = 0;
    for (let probe = 0; probe < PROBES; probe++) {
      const word = block + ((bits >>> 5) & (BLOCK_WORDS - 1));
      const bit = 1 << (bits & 31);
      added |= ~this.young[word]! & bit;
      this.young[word]! |= bit;
      bits = next(bits);
    }
    if (added !== 0) this.count++;
  }

  /** False when nothing of this trace has left memory since `coveredSince`. */
  mayHave(ids: ArrayLike<number>, trace: number): boolean {
    if (this.young.length === 0) return false;
    const block = this.blockOf(ids, trace);
    const bits = bitsOf(ids, trace);
    return holds(this.young, block, bits) || holds(this.old, block, bits);
  }

  private blockOf(ids: ArrayLike<number>, trace: number): number {
    let hash = Math.imul(ids[trace + 3]!, 0x9e3779b1) ^ Math.imul(ids[trace + 1]!, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ ids[trace + 2]!, 0x27d4eb2f) ^ Math.imul(ids[trace]!, 0xc2b2ae35);
    return ((hash ^ (hash >>> 13)) & this.blockMask) * BLOCK_WORDS;
  }
}

function holds(words: Int32Array, block: number, from: number): boolean {
  let bits = from;
  for (let probe = 0; probe < PROBES; probe++) {
    if ((words[block + ((bits >>> 5) & (BLOCK_WORDS - 1))]! & (1 << (bits & 31))) === 0) return false;
    bits = next(bits);
  }
  return true;
}

/** Which bits of the block; independent of which block. */
function bitsOf(ids: ArrayLike<number>, trace: number): number {
  const hash = Math.imul(ids[trace + 2]! ^ Math.imul(ids[trace]!, 0x9e3779b1), 0x85ebca6b) ^ ids[trace + 3]!;
  return next(hash ^ (hash >>> 16) ^ Math.imul(ids[trace + 1]!, 0x27d4eb2f));
}

function next(bits: number): number {
  const mixed = Math.imul(bits, 0x2c1b3c6d) + 0x297a2d39;
  return mixed ^ (mixed >>> 15);
}
