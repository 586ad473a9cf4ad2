// Counts calls while spans arrive, in any order, split, late or twice. Each span is counted as what the spans in memory make
// of it (call-rule.ts); when a relative arrives, what changed is taken back and counted anew. So the sum is always what one
// look at all spans in memory would give.
//
// A span that lost a relative from memory, or came from the store, is not adjusted any more: when a late arrival changes it,
// its minute is reported (`touch`) and has to be derived again from the stored spans.
import type { Directory } from "../domain/directory";
import { Fault, faultOfServer } from "../domain/outcome";
import { Role } from "../domain/role";
import { NO_DURATION, roleOfPacked, type SpanColumns } from "../domain/span-columns";
import { CallRule, Counted, faultOfBits, IN_REF, packBits, sideOfBits } from "./call-rule";
import { type CallSink, NO_SAMPLE, Side } from "./call-sink";
import { CallKind, type EdgeBook } from "./edge-book";
import {
  ALTERNATE,
  COUNTER,
  CUT,
  FIRST_CHILD,
  FIRST_LINK,
  FIRST_LINKED,
  FLAGS,
  MARK,
  NEXT_SIBLING,
  NONE,
  OPERATION,
  PAGED,
  PARENT,
  PEER,
  ROLE,
  SEEN,
  SERVICE,
  SpanRing,
} from "./span-ring";

const US_PER_MINUTE = 60_000_000;

/** The Unix minute of a time in Unix microseconds. */
export const minuteOf = (us: number): number => Math.floor(us / US_PER_MINUTE);

/** What `add` did with a row. */
export const Added = { NEW: 0, DUPLICATE: 1, MERGED: 2 } as const;
export type Added = (typeof Added)[keyof typeof Added];

// What a span is counted as now, beside IN_REF (word COUNTER).
const IN_EDGE = COUNTER + 1;
const OUT_EDGE = COUNTER + 2;
const OUT_REF = COUNTER + 3;
/** The minute of the outbound entry, remembered because its callee may leave memory first. */
const OUT_MINUTE = COUNTER + 4;
/** Inbound fault and side in bits 0 to 7, outbound in 8 to 15, Counted flags in 16 and up. */
const BITS = COUNTER + 5;
const INBOUND_FLAGS = Counted.OWN | Counted.ORPHAN;
const OUTBOUND_FLAGS = Counted.UNPAIRED | Counted.PUBLISHED;

/** Rows whose memory is read ahead together; their lines have to fit the second-level cache. */
const AHEAD = 128;

export class Linker {
  readonly ring: SpanRing;
  private readonly words: Int32Array;
  private readonly rule: CallRule;

  // What each link is counted as now.
  private linkEdge = new Int32Array(256).fill(NONE);
  private linkRef = new Int32Array(256).fill(NONE);
  private linkBits = new Uint8Array(256);

  /** A slot's MARK is `round` when it was gathered, `round + 1` when what is above it was gathered too. */
  private round = 0;
  /** The spans to look at anew, and how many. */
  private affected = new Int32Array(256);
  private affectedCount = 0;
  /** Keeps `warm` from being optimised away. */
  private warmed = 0;

  /**
   * @param capacity ids held in memory: spans, and ids that others name.
   * @param lostTraces traces remembered at least of what has left memory; a power of two.
   * @param dedupe false counts copies as spans of their own; only a test that has to fail wants that.
   */
  constructor(
    directory: Directory,
    private readonly edges: EdgeBook,
    private readonly sink: CallSink,
    capacity: number,
    lostTraces?: number,
    private readonly dedupe = true,
  ) {
    this.ring = new SpanRing(capacity, lostTraces);
    this.words = this.ring.words;
    this.rule = new CallRule(this.ring, directory, edges);
  }

  /**
   * Takes in rows [from, to) in their order.
   * @param tell called with what became of each row.
   */
  addRows(columns: SpanColumns, from: number, to: number, tell: (row: number, added: Added) => void): void {
    let link = 0;
    while (link < columns.links && columns.linkRow[link]! < from) link++;
    for (let row = from; row < to; row++) {
      if ((row - from) % AHEAD === 0) this.warmed ^= this.ring.warm(columns, row, Math.min(row + AHEAD, to));
      const first = link;
      while (link < columns.links && columns.linkRow[link] === row) link++;
      tell(row, this.add(columns, row, first, link - first));
    }
  }

  /**
   * Takes in one span. A copy of a known one is merged: what is known beats what is not, the longest duration and the worse
   * outcome win, whichever copy came first.
   * @param firstLink index of the row's first link in the columns, `links` how many follow.
   */
  private add(columns: SpanColumns, row: number, firstLink: number, links: number): Added {
    const known = this.dedupe ? this.ring.findSpan(columns, row) : NONE;
    if (known !== NONE) return this.merge(known, columns, row);
    const slot = this.insert(columns, row, firstLink, links, 0);
    const spans = this.edges.intern(0, this.words[slot + SERVICE]!, 0, CallKind.SPANS);
    this.sink.call(
      minuteOf(columns.start[row]!),
      spans,
      0,
      1,
      Fault.NONE,
      Side.CLIENT,
      Number.NaN,
      NO_SAMPLE,
      this.words,
      slot,
    );
    this.collect(slot);
    this.recount();
    return Added.NEW;
  }

  /**
   * Takes in spans that the store holds, so that late arrivals find their relatives. What the stored spans mean by themselves
   * is taken as counted; only what spans in memory add to it is counted now.
   */
  page(columns: SpanColumns): void {
    const fresh: number[] = [];
    let link = 0;
    for (let row = 0; row < columns.length; row++) {
      const firstLink = link;
      while (link < columns.links && columns.linkRow[link] === row) link++;
      const known = this.ring.findSpan(columns, row);
      if (known === NONE) {
        fresh.push(this.insert(columns, row, firstLink, link - firstLink, PAGED));
      } else if (this.ring.reattach(known, columns, row)) fresh.push(known);
    }
    const paged = fresh.filter((slot) => (this.words[slot + FLAGS]! & PAGED) !== 0);
    this.rule.quiet = true;
    for (const slot of paged) this.rememberInbound(slot);
    for (const slot of paged) this.rememberOutbound(slot);
    this.rule.quiet = false;
    for (const slot of fresh) {
      this.collect(slot);
      this.recount();
    }
  }

  private insert(columns: SpanColumns, row: number, firstLink: number, links: number, flags: number): number {
    const { ring, words } = this;
    // Only consumers follow links: what a producer or server links to is no message that it got.
    const role = roleOfPacked(columns.role[row]!);
    const followed = role === Role.PROCESS || role === Role.RECEIVE ? links : 0;
    const slot = ring.insert(columns, row, firstLink, followed, flags);
    words[slot + IN_REF] = NONE;
    words[slot + IN_EDGE] = NONE;
    words[slot + OUT_EDGE] = NONE;
    words[slot + OUT_REF] = NONE;
    words[slot + OUT_MINUTE] = minuteOf(ring.start(slot));
    words[slot + BITS] = 0;
    if (ring.linkConsumer.length > this.linkEdge.length) this.growLinks();
    for (let link = words[slot + FIRST_LINK]!; link !== NONE; link = ring.linkNext[link]!) {
      this.linkEdge[link] = NONE;
      this.linkRef[link] = NONE;
      this.linkBits[link] = 0;
    }
    return slot;
  }

  private growLinks(): void {
    const size = this.ring.linkConsumer.length;
    const grow = <T extends Int32Array | Uint8Array>(array: T): T => {
      const next = new (array.constructor as new (length: number) => T)(size);
      next.set(array as never);
      return next;
    };
    this.linkEdge = grow(this.linkEdge);
    this.linkRef = grow(this.linkRef);
    this.linkBits = grow(this.linkBits);
  }

  private merge(slot: number, columns: SpanColumns, row: number): Added {
    const { ring, words } = this;
    const duration = Math.max(ring.duration(slot), columns.duration[row]!);
    const outcome = Math.max(ring.outcome(slot), columns.outcome[row]!);
    const peer = words[slot + PEER]! || columns.peer[row]!;
    const weight = Number.isNaN(ring.weight(slot)) ? columns.weight[row]! : ring.weight(slot);
    const same =
      duration === ring.duration(slot) &&
      outcome === ring.outcome(slot) &&
      peer === words[slot + PEER] &&
      Object.is(weight, ring.weight(slot));
    if (same) return Added.DUPLICATE;
    this.collect(slot);
    for (let i = 0; i < this.affectedCount; i++) this.withdraw(this.affected[i]!);
    ring.setDuration(slot, duration);
    ring.setOutcome(slot, outcome);
    ring.setWeight(slot, weight);
    words[slot + PEER] = peer;
    this.recount();
    return Added.MERGED;
  }

  // ---- which spans a change can reach ---------------------------------------------------------------------------------

  /** Gathers every span whose counting may depend on `slot`: the rule looks along these paths and no others. */
  private collect(slot: number): void {
    this.round += 2;
    this.affectedCount = 0;
    const { ring, words } = this;
    const first = ring.first(slot);
    for (let other = first; other !== NONE; other = words[other + ALTERNATE]!) {
      if (other !== slot) this.collectOne(other);
    }
    this.collectOne(slot);
    this.collectBelow(first);
    this.collectLinks(first);
    // A receive span may cease to be the callee of the one above it when it turns out that the message was processed.
    for (let i = 0; i < this.affectedCount; i++) {
      if (words[this.affected[i]! + ROLE] === Role.RECEIVE) this.collectOne(this.affected[i]!);
    }
  }

  private collectOne(slot: number): void {
    const mark = this.words[slot + MARK]!;
    if (mark > this.round || (this.words[slot + FLAGS]! & SEEN) === 0) return;
    if (mark < this.round) this.push(slot);
    this.words[slot + MARK] = this.round + 1;
    this.collectAbove(this.words[slot + PARENT]!);
  }

  private push(slot: number): void {
    if (this.affectedCount === this.affected.length) {
      const next = new Int32Array(this.affected.length * 2);
      next.set(this.affected);
      this.affected = next;
    }
    this.affected[this.affectedCount++] = slot;
  }

  /** Up to the first span that is not internal, which may be the call that this one belongs to. */
  private collectAbove(id: number): void {
    const { ring, words } = this;
    const count = ring.reachUp(id);
    for (let i = 0; i < count; i++) {
      for (let slot = ring.reachedUp[i]!; slot !== NONE; slot = words[slot + ALTERNATE]!) {
        const role = words[slot + ROLE]!;
        if ((words[slot + FLAGS]! & SEEN) === 0 || role === Role.INTERNAL || role === Role.SERVER) continue;
        if (words[slot + MARK]! >= this.round) continue;
        words[slot + MARK] = this.round;
        this.push(slot);
      }
    }
  }

  private collectBelow(id: number): void {
    const { ring, words } = this;
    if (words[id + FIRST_CHILD] === NONE) return;
    const count = ring.reachDown(id, NONE, 0);
    for (let i = 0; i < count; i++) {
      for (let child = words[ring.reached[i]! + FIRST_CHILD]!; child !== NONE; child = words[child + NEXT_SIBLING]!) {
        this.collectOne(child);
      }
    }
  }

  /** Consumers that name this id, producers that these spans name, and who else consumes the same messages. */
  private collectLinks(first: number): void {
    const { ring, words } = this;
    for (let link = words[first + FIRST_LINKED]!; link !== NONE; link = ring.linkedNext[link]!) {
      this.collectOne(ring.linkConsumer[link]!);
    }
    for (let slot = first; slot !== NONE; slot = words[slot + ALTERNATE]!) {
      for (let link = words[slot + FIRST_LINK]!; link !== NONE; link = ring.linkNext[link]!) {
        const target = ring.linkTarget[link]!;
        if (target < 0) continue;
        for (let other = target; other !== NONE; other = words[other + ALTERNATE]!) this.collectOne(other);
        for (let rival = words[target + FIRST_LINKED]!; rival !== NONE; rival = ring.linkedNext[rival]!) {
          this.collectOne(ring.linkConsumer[rival]!);
        }
      }
    }
  }

  // ---- counting -----------------------------------------------------------------------------------------------------------

  private recount(): void {
    const { affected, affectedCount } = this;
    // Inbound first: outbound asks which spans found their counterpart.
    for (let i = 0; i < affectedCount; i++) this.recountInbound(affected[i]!);
    for (let i = 0; i < affectedCount; i++) this.recountOutbound(affected[i]!);
  }

  private isFrozen(slot: number): boolean {
    return (this.words[slot + FLAGS]! & (CUT | PAGED)) !== 0;
  }

  private recountInbound(slot: number): void {
    const { ring, rule, words } = this;
    if (words[slot + ROLE] === Role.INTERNAL && words[slot + PARENT] === NONE) return;
    const frozen = this.isFrozen(slot);
    let byLinks = 0;
    for (let link = words[slot + FIRST_LINK]!; link !== NONE; link = ring.linkNext[link]!) {
      rule.link(link);
      byLinks |= rule.edge === NONE ? rule.counted : Counted.OWN;
      const edge = this.linkEdge[link]!;
      if (rule.edge === edge && rule.ref === this.linkRef[link] && rule.bits === this.linkBits[link]) continue;
      if (frozen) this.touch(slot);
      else {
        if (edge !== NONE) this.countInbound(slot, -1, edge, this.linkRef[link]!, this.linkBits[link]!);
        if (rule.edge !== NONE) this.countInbound(slot, 1, rule.edge, rule.ref, rule.bits);
      }
      this.keepLink(link);
    }
    rule.inbound(slot);
    const edge = words[slot + IN_EDGE]!;
    const bits = words[slot + BITS]!;
    const was = (bits >> 16) & INBOUND_FLAGS;
    const counted = rule.counted | byLinks;
    const changed = rule.edge !== edge || rule.ref !== words[slot + IN_REF] || rule.bits !== (bits & 255);
    if (!changed && counted === was) return;
    if (frozen) this.touch(slot);
    else {
      if (changed && edge !== NONE) this.countInbound(slot, -1, edge, words[slot + IN_REF]!, bits & 255);
      if (changed && rule.edge !== NONE) this.countInbound(slot, 1, rule.edge, rule.ref, rule.bits);
      this.countFlags(slot, -1, was & ~counted);
      this.countFlags(slot, 1, counted & ~was);
    }
    this.keepInbound(slot, counted);
  }

  private recountOutbound(slot: number): void {
    const { rule, words } = this;
    if (!this.lookOutbound(slot)) return;
    const edge = words[slot + OUT_EDGE]!;
    const bits = words[slot + BITS]!;
    const was = (bits >> 16) & OUTBOUND_FLAGS;
    const changed = rule.edge !== edge || rule.ref !== words[slot + OUT_REF] || rule.bits !== ((bits >> 8) & 255);
    if (!changed && rule.counted === was) return;
    if (this.isFrozen(slot)) {
      this.touch(slot);
      this.sink.touch(words[slot + OUT_MINUTE]!);
      if (rule.ref !== NONE) this.touch(rule.ref);
    } else {
      if (changed && edge !== NONE) this.countOutbound(slot, -1, edge, words[slot + OUT_REF]!, (bits >> 8) & 255);
      if (changed && rule.edge !== NONE) this.countOutbound(slot, 1, rule.edge, rule.ref, rule.bits);
      this.countFlags(slot, -1, was & ~rule.counted);
      this.countFlags(slot, 1, rule.counted & ~was);
    }
    this.keepOutbound(slot);
  }

  /** Asks the rule for a client or publish span; a caller's duration goes to the edge on which its first callee is counted. */
  private lookOutbound(slot: number): boolean {
    const { rule, words } = this;
    const role = words[slot + ROLE];
    if (role !== Role.CLIENT && role !== Role.PUBLISH) return false;
    rule.outbound(slot, this.linkRef);
    if (rule.ref === NONE) return true;
    const edge = words[rule.ref + IN_EDGE]!;
    // A delivery counts the producer's duration itself: one message may have many consumers.
    if (edge !== NONE && this.edges.kind(edge) === CallKind.SYNC) rule.edge = edge;
    else rule.ref = NONE;
    return true;
  }

  private keepLink(link: number): void {
    this.linkEdge[link] = this.rule.edge;
    this.linkRef[link] = this.rule.ref;
    this.linkBits[link] = this.rule.bits;
  }

  private keepInbound(slot: number, counted: number): void {
    const { rule, words } = this;
    words[slot + IN_EDGE] = rule.edge;
    words[slot + IN_REF] = rule.ref;
    words[slot + BITS] = (words[slot + BITS]! & ~(255 | (INBOUND_FLAGS << 16))) | rule.bits | (counted << 16);
  }

  private keepOutbound(slot: number): void {
    const { rule, ring, words } = this;
    words[slot + OUT_EDGE] = rule.edge;
    words[slot + OUT_REF] = rule.ref;
    words[slot + OUT_MINUTE] = minuteOf(ring.start(rule.ref === NONE ? slot : rule.ref));
    const kept = words[slot + BITS]! & ~((255 << 8) | (OUTBOUND_FLAGS << 16));
    words[slot + BITS] = kept | (rule.bits << 8) | (rule.counted << 16);
  }

  /** Notes what the stored spans alone make of a stored span, as already counted. */
  private rememberInbound(slot: number): void {
    const { ring, rule } = this;
    let byLinks = 0;
    for (let link = this.words[slot + FIRST_LINK]!; link !== NONE; link = ring.linkNext[link]!) {
      rule.link(link);
      byLinks |= rule.edge === NONE ? rule.counted : Counted.OWN;
      this.keepLink(link);
    }
    rule.inbound(slot);
    this.keepInbound(slot, rule.counted | byLinks);
  }

  private rememberOutbound(slot: number): void {
    if (this.lookOutbound(slot)) this.keepOutbound(slot);
  }

  /** Takes back everything a span is counted as, because facts that went into it are about to change. */
  private withdraw(slot: number): void {
    const { ring, words } = this;
    if (this.isFrozen(slot)) {
      this.touch(slot);
      if (words[slot + OUT_EDGE] !== NONE) this.sink.touch(words[slot + OUT_MINUTE]!);
      return;
    }
    for (let link = words[slot + FIRST_LINK]!; link !== NONE; link = ring.linkNext[link]!) {
      const edge = this.linkEdge[link]!;
      if (edge !== NONE) this.countInbound(slot, -1, edge, this.linkRef[link]!, this.linkBits[link]!);
      this.linkEdge[link] = NONE;
    }
    const bits = words[slot + BITS]!;
    if (words[slot + IN_EDGE] !== NONE)
      this.countInbound(slot, -1, words[slot + IN_EDGE]!, words[slot + IN_REF]!, bits & 255);
    if (words[slot + OUT_EDGE] !== NONE) {
      this.countOutbound(slot, -1, words[slot + OUT_EDGE]!, words[slot + OUT_REF]!, (bits >> 8) & 255);
    }
    this.countFlags(slot, -1, bits >> 16);
    words[slot + IN_EDGE] = NONE;
    words[slot + OUT_EDGE] = NONE;
    words[slot + BITS] = 0;
  }

  private touch(slot: number): void {
    this.sink.touch(minuteOf(this.ring.start(slot)));
  }

  private countInbound(slot: number, sign: 1 | -1, edge: number, ref: number, bits: number): void {
    const { ring } = this;
    const operation = this.words[slot + OPERATION]!;
    this.call(slot, sign, edge, operation, bits);
    if (ref === NONE || this.edges.kind(edge) !== CallKind.ASYNC) return;
    // How long the message lay between the sides; a negative time is a clock's, not the message's.
    const sent = ring.duration(ref);
    const lag = sent === NO_DURATION ? NO_SAMPLE : ring.start(slot) - ring.start(ref) - sent;
    this.sink.sample(
      minuteOf(ring.start(slot)),
      edge,
      operation,
      sign,
      sent,
      lag < 0 ? NO_SAMPLE : lag,
      this.words,
      slot,
    );
  }

  private countOutbound(slot: number, sign: 1 | -1, edge: number, ref: number, bits: number): void {
    const { ring, words } = this;
    const duration = ring.duration(slot);
    if (ref === NONE) {
      const operation = words[slot + OPERATION]!;
      this.call(slot, sign, edge, operation, bits);
      this.sink.sample(minuteOf(ring.start(slot)), edge, operation, sign, duration, NO_SAMPLE, words, slot);
      return;
    }
    const served = ring.duration(ref);
    const gap = duration === NO_DURATION || served === NO_DURATION || served > duration ? NO_SAMPLE : duration - served;
    this.sink.sample(minuteOf(ring.start(ref)), edge, words[ref + OPERATION]!, sign, duration, gap, words, slot);
  }

  private countFlags(slot: number, sign: 1 | -1, flags: number): void {
    if (flags === 0) return;
    const { ring, words, edges } = this;
    const service = words[slot + SERVICE]!;
    const operation = words[slot + OPERATION]!;
    const fault = faultOfServer(ring.outcome(slot) as 0);
    const served = packBits(fault, Side.SERVER);
    const asked = packBits(fault, Side.CLIENT);
    if (flags & Counted.OWN) this.call(slot, sign, edges.intern(0, service, 0, CallKind.OWN), operation, served);
    if (flags & Counted.ORPHAN) this.call(slot, sign, edges.intern(0, service, 0, CallKind.ORPHAN), 0, served);
    if (flags & Counted.UNPAIRED) this.call(slot, sign, edges.intern(service, 0, 0, CallKind.UNPAIRED), 0, asked);
    if (flags & Counted.PUBLISHED) {
      this.call(slot, sign, edges.intern(service, words[slot + PEER]!, 0, CallKind.PUBLISH), operation, asked);
    }
  }

  private call(slot: number, sign: 1 | -1, edge: number, operation: number, bits: number): void {
    const { ring } = this;
    const minute = minuteOf(ring.start(slot));
    const duration = ring.duration(slot);
    const fault = faultOfBits(bits);
    this.sink.call(
      minute,
      edge,
      operation,
      sign,
      fault,
      sideOfBits(bits),
      ring.weight(slot),
      duration,
      this.words,
      slot,
    );
  }
}
