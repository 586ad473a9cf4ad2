// Gives equal byte strings the same small integer. The hot loops of the decoder compare bytes here instead of making
// JavaScript strings: a name that was seen before costs a hash and a compare, no allocation. Bytes are read through a DataView,
// because it loads four at a time from any offset.

const FIRST_CAPACITY = 1024;
const RECENT_BITS = 9;
const RECENT = 1 << RECENT_BITS;

/** Id of everything over the limit. */
export const OVERFLOW_ID = 0;

export class ByteDictionary {
  private table = new Int32Array(FIRST_CAPACITY * 2);
  private hashes = new Int32Array(FIRST_CAPACITY);
  private starts = new Uint32Array(FIRST_CAPACITY + 1);
  private arena = new Uint8Array(FIRST_CAPACITY * 32);
  private arenaView = new DataView(this.arena.buffer);
  /** Where to look first, by a few of the bytes: what comes again and again is found without hashing all of it. */
  private readonly recent = new Int32Array(RECENT);
  private count = 1; // id 0 is the overflow

  /**
   * @param limit distinct strings kept apart; later ones share OVERFLOW_ID.
   * @param limitBytes of all of them together; one that does not fit shares it too.
   */
  constructor(
    private readonly limit = Number.POSITIVE_INFINITY,
    private readonly limitBytes = Number.POSITIVE_INFINITY,
  ) {}

  /** One more than the largest id given. */
  get size(): number {
    return this.count;
  }

  /**
   * The id of the bytes in [start, end); one that was never seen gets the next.
   * @param beyond the limits too.
   */
  intern(bytes: DataView, start: number, end: number, beyond = false): number {
    const length = end - start;
    if (length < 4) return this.find(bytes, start, end, beyond);
    const ends = Math.imul(bytes.getInt32(start, true), 31) ^ bytes.getInt32(end - 4, true) ^ length;
    const place = Math.imul(ends, 0x9e3779b1) >>> (32 - RECENT_BITS);
    const recent = this.recent[place]!;
    if (recent !== 0 && recent < this.count && this.equals(recent, bytes, start, length)) return recent;
    const id = this.find(bytes, start, end, beyond);
    this.recent[place] = id;
    return id;
  }

  private find(bytes: DataView, start: number, end: number, beyond: boolean): number {
    const length = end - start;
    const hash = hashBytes(bytes, start, end);
    const mask = this.table.length - 1;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const id = this.table[probe]!;
      if (id === 0) return this.add(bytes, start, length, hash, probe, beyond);
      if (this.hashes[id] === hash && this.equals(id, bytes, start, length)) return id;
    }
  }

  /** Takes back the newest id, when what it stands for turned out to be unusable. */
  forgetNewest(): void {
    const id = --this.count;
    const mask = this.table.length - 1;
    let probe = this.hashes[id]! & mask;
    while (this.table[probe] !== id) probe = (probe + 1) & mask;
    this.table[probe] = 0; // nothing was placed behind it since
  }

  /** A copy-free view of the bytes of an id; empty for the overflow. */
  bytes(id: number): Uint8Array {
    return this.arena.subarray(this.starts[id], this.starts[id + 1]);
  }

  private equals(id: number, bytes: DataView, start: number, length: number): boolean {
    const from = this.starts[id]!;
    if (this.starts[id + 1]! - from !== length) return false;
    const arena = this.arenaView;
    if (length < 4) {
      for (let i = 0; i < length; i++) if (arena.getUint8(from + i) !== bytes.getUint8(start + i)) return false;
      return true;
    }
    // The last four bytes may overlap those before.
    const last = length - 4;
    for (let i = 0; i < last; i += 4)
      if (arena.getInt32(from + i, true) !== bytes.getInt32(start + i, true)) return false;
    return arena.getInt32(from + last, true) === bytes.getInt32(start + last, true);
  }

  private add(bytes: DataView, start: number, length: number, hash: number, probe: number, beyond: boolean): number {
    const from = this.starts[this.count]!;
    if (!beyond && (this.count > this.limit || from + length > this.limitBytes)) return OVERFLOW_ID;
    const id = this.count++;
    if (id + 1 >= this.hashes.length) this.growEntries();
    if (from + length > this.arena.length) this.growArena(from + length);
    for (let i = 0; i < length; i++) this.arena[from + i] = bytes.getUint8(start + i);
    this.starts[id + 1] = from + length;
    this.hashes[id] = hash;
    this.table[probe] = id;
    if (this.count * 2 > this.table.length) this.rehash();
    return id;
  }

  private growEntries(): void {
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const starts = new Uint32Array(this.hashes.length + 1);
    starts.set(this.starts);
    this.starts = starts;
  }

  private growArena(needed: number): void {
    const arena = new Uint8Array(Math.max(this.arena.length * 2, needed));
    arena.set(this.arena);
    this.arena = arena;
    this.arenaView = new DataView(arena.buffer);
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let id = 1; id < this.count; id++) {
      let probe = this.hashes[id]! & mask;
      while (this.table[probe] !== 0) probe = (probe + 1) & mask;
      this.table[probe] = id;
    }
  }
}

/** A view over the same bytes. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** 32-bit hash of a byte range, four bytes a step (murmur3's mixing). */
export function hashBytes(bytes: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ Math.imul(bytes.getInt32(at, true), 0xcc9e2d51), 0x1b873593);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
