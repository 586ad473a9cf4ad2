// A batch of spans as columns: what the decoder fills, the linker reads and the store appends. Only what decides the graph
// is here; the rest of a span stays in its encoded body, at `offset`.

/** Words per span in `ids`: trace id (4), span id (2), parent id (2), most significant first, as signed 32-bit integers. */
export const ID_WORDS = 8;
/** Words per link in `linkIds`: trace id (4), span id (2). */
export const LINK_WORDS = 6;
/** A duration that the sender did not give. */
export const NO_DURATION = -1;

export class SpanColumns {
  length = 0;
  ids: Int32Array;
  /** Unix microseconds. */
  start: Float64Array;
  /** Microseconds, or NO_DURATION. */
  duration: Float64Array;
  /** Domain `Role`, and `SpanKind` in the upper four bits: the kind is part of a span's key, the role decides the calls. */
  role: Uint8Array;
  /** Domain `Outcome`. */
  outcome: Uint8Array;
  /** Node id of the service (environment and namespace included). */
  service: Uint32Array;
  /** Dictionary id of the span's name. */
  operation: Uint32Array;
  /** Node id of the far side by the span's own attributes; 0 when it names none. */
  peer: Uint32Array;
  /** Dictionary id of the resource. */
  resource: Uint32Array;
  /** Adjusted count from sampling; NaN when unknown. */
  weight: Float32Array;
  /** Index of the body in its batch that holds the whole span. */
  body: Uint32Array;
  /** Byte offset of the span message in its inflated body. */
  offset: Uint32Array;

  links = 0;
  /** Row of the span that a link belongs to. */
  linkRow: Uint32Array;
  linkIds: Int32Array;

  constructor(capacity = 1024) {
    this.ids = new Int32Array(capacity * ID_WORDS);
    this.start = new Float64Array(capacity);
    this.duration = new Float64Array(capacity);
    this.role = new Uint8Array(capacity);
    this.outcome = new Uint8Array(capacity);
    this.service = new Uint32Array(capacity);
    this.operation = new Uint32Array(capacity);
    this.peer = new Uint32Array(capacity);
    this.resource = new Uint32Array(capacity);
    this.weight = new Float32Array(capacity);
    this.body = new Uint32Array(capacity);
    this.offset = new Uint32Array(capacity);
    this.linkRow = new Uint32Array(64);
    this.linkIds = new Int32Array(64 * LINK_WORDS);
  }

  /** Makes room for one more row and returns its index; `length` is raised by the caller once the row is whole. */
  reserve(): number {
    if (this.length === this.start.length) this.grow();
    return this.length;
  }

  addLink(row: number, ids: ArrayLike<number>, at: number): void {
    if (this.links === this.linkRow.length) {
      this.linkRow = enlarged(this.linkRow, 2);
      this.linkIds = enlarged(this.linkIds, 2);
    }
    this.linkRow[this.links] = row;
    for (let i = 0; i < LINK_WORDS; i++) this.linkIds[this.links * LINK_WORDS + i] = ids[at + i]!;
    this.links++;
  }

  clear(): void {
    this.length = 0;
    this.links = 0;
  }

  /** Forgets rows from `length` on: decoding is all or nothing. */
  truncate(length: number, links: number): void {
    this.length = length;
    this.links = links;
  }

  private grow(): void {
    this.ids = enlarged(this.ids, 2);
    this.start = enlarged(this.start, 2);
    this.duration = enlarged(this.duration, 2);
    this.role = enlarged(this.role, 2);
    this.outcome = enlarged(this.outcome, 2);
    this.service = enlarged(this.service, 2);
    this.operation = enlarged(this.operation, 2);
    this.peer = enlarged(this.peer, 2);
    this.resource = enlarged(this.resource, 2);
    this.weight = enlarged(this.weight, 2);
    this.body = enlarged(this.body, 2);
    this.offset = enlarged(this.offset, 2);
  }
}

type Growable = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

function enlarged<T extends Growable>(array: T, factor: number): T {
  const next = new (array.constructor as new (length: number) => T)(array.length * factor);
  next.set(array as never);
  return next;
}

export const packRole = (role: number, kind: number): number => role | (kind << 4);
export const roleOfPacked = (packed: number): number => packed & 15;
export const kindOfPacked = (packed: number): number => packed >> 4;
