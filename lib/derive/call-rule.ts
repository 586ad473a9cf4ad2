// The rule that turns spans into calls, for one span and the relatives that memory holds. docs/architecture.md says it in
// prose ("What is a call"). Pure in what the ring holds: the same relatives give the same answer, in whatever order they came.
//
// A span can be counted in three ways: inbound (it is the callee's side of a call), outbound (it is the caller's side, and
// either no callee was seen or it contributes the caller's duration), and by itself (a service's own work, an orphan).
import type { Directory } from "../domain/directory";
import { entryNode } from "../domain/node";
import { type Fault, faultOfClient, faultOfPair, faultOfServer } from "../domain/outcome";
import { Role } from "../domain/role";
import { SpanKind } from "../domain/span";
import { Side } from "./call-sink";
import { CallKind, type EdgeBook } from "./edge-book";
import {
  ALTERNATE,
  COUNTER,
  FIRST_CHILD,
  FIRST_LINK,
  FIRST_LINKED,
  FLAGS,
  MAX_HOPS,
  NEXT_SIBLING,
  NONE,
  PAGED,
  PARENT,
  PEER,
  ROLE,
  SEEN,
  SERVICE,
  type SpanRing,
} from "./span-ring";

/** Beside its calls, a span counts as: */
export const Counted = { OWN: 1, ORPHAN: 2, UNPAIRED: 4, PUBLISHED: 8 } as const;

const Trait = { UNKNOWN: 0, OTHER: 1, TOPIC: 2, UNNAMED_TOPIC: 3, DATABASE: 4 } as const;
/** Word of a slot: the span that was found to be its counterpart (client of a server, producer of a consumer), or NONE. */
export const IN_REF = COUNTER;

/** The parent's id is known and the span is not. */
const UNSEEN = -2;

export const packBits = (fault: Fault, side: Side): number => fault | (side << 4);
export const faultOfBits = (bits: number): Fault => (bits & 15) as Fault;
export const sideOfBits = (bits: number): Side => (bits >> 4) as Side;

export class CallRule {
  /** The answer of the last look: edge id or NONE, the slot of the other side or NONE, fault and side, Counted flags. */
  edge: number = NONE;
  ref: number = NONE;
  bits = 0;
  counted = 0;

  /** While true only spans from the store are seen: what the store alone would make of a span. */
  quiet = false;

  private traits = new Uint8Array(1024);
  private entries: number[] = [];

  constructor(
    private readonly ring: SpanRing,
    private readonly directory: Directory,
    private readonly edges: EdgeBook,
  ) {}

  /** Inbound, for a span without links (those are asked one by one: `link`). */
  inbound(slot: number): void {
    this.clear();
    const { ring } = this;
    const role = ring.words[slot + ROLE]!;
    if (role === Role.SERVER) this.server(slot);
    else if (role === Role.PROCESS || role === Role.RECEIVE) {
      if (ring.words[slot + FIRST_LINK] === NONE) this.consumer(slot, role);
      if (role === Role.PROCESS || this.edge !== NONE) this.counted |= Counted.OWN;
    } else this.stranger(slot);
  }

  /** Inbound by one link of a consumer: a delivery of the message that the link names. */
  link(link: number): void {
    this.clear();
    const { ring } = this;
    const slot = ring.linkConsumer[link]!;
    const target = ring.linkTarget[link]!;
    const producer = target >= 0 ? this.producerAt(target) : NONE;
    if (ring.words[slot + ROLE] === Role.RECEIVE && target >= 0 && this.isProcessed(slot, target)) return;
    if (producer === NONE) this.fromTopic(slot);
    else this.delivery(producer, ring.words[producer + SERVICE]!, slot);
  }

  /** Outbound. IN_REF of the spans below must be up to date, and `linkRef`, the producer that each link was found to name. */
  outbound(slot: number, linkRef: Int32Array): void {
    this.clear();
    const role = this.ring.words[slot + ROLE]!;
    if (role === Role.CLIENT) this.client(slot);
    else if (role === Role.PUBLISH) this.publish(slot, linkRef);
  }

  private clear(): void {
    this.edge = NONE;
    this.ref = NONE;
    this.bits = 0;
    this.counted = 0;
  }

  private isVisible(slot: number): boolean {
    const flags = this.ring.words[slot + FLAGS]!;
    return (flags & SEEN) !== 0 && (!this.quiet || (flags & PAGED) !== 0);
  }

  /** Flags of a visible span. */
  private required(): number {
    return this.quiet ? SEEN | PAGED : SEEN;
  }

  /** The span that a span's parent id means: NONE for a root, UNSEEN, or a slot. */
  private parentOf(slot: number): number {
    const { ring } = this;
    const id = ring.words[slot + PARENT]!;
    if (id === NONE) return NONE;
    if (id < 0) return UNSEEN;
    // A shared id names a client half and a server half. The half of the same service is the parent; else the server's,
    // because who received the id works on under it.
    let best = UNSEEN;
    let rank = -1;
    for (let other = id; other !== NONE; other = ring.words[other + ALTERNATE]!) {
      if (!this.isVisible(other) || other === slot) continue;
      const same = ring.words[other + SERVICE] === ring.words[slot + SERVICE] ? 2 : 0;
      const serving = ring.words[other + ROLE] === Role.SERVER || ring.words[other + ROLE] === Role.PROCESS ? 1 : 0;
      if (best === UNSEEN || same + serving > rank || (same + serving === rank && this.precedes(other, best))) {
        best = other;
        rank = same + serving;
      }
    }
    return best;
  }

  /** A total order on spans that does not depend on when they came. */
  private precedes(a: number, b: number): boolean {
    const { ring } = this;
    if (ring.start(a) !== ring.start(b)) return ring.start(a) < ring.start(b);
    for (let word = 0; word < 6; word++) {
      const left = ring.words[a + word]! >>> 0;
      const right = ring.words[b + word]! >>> 0;
      if (left !== right) return left < right;
    }
    if (ring.kind(a) !== ring.kind(b)) return ring.kind(a) < ring.kind(b);
    return this.directory.node(ring.words[a + SERVICE]!).id < this.directory.node(ring.words[b + SERVICE]!).id;
  }

  private server(slot: number): void {
    const { ring } = this;
    this.counted = Counted.OWN;
    const shared = this.sharedClient(slot);
    if (shared !== NONE) {
      this.pair(shared, slot);
      return;
    }
    const parent = this.parentOf(slot);
    if (parent < 0) {
      if (parent === UNSEEN) this.counted |= Counted.ORPHAN;
      const peer = ring.words[slot + PEER]!;
      const service = ring.words[slot + SERVICE]!;
      if (peer !== 0 && peer !== service) this.alone(peer, slot, CallKind.SYNC);
      else if (parent === NONE) this.alone(this.entryOf(service), slot, CallKind.ENTRY);
      return;
    }
    const caller = this.callerAbove(parent);
    const role = caller === NONE ? Role.INTERNAL : ring.words[caller + ROLE];
    if (role === Role.PUBLISH) this.delivery(caller, ring.words[caller + SERVICE]!, slot);
    else if (role === Role.CLIENT) this.pair(caller, slot);
    else if (ring.words[parent + SERVICE] !== ring.words[slot + SERVICE])
      this.alone(ring.words[parent + SERVICE]!, slot, CallKind.SYNC);
  }

  /** A span that is neither server nor consumer, but hangs under a span of another service: that is a call all the same. */
  private stranger(slot: number): void {
    const { ring } = this;
    if (ring.words[slot + PARENT] === NONE) return;
    const parent = this.parentOf(slot);
    if (parent < 0 || ring.words[parent + SERVICE] === ring.words[slot + SERVICE]) return;
    const caller = this.callerAbove(parent);
    const role = caller === NONE ? Role.INTERNAL : ring.words[caller + ROLE];
    if (role === Role.PUBLISH) this.delivery(caller, ring.words[caller + SERVICE]!, slot);
    else if (role === Role.CLIENT) this.pair(caller, slot);
    else this.alone(ring.words[parent + SERVICE]!, slot, CallKind.SYNC);
  }

  /**
   * The first span that is not internal from `from` upwards, through internal spans of one service only.
   * @returns NONE when the look ends at an internal span.
   */
  private callerAbove(from: number): number {
    const { ring } = this;
    let slot = from;
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      if (ring.words[slot + ROLE] !== Role.INTERNAL) return slot;
      const parent = this.parentOf(slot);
      if (parent < 0 || ring.words[parent + SERVICE] !== ring.words[slot + SERVICE]) return NONE;
      slot = parent;
    }
    return NONE;
  }

  /** The client half of a shared span (Zipkin's B3 propagation), or NONE. */
  private sharedClient(slot: number): number {
    const { ring } = this;
    const first = ring.first(slot);
    if (first === slot && ring.words[slot + ALTERNATE] === NONE) return NONE;
    let best: number = NONE;
    for (let other = first; other !== NONE; other = ring.words[other + ALTERNATE]!) {
      if (other === slot || ring.words[other + ROLE] !== Role.CLIENT || !this.isVisible(other)) continue;
      if (best === NONE || this.precedes(other, best)) best = other;
    }
    return best;
  }

  private consumer(slot: number, role: Role): void {
    const { ring } = this;
    if (role === Role.RECEIVE && this.hasProcessChild(slot)) return;
    const parent = this.parentOf(slot);
    if (parent < 0) {
      if (parent === UNSEEN) this.counted |= Counted.ORPHAN;
      // A poll that fetched nothing is a client span without a message: no delivery.
      else if (role === Role.RECEIVE && ring.kind(slot) === SpanKind.CLIENT) return;
      this.fromTopic(slot);
      return;
    }
    const caller = this.callerAbove(parent);
    const callerRole = caller === NONE ? Role.INTERNAL : ring.words[caller + ROLE]!;
    if (callerRole === Role.PUBLISH) {
      this.delivery(caller, ring.words[caller + SERVICE]!, slot);
      return;
    }
    if (ring.words[parent + SERVICE] !== ring.words[slot + SERVICE]) {
      if (callerRole === Role.CLIENT) this.delivery(caller, ring.words[caller + SERVICE]!, slot);
      else this.delivery(NONE, ring.words[parent + SERVICE]!, slot);
      return;
    }
    // Under a receive span that has links, the links are the deliveries and this is only the work.
    if (ring.words[parent + ROLE] === Role.RECEIVE && ring.words[parent + FIRST_LINK] !== NONE) return;
    if (role === Role.RECEIVE && ring.kind(slot) === SpanKind.CLIENT) return;
    this.fromTopic(slot);
  }

  private hasProcessChild(slot: number): boolean {
    const { ring } = this;
    const service = ring.words[slot + SERVICE];
    for (
      let child = ring.words[ring.first(slot) + FIRST_CHILD]!;
      child !== NONE;
      child = ring.words[child + NEXT_SIBLING]!
    ) {
      if (this.isVisible(child) && ring.words[child + ROLE] === Role.PROCESS && ring.words[child + SERVICE] === service)
        return true;
    }
    return false;
  }

  /** Whether the message of a receive span was also seen being processed by the same service. */
  private isProcessed(slot: number, target: number): boolean {
    const { ring } = this;
    for (let link = ring.words[target + FIRST_LINKED]!; link !== NONE; link = ring.linkedNext[link]!) {
      const other = ring.linkConsumer[link]!;
      if (
        ring.words[other + ROLE] === Role.PROCESS &&
        ring.words[other + SERVICE] === ring.words[slot + SERVICE] &&
        this.isVisible(other)
      )
        return true;
    }
    return false;
  }

  /** The span that an id means as the producer of a message. */
  private producerAt(id: number): number {
    const { ring } = this;
    let best: number = NONE;
    let rank = -1;
    for (let other = id; other !== NONE; other = ring.words[other + ALTERNATE]!) {
      if (!this.isVisible(other)) continue;
      const role = ring.words[other + ROLE]!;
      const worth = role === Role.PUBLISH ? 2 : role === Role.CLIENT ? 1 : 0;
      if (worth > rank || (worth === rank && this.precedes(other, best))) {
        best = other;
        rank = worth;
      }
    }
    return best;
  }

  private client(slot: number): void {
    const { ring } = this;
    const first = this.firstCallee(slot);
    if (first !== NONE) {
      this.ref = first;
      return;
    }
    const peer = ring.words[slot + PEER]!;
    const trait = peer === 0 ? Trait.UNKNOWN : this.traitOf(peer);
    if (trait !== Trait.DATABASE && this.hasClientBelow(ring.first(slot), ring.words[slot + SERVICE]!, 0)) return; // the attempts are below
    if (this.isInsideCall(slot)) return;
    if (peer === 0) {
      this.counted = Counted.UNPAIRED;
      return;
    }
    if (peer === ring.words[slot + SERVICE]) return; // it is the callee itself
    this.edge = this.edges.intern(
      ring.words[slot + SERVICE]!,
      peer,
      0,
      trait === Trait.DATABASE ? CallKind.DATABASE : CallKind.SYNC,
    );
    this.bits = packBits(faultOfClient(ring.outcome(slot) as 0), Side.CLIENT);
  }

  private publish(slot: number, linkRef: Int32Array): void {
    const { ring } = this;
    const delivered = this.firstCallee(slot) !== NONE || this.isLinked(slot, linkRef);
    if (!delivered && this.hasClientBelow(ring.first(slot), ring.words[slot + SERVICE]!, Role.PUBLISH)) return; // counted below
    this.counted = Counted.PUBLISHED;
    if (delivered) return;
    const peer = ring.words[slot + PEER]!;
    if (peer === 0) return;
    this.edge = this.edges.intern(ring.words[slot + SERVICE]!, peer, 0, CallKind.ASYNC);
    this.bits = packBits(faultOfClient(ring.outcome(slot) as 0), Side.CLIENT);
  }

  /** Of the spans that found this one to be their counterpart, the earliest. */
  private firstCallee(slot: number): number {
    const first = this.ring.first(slot);
    let best: number = NONE;
    for (let other = first; other !== NONE; other = this.ring.words[other + ALTERNATE]!) {
      if (this.ring.words[other + IN_REF] === slot && this.isVisible(other) && other !== slot) {
        if (best === NONE || this.precedes(other, best)) best = other;
      }
    }
    const { ring } = this;
    const count = ring.reachDown(first, NONE, this.required());
    for (let i = 0; i < count; i++) {
      for (
        let child = ring.words[ring.reached[i]! + FIRST_CHILD]!;
        child !== NONE;
        child = ring.words[child + NEXT_SIBLING]!
      ) {
        if (ring.words[child + IN_REF] !== slot || !this.isVisible(child)) continue;
        if (best === NONE || this.precedes(child, best)) best = child;
      }
    }
    return best;
  }

  private isLinked(slot: number, linkRef: Int32Array): boolean {
    const { ring } = this;
    for (let link = ring.words[ring.first(slot) + FIRST_LINKED]!; link !== NONE; link = ring.linkedNext[link]!) {
      if (linkRef[link] === slot && this.isVisible(ring.linkConsumer[link]!)) return true;
    }
    return false;
  }

  /** Whether the same service calls on below (through internal spans): then this span is the logical call around attempts. */
  private hasClientBelow(id: number, service: number, only: number): boolean {
    const { ring } = this;
    if (ring.words[id + FIRST_CHILD] === NONE) return false;
    const count = ring.reachDown(id, service, this.required());
    for (let i = 0; i < count; i++) {
      for (
        let child = ring.words[ring.reached[i]! + FIRST_CHILD]!;
        child !== NONE;
        child = ring.words[child + NEXT_SIBLING]!
      ) {
        const role = ring.words[child + ROLE]!;
        if (role !== Role.PUBLISH && (role !== Role.CLIENT || only !== 0)) continue;
        if (ring.words[child + SERVICE] === service && this.isVisible(child)) return true;
      }
    }
    return false;
  }

  /** Whether the same service's call to a database or broker surrounds this span: then it is how that call travels. */
  private isInsideCall(slot: number): boolean {
    const { ring } = this;
    const parent = this.parentOf(slot);
    if (parent < 0 || ring.words[parent + SERVICE] !== ring.words[slot + SERVICE]) return false;
    const above = this.callerAbove(parent);
    if (above === NONE || ring.words[above + SERVICE] !== ring.words[slot + SERVICE]) return false;
    if (ring.words[above + ROLE] === Role.PUBLISH) return true;
    return (
      ring.words[above + ROLE] === Role.CLIENT &&
      ring.words[above + PEER] !== 0 &&
      this.traitOf(ring.words[above + PEER]!) === Trait.DATABASE
    );
  }

  /** A call of which both sides were seen. */
  private pair(client: number, callee: number): void {
    const { ring } = this;
    this.edge = this.edges.intern(ring.words[client + SERVICE]!, ring.words[callee + SERVICE]!, 0, CallKind.SYNC);
    this.ref = client;
    this.bits = packBits(faultOfPair(ring.outcome(client) as 0, ring.outcome(callee) as 0), Side.PAIRED);
  }

  /** A call of which only the callee's side was seen; the caller is known all the same. */
  private alone(caller: number, callee: number, kind: CallKind): void {
    const { ring } = this;
    this.edge = this.edges.intern(caller, ring.words[callee + SERVICE]!, 0, kind);
    this.bits = packBits(faultOfServer(ring.outcome(callee) as 0), Side.SERVER);
  }

  /** A message that `slot` got from `producer` (NONE when only its service is known). */
  private delivery(producer: number, service: number, slot: number): void {
    const { ring } = this;
    const sent = producer === NONE ? 0 : ring.words[producer + PEER]!;
    const got = ring.words[slot + PEER]!;
    const topic = this.isNamedTopic(sent)
      ? sent
      : this.isNamedTopic(got)
        ? got
        : this.isTopic(sent)
          ? sent
          : this.isTopic(got)
            ? got
            : 0;
    this.edge = this.edges.intern(service, ring.words[slot + SERVICE]!, topic, CallKind.ASYNC);
    this.ref = producer;
    this.bits =
      producer === NONE
        ? packBits(faultOfServer(ring.outcome(slot) as 0), Side.SERVER)
        : packBits(faultOfPair(ring.outcome(producer) as 0, ring.outcome(slot) as 0), Side.PAIRED);
  }

  /** A message whose producer was never seen: the topic stands for it. */
  private fromTopic(slot: number): void {
    const { ring } = this;
    const topic = ring.words[slot + PEER]!;
    if (topic === 0) {
      this.counted |= Counted.ORPHAN;
      return;
    }
    this.edge = this.edges.intern(topic, ring.words[slot + SERVICE]!, 0, CallKind.ASYNC);
    this.bits = packBits(faultOfServer(ring.outcome(slot) as 0), Side.SERVER);
  }

  private entryOf(service: number): number {
    const known = this.entries[service];
    if (known !== undefined) return known;
    const entry = this.directory.internNode(entryNode(this.directory.node(service).environment));
    this.entries[service] = entry;
    return entry;
  }

  private isTopic(node: number): boolean {
    const trait = node === 0 ? Trait.UNKNOWN : this.traitOf(node);
    return trait === Trait.TOPIC || trait === Trait.UNNAMED_TOPIC;
  }

  private isNamedTopic(node: number): boolean {
    return node !== 0 && this.traitOf(node) === Trait.TOPIC;
  }

  private traitOf(node: number): number {
    if (node >= this.traits.length) {
      const traits = new Uint8Array(Math.max(this.traits.length * 2, node + 1));
      traits.set(this.traits);
      this.traits = traits;
    }
    const known = this.traits[node]!;
    if (known !== Trait.UNKNOWN) return known;
    const { kind, id } = this.directory.node(node);
    const trait =
      kind === "topic"
        ? id.includes("/")
          ? Trait.TOPIC
          : Trait.UNNAMED_TOPIC
        : kind === "database" || kind === "cache"
          ? Trait.DATABASE
          : Trait.OTHER;
    this.traits[node] = trait;
    return trait;
  }
}
