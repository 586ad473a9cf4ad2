// Gives every (caller, callee, via, kind) a small integer, under which calls are counted. Beside the edges of the graph it
// holds the loops in which a service's own numbers are kept and what could not be paired.

/** What is counted under a key. The first four are edges of the graph (domain `EdgeKind`, in its order). */
export const CallKind = {
  SYNC: 0,
  ASYNC: 1,
  DATABASE: 2,
  ENTRY: 3,
  /** Work of a service by its own server-side spans, orphans included; caller is 0. */
  OWN: 4,
  /** Server-side spans whose parent was never seen; caller is 0. */
  ORPHAN: 5,
  /** Client spans whose far side was never seen and that name nobody; callee is 0. */
  UNPAIRED: 6,
  /** Messages handed to a topic, delivered or not: caller is the producer, callee the topic. */
  PUBLISH: 7,
  /** Every span of a service, whatever its kind; caller is 0. */
  SPANS: 8,
} as const;
export type CallKind = (typeof CallKind)[keyof typeof CallKind];

export interface EdgeKey {
  readonly caller: number;
  readonly callee: number;
  /** Topic of a delivery whose both sides were seen, else 0. */
  readonly via: number;
  readonly kind: CallKind;
}

const STRIDE = 4;

export class EdgeBook {
  private table = new Int32Array(4096);
  private keys = new Int32Array(1024 * STRIDE);
  private count = 0;
  private drained = 0;

  get size(): number {
    return this.count;
  }

  /** The id of a key, from 0. */
  intern(caller: number, callee: number, via: number, kind: CallKind): number {
    const mask = this.table.length - 1;
    let hash = Math.imul(caller, 0x9e3779b1) ^ Math.imul(callee, 0x85ebca6b) ^ Math.imul(via * 16 + kind, 0xc2b2ae35);
    hash ^= hash >>> 15;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const id = this.table[probe]! - 1;
      if (id < 0) return this.add(caller, callee, via, kind, probe);
      const at = id * STRIDE;
      const keys = this.keys;
      if (keys[at] === caller && keys[at + 1] === callee && keys[at + 2] === via && keys[at + 3] === kind) return id;
    }
  }

  key(id: number): EdgeKey {
    const at = id * STRIDE;
    return {
      caller: this.keys[at]!,
      callee: this.keys[at + 1]!,
      via: this.keys[at + 2]!,
      kind: this.keys[at + 3]! as CallKind,
    };
  }

  kind(id: number): CallKind {
    return this.keys[id * STRIDE + 3]! as CallKind;
  }

  caller(id: number): number {
    return this.keys[id * STRIDE]!;
  }

  callee(id: number): number {
    return this.keys[id * STRIDE + 1]!;
  }

  /** Keys added since the last call, with their ids. */
  drain(): { id: number; key: EdgeKey }[] {
    const from = this.drained;
    this.drained = this.count;
    return Array.from({ length: this.count - from }, (_, i) => ({ id: from + i, key: this.key(from + i) }));
  }

  /** Rebuilds a book from stored keys, complete and in the order of their ids. */
  static restore(keys: readonly EdgeKey[]): EdgeBook {
    const book = new EdgeBook();
    for (const { caller, callee, via, kind } of keys) book.intern(caller, callee, via, kind);
    if (book.count !== keys.length) throw new RangeError("stored edges repeat a key");
    book.drain();
    return book;
  }

  private add(caller: number, callee: number, via: number, kind: CallKind, probe: number): number {
    const id = this.count++;
    if ((id + 1) * STRIDE > this.keys.length) {
      const keys = new Int32Array(this.keys.length * 2);
      keys.set(this.keys);
      this.keys = keys;
    }
    const at = id * STRIDE;
    this.keys[at] = caller;
    this.keys[at + 1] = callee;
    this.keys[at + 2] = via;
    this.keys[at + 3] = kind;
    this.table[probe] = id + 1;
    if (this.count * 2 > this.table.length) this.rehash();
    return id;
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let id = 0; id < this.count; id++) {
      const { caller, callee, via, kind } = this.key(id);
      let hash = Math.imul(caller, 0x9e3779b1) ^ Math.imul(callee, 0x85ebca6b) ^ Math.imul(via * 16 + kind, 0xc2b2ae35);
      hash ^= hash >>> 15;
      let probe = hash & mask;
      while (this.table[probe] !== 0) probe = (probe + 1) & mask;
      this.table[probe] = id + 1;
    }
  }
}
