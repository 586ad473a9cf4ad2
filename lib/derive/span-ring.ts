// The spans in memory and how they hang together: a ring in which the oldest makes room for the newest. Knows parents,
// children, links and shared ids; knows nothing of calls. What left memory leaves marks behind: on relatives whose picture is
// no longer whole (CUT), on ids that somebody still waits for, and on traces that should be looked up in the store.

import { Role } from "../domain/role";
import { ID_WORDS, kindOfPacked, LINK_WORDS, roleOfPacked, type SpanColumns } from "../domain/span-columns";
import { TraceFilter } from "./trace-filter";
import { WaitingSet, waitingKey } from "./waiting-set";

// A slot is one record of 32 words, addressed by its first: a span is looked at from many sides, and its facts should come
// in two cache lines, not in thirty. Words 0 to 5 are the trace id (4) and the span id (2); words 20 to 25 belong to whoever counts (linker.ts).
export const FLAGS = 6;
export const ROLE = 7;
export const SERVICE = 8;
export const OPERATION = 9;
export const PEER = 10;
/** Slot that holds the parent's id, or NONE, GONE, GONE_UNSEEN. Children hang on the first slot of an id. */
export const PARENT = 11;
export const FIRST_CHILD = 12;
export const NEXT_SIBLING = 13;
const PREVIOUS_SIBLING = 14;
/** The next span with the same id: the other half of a shared span. */
export const ALTERNATE = 15;
/** Links that a consumer has; links that point at an id. Indexes into the link arrays. */
export const FIRST_LINK = 16;
export const FIRST_LINKED = 17;
export const MARK = 18;
const VISITED = 19;
export const COUNTER = 20;
const WEIGHT = 26; // as a 32-bit float
/** Kind, and outcome in bits 8 and up. */
const FACTS = 27;
const START = 14; // of the doubles
const DURATION = 15;
const WORDS = 32;

/** How many internal spans a look upwards or downwards passes through. */
export const MAX_HOPS = 64;

/** No slot: no parent, end of a list. */
export const NONE = -1;
/** The parent was seen and has left memory. */
export const GONE = -2;
/** The parent was never seen, and its id has left memory. */
export const GONE_UNSEEN = -3;

/** Flags of a slot. Without SEEN it only stands for an id that others name. */
export const SEEN = 1;
/** A relative has left memory: what the span counts as can no longer be recomputed from memory. */
export const CUT = 2;
/** Came from the store, not from a sender. */
export const PAGED = 4;
const DEAD = 8;
/** Not the first slot of its id: children and links hang on another one. */
const SECOND = 16;

export class SpanRing {
  /** Slots ever taken; a slot's record lies at its sequence modulo the capacity. */
  private taken = 0;
  private freed = 0;
  readonly words: Int32Array;
  private readonly doubles: Float64Array;
  private readonly floats: Float32Array;

  /** Open addressing by id: hash and slot + 1 of the first slot of each id. */
  private readonly table: Int32Array;
  private readonly mask: number;

  linkConsumer = new Int32Array(256);
  linkTarget = new Int32Array(256);
  linkNext = new Int32Array(256);
  linkedNext = new Int32Array(256);
  private links = 0;
  private freeLink = NONE;

  private readonly waiting: WaitingSet;
  private readonly lost: TraceFilter;
  private readonly arrivals: { readonly sequence: number; readonly at: number }[] = [{ sequence: 0, at: 0 }];
  private swept = 0;
  private unresolved: Int32Array[] = [];

  private youngestLost = Number.NEGATIVE_INFINITY;

  /**
   * @param capacity ids held: spans, and ids that are only named.
   * @param lostTraces traces remembered at least of what has left memory; a power of two.
   */
  constructor(
    readonly capacity: number,
    lostTraces = 16,
  ) {
    const memory = new ArrayBuffer(capacity * WORDS * 4);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.floats = new Float32Array(memory);
    const size = powerOfTwo(capacity * 2);
    this.table = new Int32Array(size * 2);
    this.mask = size - 1;
    this.waiting = new WaitingSet(Math.min(1 << 18, powerOfTwo(capacity)));
    this.lost = new TraceFilter(lostTraces);
  }

  kind(slot: number): number {
    return this.words[slot + FACTS]! & 255;
  }

  outcome(slot: number): number {
    return this.words[slot + FACTS]! >> 8;
  }

  setOutcome(slot: number, outcome: number): void {
    this.words[slot + FACTS] = this.kind(slot) | (outcome << 8);
  }

  /** Unix microseconds. */
  start(slot: number): number {
    return this.doubles[(slot >> 1) + START]!;
  }

  /** Microseconds, or NO_DURATION. */
  duration(slot: number): number {
    return this.doubles[(slot >> 1) + DURATION]!;
  }

  setDuration(slot: number, duration: number): void {
    this.doubles[(slot >> 1) + DURATION] = duration;
  }

  weight(slot: number): number {
    return this.floats[slot + WEIGHT]!;
  }

  setWeight(slot: number, weight: number): void {
    this.floats[slot + WEIGHT] = weight;
  }

  /** Slots in use: spans and ids that are only named. */
  get size(): number {
    return this.taken - this.freed;
  }

  /** Arrival time of the youngest span that has left memory; whatever arrived later is here. */
  get horizon(): number {
    return this.youngestLost;
  }

  /** Of spans that arrived up to this time and have left memory nothing is known; of later ones `mayHaveLost` knows. */
  get coveredSince(): number {
    return this.lost.coveredSince;
  }

  /** Whatever arrived up to this time is somewhere else. To be called before the first span is added. */
  startAt(at: number): void {
    this.youngestLost = at;
    this.lost.startAt(at);
  }

  /** False when nothing of the row's trace has left memory, nor anything that links to it, after `coveredSince`. */
  mayHaveLost(columns: SpanColumns, row: number): boolean {
    return this.lost.mayHave(columns.ids, row * ID_WORDS);
  }

  /** Spans added from here on arrived at this time (any monotonic unit). */
  arriveAt(at: number): void {
    const last = this.arrivals[this.arrivals.length - 1]!;
    if (last.sequence === this.taken) this.arrivals[this.arrivals.length - 1] = { sequence: this.taken, at };
    else if (at > last.at) this.arrivals.push({ sequence: this.taken, at });
  }

  /** First slot of an id, seen or only named; NONE when it is not in memory. */
  find(ids: Int32Array, trace: number, span0: number, span1: number): number {
    const hash = hashId(ids, trace, span0, span1);
    const { table, words, mask } = this;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const slot = table[probe * 2 + 1]! - 1;
      if (slot < 0) return NONE;
      if (
        table[probe * 2] === hash &&
        words[slot + 4] === span0 &&
        words[slot + 5] === span1 &&
        words[slot] === ids[trace] &&
        words[slot + 1] === ids[trace + 1] &&
        words[slot + 2] === ids[trace + 2] &&
        words[slot + 3] === ids[trace + 3]
      ) {
        return slot;
      }
    }
  }

  /** The span with the same key (ids, kind, service, start) as a row, or NONE. */
  findSpan(columns: SpanColumns, row: number): number {
    const at = row * ID_WORDS;
    let slot = this.find(columns.ids, at, columns.ids[at + 4]!, columns.ids[at + 5]!);
    if (slot === NONE || (this.words[slot + FLAGS]! & SEEN) === 0) return NONE;
    const kind = kindOfPacked(columns.role[row]!);
    for (; slot !== NONE; slot = this.words[slot + ALTERNATE]!) {
      if (
        this.kind(slot) === kind &&
        this.words[slot + SERVICE] === columns.service[row] &&
        this.start(slot) === columns.start[row]
      ) {
        return slot;
      }
    }
    return NONE;
  }

  /** Whether a span outside memory named this row's id as its parent or link target. */
  isAwaited(columns: SpanColumns, row: number): boolean {
    if (this.waiting.isEmpty) return false;
    const at = row * ID_WORDS;
    return this.waiting.has(waitingKey(columns.ids, at, columns.ids[at + 4]!, columns.ids[at + 5]!));
  }

  /**
   * Reads ahead what rows [from, to) are about to touch: their places in the table, and those of the spans that will make
   * room. Each look alone waits for memory; in one loop the waits overlap, and the table is by far larger than the cache.
   * @returns a number that depends on what was read, so that reading is not optimised away.
   */
  warm(columns: SpanColumns, from: number, to: number): number {
    const { table, mask, words } = this;
    const { ids } = columns;
    let seen = 0;
    for (let at = from * ID_WORDS; at < to * ID_WORDS; at += ID_WORDS) {
      seen ^= table[(hashId(ids, at, ids[at + 4]!, ids[at + 5]!) & mask) * 2 + 1]!;
      const parent = table[(hashId(ids, at, ids[at + 6]!, ids[at + 7]!) & mask) * 2 + 1]!;
      if (parent > 0) seen ^= words[parent - 1 + FLAGS]!;
    }
    const leaving = Math.min(this.size - this.capacity + (to - from) * 2, to - from);
    for (let i = 0; i < leaving; i++) {
      const slot = ((this.freed + i) % this.capacity) * WORDS;
      seen ^= table[(hashId(words, slot, words[slot + 4]!, words[slot + 5]!) & mask) * 2 + 1]!;
      const parent = words[slot + PARENT]!;
      if (parent >= 0) seen ^= words[parent + FLAGS]!;
    }
    return seen;
  }

  /** Takes in a span that `findSpan` does not know. Returns its slot. */
  insert(columns: SpanColumns, row: number, firstLink: number, links: number, flags: number): number {
    this.reserve(2 + links);
    const at = row * ID_WORDS;
    const { ids } = columns;
    const { words } = this;
    const slot = this.take(ids, at, ids[at + 4]!, ids[at + 5]!, SEEN | flags);
    const packed = columns.role[row]!;
    words[slot + ROLE] = roleOfPacked(packed);
    words[slot + FACTS] = kindOfPacked(packed) | (columns.outcome[row]! << 8);
    words[slot + SERVICE] = columns.service[row]!;
    words[slot + OPERATION] = columns.operation[row]!;
    words[slot + PEER] = columns.peer[row]!;
    this.doubles[(slot >> 1) + START] = columns.start[row]!;
    this.doubles[(slot >> 1) + DURATION] = columns.duration[row]!;
    this.floats[slot + WEIGHT] = columns.weight[row]!;
    const known = this.find(ids, at, ids[at + 4]!, ids[at + 5]!);
    if (known === NONE) this.hash(slot);
    else if ((words[known + FLAGS]! & SEEN) === 0) this.replace(known, slot);
    else {
      words[slot + ALTERNATE] = words[known + ALTERNATE]!;
      words[known + ALTERNATE] = slot;
      words[slot + FLAGS]! |= SECOND;
    }
    if ((ids[at + 6]! | ids[at + 7]!) !== 0) this.attach(slot, this.findOrName(ids, at, ids[at + 6]!, ids[at + 7]!));
    for (let i = firstLink; i < firstLink + links; i++) {
      const link = i * LINK_WORDS;
      const target = columns.linkIds;
      this.addLink(slot, this.findOrName(target, link, target[link + 4]!, target[link + 5]!));
    }
    return slot;
  }

  /** Hangs a span whose parent had left memory under it again, now that the parent may be back. True if that changed it. */
  reattach(slot: number, columns: SpanColumns, row: number): boolean {
    if (this.words[slot + PARENT] !== GONE && this.words[slot + PARENT] !== GONE_UNSEEN) return false;
    const at = row * ID_WORDS;
    const { ids } = columns;
    const parent = this.find(ids, at, ids[at + 6]!, ids[at + 7]!);
    if (parent === NONE || parent === slot) return false;
    this.attach(slot, parent);
    return true;
  }

  /** The first slot of the span's own id, on which children and incoming links hang. */
  first(slot: number): number {
    if ((this.words[slot + FLAGS]! & SECOND) === 0) return slot;
    return this.find(this.words, slot, this.words[slot + 4]!, this.words[slot + 5]!);
  }

  /**
   * Trace ids (four words each) that should be looked up in the store: traces of spans that arrived before `before`, or have
   * left memory since the last call, and whose parents or link targets were never seen.
   */
  takeUnresolved(before: number): Int32Array[] {
    const until = this.sequenceAt(before);
    for (this.swept = Math.max(this.swept, this.freed); this.swept < until; this.swept++) {
      this.noteUnresolved((this.swept % this.capacity) * WORDS);
    }
    const traces = this.unresolved;
    this.unresolved = [];
    return traces;
  }

  /** Spans with a sequence below this were looked at for missing relatives. */
  get sweptUpTo(): number {
    return Math.max(this.swept, this.freed);
  }

  /** Sequence of the next span. */
  get sequence(): number {
    return this.taken;
  }

  private sequenceAt(before: number): number {
    let i = this.arrivals.length - 1;
    if (this.arrivals[i]!.at < before) return this.taken;
    while (i > 0 && this.arrivals[i - 1]!.at >= before) i--;
    return this.arrivals[i]!.at >= before ? this.arrivals[i]!.sequence : this.taken;
  }

  private noteUnresolved(slot: number): void {
    const flags = this.words[slot + FLAGS]!;
    if ((flags & SEEN) === 0 || (flags & PAGED) !== 0) return;
    let at = slot;
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const parent = this.words[at + PARENT]!;
      if (parent === NONE) break;
      if (parent === GONE && (flags & CUT) !== 0) break; // was whole when it was counted
      if (parent < 0 || (this.words[parent + FLAGS]! & SEEN) === 0) {
        this.unresolved.push(this.words.slice(slot, slot + 4));
        break;
      }
      if (this.words[parent + ROLE] !== Role.INTERNAL) break;
      at = parent;
    }
    for (let link = this.words[slot + FIRST_LINK]!; link !== NONE; link = this.linkNext[link]!) {
      const target = this.linkTarget[link]!;
      if (target >= 0 && (this.words[target + FLAGS]! & SEEN) === 0) {
        this.unresolved.push(this.words.slice(target, target + 4));
      }
    }
  }

  private hash(slot: number): void {
    const { table, mask } = this;
    const hash = hashId(this.words, slot, this.words[slot + 4]!, this.words[slot + 5]!);
    let probe = hash & mask;
    while (table[probe * 2 + 1] !== 0) probe = (probe + 1) & mask;
    table[probe * 2] = hash;
    table[probe * 2 + 1] = slot + 1;
  }

  private placeOf(slot: number): number {
    let probe = hashId(this.words, slot, this.words[slot + 4]!, this.words[slot + 5]!) & this.mask;
    while (this.table[probe * 2 + 1] !== slot + 1) probe = (probe + 1) & this.mask;
    return probe;
  }

  /** Empties a place and moves up what had been pushed past it, so that no search ends too early. */
  private unhash(slot: number): void {
    const { table, mask } = this;
    let hole = this.placeOf(slot);
    for (let probe = (hole + 1) & mask; table[probe * 2 + 1] !== 0; probe = (probe + 1) & mask) {
      const home = table[probe * 2]! & mask;
      if (((probe - home) & mask) < ((probe - hole) & mask)) continue;
      table[hole * 2] = table[probe * 2]!;
      table[hole * 2 + 1] = table[probe * 2 + 1]!;
      hole = probe;
    }
    table[hole * 2 + 1] = 0;
  }

  private take(ids: Int32Array, trace: number, span0: number, span1: number, flags: number): number {
    const slot = (this.taken++ % this.capacity) * WORDS;
    const { words } = this;
    words[slot] = ids[trace]!;
    words[slot + 1] = ids[trace + 1]!;
    words[slot + 2] = ids[trace + 2]!;
    words[slot + 3] = ids[trace + 3]!;
    words[slot + 4] = span0;
    words[slot + 5] = span1;
    words[slot + FLAGS] = flags;
    words[slot + PARENT] = NONE;
    words[slot + FIRST_CHILD] = NONE;
    words[slot + NEXT_SIBLING] = NONE;
    words[slot + PREVIOUS_SIBLING] = NONE;
    words[slot + ALTERNATE] = NONE;
    words[slot + FIRST_LINK] = NONE;
    words[slot + FIRST_LINKED] = NONE;
    words[slot + MARK] = 0;
    words[slot + VISITED] = 0;
    return slot;
  }

  private findOrName(ids: Int32Array, trace: number, span0: number, span1: number): number {
    const known = this.find(ids, trace, span0, span1);
    if (known !== NONE) return known;
    const slot = this.take(ids, trace, span0, span1, 0);
    this.words[slot + ROLE] = Role.INTERNAL;
    this.hash(slot);
    return slot;
  }

  private attach(child: number, parent: number): void {
    this.words[child + PARENT] = parent;
    const next = this.words[parent + FIRST_CHILD]!;
    this.words[child + NEXT_SIBLING] = next;
    this.words[child + PREVIOUS_SIBLING] = NONE;
    if (next !== NONE) this.words[next + PREVIOUS_SIBLING] = child;
    this.words[parent + FIRST_CHILD] = child;
  }

  private detach(child: number): void {
    const parent = this.words[child + PARENT]!;
    const next = this.words[child + NEXT_SIBLING]!;
    const previous = this.words[child + PREVIOUS_SIBLING]!;
    if (previous === NONE) this.words[parent + FIRST_CHILD] = next;
    else this.words[previous + NEXT_SIBLING] = next;
    if (next !== NONE) this.words[next + PREVIOUS_SIBLING] = previous;
  }

  /** `slot` becomes the first of its id in place of `old`: whatever hangs on the id moves. */
  private replace(old: number, slot: number): void {
    this.table[this.placeOf(old) * 2 + 1] = slot + 1;
    this.moveRelations(old, slot);
    this.words[old + FLAGS]! |= DEAD;
  }

  private moveRelations(from: number, to: number): void {
    this.words[to + FIRST_CHILD] = this.words[from + FIRST_CHILD]!;
    for (let child = this.words[to + FIRST_CHILD]!; child !== NONE; child = this.words[child + NEXT_SIBLING]!)
      this.words[child + PARENT] = to;
    this.words[to + FIRST_LINKED] = this.words[from + FIRST_LINKED]!;
    for (let link = this.words[to + FIRST_LINKED]!; link !== NONE; link = this.linkedNext[link]!)
      this.linkTarget[link] = to;
    this.words[from + FIRST_CHILD] = NONE;
    this.words[from + FIRST_LINKED] = NONE;
  }

  private addLink(consumer: number, target: number): void {
    for (let link = this.words[consumer + FIRST_LINK]!; link !== NONE; link = this.linkNext[link]!) {
      if (this.linkTarget[link] === target) return; // the same message twice is one delivery
    }
    let link = this.freeLink;
    if (link !== NONE) this.freeLink = this.linkNext[link]!;
    else {
      link = this.links++;
      if (link === this.linkConsumer.length) this.growLinks();
    }
    this.linkConsumer[link] = consumer;
    this.linkTarget[link] = target;
    this.linkNext[link] = this.words[consumer + FIRST_LINK]!;
    this.words[consumer + FIRST_LINK] = link;
    this.linkedNext[link] = this.words[target + FIRST_LINKED]!;
    this.words[target + FIRST_LINKED] = link;
  }

  private growLinks(): void {
    this.linkConsumer = doubled(this.linkConsumer);
    this.linkTarget = doubled(this.linkTarget);
    this.linkNext = doubled(this.linkNext);
    this.linkedNext = doubled(this.linkedNext);
  }

  private reserve(count: number): void {
    if (count > this.capacity) throw new RangeError(`the ring holds ${this.capacity} spans, one needs ${count}`);
    while (this.taken - this.freed + count > this.capacity) this.forgetOldest();
  }

  private forgetOldest(): void {
    const sequence = this.freed;
    const slot = (sequence % this.capacity) * WORDS;
    while (this.arrivals.length > 1 && this.arrivals[1]!.sequence <= sequence) this.arrivals.shift();
    if ((this.words[slot + FLAGS]! & DEAD) === 0) {
      if ((this.words[slot + FLAGS]! & SEEN) !== 0) {
        this.youngestLost = Math.max(this.youngestLost, this.arrivals[0]!.at);
        if (sequence >= this.swept) this.noteUnresolved(slot);
      } else this.await(slot);
      this.noteLost(slot);
      this.cutLoose(slot);
    }
    this.freed++;
  }

  private noteLost(slot: number): void {
    this.lost.add(this.words, slot, this.youngestLost);
    for (let link = this.words[slot + FIRST_LINK]!; link !== NONE; link = this.linkNext[link]!) {
      const target = this.linkTarget[link]!;
      if (target >= 0) this.lost.add(this.words, target, this.youngestLost);
    }
  }

  private await(slot: number): void {
    this.waiting.add(waitingKey(this.words, slot, this.words[slot + 4]!, this.words[slot + 5]!));
  }

  /** Takes a slot out of every list it is in, and marks those whose picture it was part of. */
  private cutLoose(slot: number): void {
    const seen = (this.words[slot + FLAGS]! & SEEN) !== 0;
    const parent = this.words[slot + PARENT]!;
    if (parent >= 0) {
      this.detach(slot);
      if ((this.words[parent + FLAGS]! & SEEN) === 0) this.await(parent);
      this.cutUpwards(parent);
    }
    const first = this.first(slot);
    const heir = first === slot ? this.words[slot + ALTERNATE]! : NONE;
    for (let other = first; other !== NONE; other = this.words[other + ALTERNATE]!) this.words[other + FLAGS]! |= CUT;
    if (first !== slot) {
      let before = first;
      while (this.words[before + ALTERNATE] !== slot) before = this.words[before + ALTERNATE]!;
      this.words[before + ALTERNATE] = this.words[slot + ALTERNATE]!;
      this.cutDownwards(first);
    } else if (heir !== NONE) {
      this.table[this.placeOf(slot) * 2 + 1] = heir + 1;
      this.words[heir + FLAGS]! &= ~SECOND;
      this.moveRelations(slot, heir);
      this.cutDownwards(heir);
    } else {
      this.unhash(slot);
      this.cutDownwards(slot);
      for (let child = this.words[slot + FIRST_CHILD]!; child !== NONE; ) {
        const next = this.words[child + NEXT_SIBLING]!;
        this.words[child + PARENT] = seen ? GONE : GONE_UNSEEN;
        this.words[child + NEXT_SIBLING] = NONE;
        this.words[child + PREVIOUS_SIBLING] = NONE;
        child = next;
      }
      for (let link = this.words[slot + FIRST_LINKED]!; link !== NONE; link = this.linkedNext[link]!) {
        this.linkTarget[link] = seen ? GONE : GONE_UNSEEN;
        this.words[this.linkConsumer[link]! + FLAGS]! |= CUT;
      }
    }
    this.dropLinks(slot);
  }

  private dropLinks(consumer: number): void {
    for (let link = this.words[consumer + FIRST_LINK]!; link !== NONE; ) {
      const next = this.linkNext[link]!;
      const target = this.linkTarget[link]!;
      if (target >= 0) {
        if ((this.words[target + FLAGS]! & SEEN) === 0) this.await(target);
        for (let other = target; other !== NONE; other = this.words[other + ALTERNATE]!)
          this.words[other + FLAGS]! |= CUT;
        this.unlink(link, target);
      }
      this.linkNext[link] = this.freeLink;
      this.freeLink = link;
      link = next;
    }
  }

  private unlink(link: number, target: number): void {
    if (this.words[target + FIRST_LINKED] === link) {
      this.words[target + FIRST_LINKED] = this.linkedNext[link]!;
      return;
    }
    let before = this.words[target + FIRST_LINKED]!;
    while (this.linkedNext[before] !== link) before = this.linkedNext[before]!;
    this.linkedNext[before] = this.linkedNext[link]!;
  }

  /** A descendant has left: marks what may have been counted by it, up to the first span that is not internal. */
  private cutUpwards(id: number): void {
    const count = this.reachUp(id);
    for (let i = 0; i < count; i++) {
      for (let slot = this.reachedUp[i]!; slot !== NONE; slot = this.words[slot + ALTERNATE]!)
        this.words[slot + FLAGS]! |= CUT;
    }
  }

  /** An ancestor has left: marks what may have been counted by it, down through internal spans. */
  private cutDownwards(id: number): void {
    const count = this.reachDown(id, NONE, 0);
    for (let i = 0; i < count; i++) {
      for (
        let child = this.words[this.reached[i]! + FIRST_CHILD]!;
        child !== NONE;
        child = this.words[child + NEXT_SIBLING]!
      ) {
        this.words[child + FLAGS]! |= CUT;
      }
    }
  }

  // ---- walks. Breadth first and each id once: the data may hold loops, and ids with several parents. -------------------

  /** Answers of `reachDown` and `reachUp`: first slots of ids. */
  reached = new Int32Array(64);
  reachedUp = new Int32Array(64);
  private visits = 0;

  /**
   * The ids under which descendants of `id` hang: itself, and those of internal spans, and so on, at most MAX_HOPS deep.
   * @param service only through internal spans of this service; NONE for any.
   * @param flags only through spans with these flags.
   * @returns how many; they are in `reached`.
   */
  reachDown(id: number, service: number, flags: number): number {
    const stamp = ++this.visits;
    this.words[id + VISITED] = stamp;
    this.reached[0] = id;
    let count = 1;
    let levelEnd = 1;
    for (let i = 0, hops = 0; i < count; i++) {
      if (i === levelEnd) {
        if (++hops >= MAX_HOPS) break;
        levelEnd = count;
      }
      for (
        let child = this.words[this.reached[i]! + FIRST_CHILD]!;
        child !== NONE;
        child = this.words[child + NEXT_SIBLING]!
      ) {
        if (this.words[child + ROLE] !== Role.INTERNAL || (this.words[child + FLAGS]! & flags) !== flags) continue;
        if (service !== NONE && this.words[child + SERVICE] !== service) continue;
        const first = this.first(child);
        if (this.words[first + VISITED] === stamp) continue;
        this.words[first + VISITED] = stamp;
        if (this.words[first + FIRST_CHILD] === NONE) continue;
        if (count === this.reached.length) this.reached = doubled(this.reached);
        this.reached[count++] = first;
      }
    }
    return count;
  }

  /** The ids from `id` upwards: itself, and while a span of it is internal, its parent's, at most MAX_HOPS up. */
  reachUp(id: number): number {
    if (id < 0) return 0;
    const stamp = ++this.visits;
    this.words[id + VISITED] = stamp;
    this.reachedUp[0] = id;
    let count = 1;
    let levelEnd = 1;
    for (let i = 0, hops = 0; i < count; i++) {
      if (i === levelEnd) {
        if (++hops >= MAX_HOPS) break;
        levelEnd = count;
      }
      for (let slot = this.reachedUp[i]!; slot !== NONE; slot = this.words[slot + ALTERNATE]!) {
        const parent = this.words[slot + PARENT]!;
        if (this.words[slot + ROLE] !== Role.INTERNAL || parent < 0 || this.words[parent + VISITED] === stamp) continue;
        this.words[parent + VISITED] = stamp;
        if (count === this.reachedUp.length) this.reachedUp = doubled(this.reachedUp);
        this.reachedUp[count++] = parent;
      }
    }
    return count;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const next = new Int32Array(array.length * 2);
  next.set(array);
  return next;
}

/** Random ids need little mixing; ids such as 1, 2, 3 in every trace need the trace's words. */
function hashId(ids: Int32Array, trace: number, span0: number, span1: number): number {
  let hash = span1 ^ Math.imul(span0, 0x9e3779b1) ^ Math.imul(ids[trace + 3]! ^ ids[trace + 1]!, 0x85ebca6b);
  hash ^= Math.imul(ids[trace + 2]! ^ ids[trace]!, 0xc2b2ae35);
  return Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, atLeast)));
}
