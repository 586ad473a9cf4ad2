// Decodes an ExportTraceServiceRequest straight into columns, without objects or strings for anything seen before.
// Source: opentelemetry-proto trace/v1/trace.proto, collector/trace/v1/trace_service.proto.
//
// Fields are taken in any order: SDKs write them ascending, the OpenTelemetry Collector descending (a resource after its
// spans, an attribute's value before its key). All or nothing: malformed bytes throw and leave the columns as they were.
// A fault of one span (a bad id, a time out of range) rejects that span and keeps its neighbours.
import { ByteDictionary, OVERFLOW_ID, viewOf } from "../../domain/byte-dictionary";
import { cutName } from "../../domain/cut-name";
import type { Directory, ResourceFacts } from "../../domain/directory";
import type { Issues, Rejection } from "../../domain/issue";
import { grpcCode, outcomeOf } from "../../domain/outcome";
import { SpanKind, type StatusCode } from "../../domain/span";
import { ID_WORDS, LINK_WORDS, NO_DURATION, packRole, type SpanColumns } from "../../domain/span-columns";
import { isUtf8 } from "../utf8";
import { findKey, Group, KNOWN_KEYS, type KnownKeyName, slotOf } from "./attribute-keys";
import { KnownResources } from "./known-resources";
import { type Peer, type PeerAttributes, resolvePeer } from "./peer";
import { samplingWeight } from "./sampling-weight";
import { reportFaults } from "./span-faults";
import { isTooDeep } from "./value-depth";
import { Cursor, FIXED32, FIXED64, LENGTH, truncated, VARINT, varint64 } from "./wire";

/** Which start times a door takes, in Unix microseconds. */
export interface TimeRange {
  readonly earliestUs: number;
  readonly latestUs: number;
}

export const MAX_ATTRIBUTES = 512;
/** Longest name of an operation that is kept apart, in bytes; the span keeps it whole. */
const LONGEST_OPERATION = 1024;

const SLOT_COUNT = KNOWN_KEYS.length;
const GROUP_OF = Uint8Array.from(KNOWN_KEYS, ({ group }) => group);
const ADDRESS_SLOTS = (["server.address", "net.peer.name", "peer.hostname", "http.host"] as const).map(slotOf);
const NAME_SLOTS = (["service.peer.name", "peer.service", "messaging.destination.name"] as const).map(slotOf);
const SERVICE_SLOTS = (["service.peer.name", "service.peer.namespace", "peer.service"] as const).map(slotOf);
const FALLBACK_SLOTS = KNOWN_KEYS.flatMap(({ group }, slot) => (group === Group.FALLBACK ? [slot] : []));
const HTTP_SLOTS = (["http.response.status_code", "http.status_code"] as const).map(slotOf);
const GRPC_SLOTS = (
  ["rpc.response.status_code", "rpc.status_code", "rpc.grpc.status_code", "grpc.status_code"] as const
).map(slotOf);
const ERROR_TYPE = slotOf("error.type");
const ERROR_FLAG = slotOf("error");

/** The peers of spans without attributes that name one, by kind. */
const PLAIN_PEERS: readonly Peer[] = [0, 1, 2, 3, 4, 5].map((kind) => resolvePeer(kind as SpanKind, {}, ""));

/** Which kind of AnyValue a slot holds. */
const Value = { OTHER: 0, TEXT: 1, INT: 2, BOOL: 3, DOUBLE: 4 } as const;

/** How many combinations of peer attributes are remembered; beyond, each span is resolved anew. */
const PEER_MEMO_LIMIT = 50_000;
const SCRATCH = 4096;
/** Longest value that helps to name a peer; longer ones are cut there, not where they are shown. */
const PEER_VALUE_LIMIT = 256;

const text = new TextDecoder();

export class ColumnDecoder {
  private readonly cursor = new Cursor();
  private bytes: Uint8Array = this.cursor.bytes;
  private view: DataView = this.cursor.view;

  /** By tag: where the value of that field starts in the span being decoded, if it lies inside it. */
  private readonly fieldAt = new Int32Array(256);
  private attributeAt = new Int32Array(MAX_ATTRIBUTES * 2);
  private readonly part = { keyStart: 0, keyLength: 0, valueStart: 0, valueEnd: 0 };

  // The known attributes of the span being decoded. A slot is set when its stamp is the span's.
  private stamp = 0;
  private readonly slotStamp = new Int32Array(SLOT_COUNT);
  private readonly slotType = new Uint8Array(SLOT_COUNT);
  private readonly slotStart = new Int32Array(SLOT_COUNT);
  private readonly slotEnd = new Int32Array(SLOT_COUNT);
  private readonly slotNumber = new Float64Array(SLOT_COUNT);
  private groups = 0;
  /** Slots of the peer group in the order met: they are the key of the peer memo. */
  private readonly peerSlots = new Uint8Array(SLOT_COUNT * 4);
  private peerCount = 0;

  private readonly scratch = new Uint8Array(SCRATCH);
  private readonly scratchView = viewOf(this.scratch);
  private readonly peerKeys = new ByteDictionary(PEER_MEMO_LIMIT);
  private readonly peerMemo: ({ id: number; peer: Peer } | undefined)[] = [undefined];
  private readonly environments = new Map<string, number>();
  private environmentIndex = 0;
  private readonly linkWords = new Int32Array(LINK_WORDS * 64);
  private linkCount = 0;
  /** Operations and peers whose names are not UTF-8. */
  private readonly badNames = new Set<number>();
  private readonly badPeers = new Set<number>();

  private readonly resources: KnownResources;

  constructor(private readonly directory: Directory) {
    this.resources = new KnownResources(directory);
  }

  /**
   * Appends the spans of one request body to `into`.
   * @param body what to write into the `body` column.
   * @returns how many spans the body held, rejected ones included.
   * @throws DomainError "unreadable" with the byte offset; `into` is then unchanged.
   */
  decode(bytes: Uint8Array, body: number, into: SpanColumns, issues: Issues, range: TimeRange): number {
    const rows = into.length;
    const links = into.links;
    const cursor = this.cursor;
    this.open(bytes);
    let spans = 0;
    try {
      while (cursor.at < bytes.length) {
        const tag = cursor.varint(bytes.length);
        if (tag !== 0x0a) {
          cursor.skip(tag, bytes.length);
          continue;
        }
        const stop = cursor.lengthEnd(bytes.length);
        spans += this.resourceSpans(cursor.at, stop, body, into, issues, range);
        cursor.at = stop;
      }
    } catch (error) {
      into.truncate(rows, links);
      throw error;
    } finally {
      this.open(EMPTY);
    }
    return spans;
  }

  private open(bytes: Uint8Array): void {
    this.cursor.open(bytes);
    this.bytes = bytes;
    this.view = this.cursor.view;
    this.fieldAt.fill(-1);
  }

  private resourceSpans(
    start: number,
    end: number,
    body: number,
    into: SpanColumns,
    issues: Issues,
    range: TimeRange,
  ): number {
    const cursor = this.cursor;
    const resource = this.findResource(start, end);
    const facts = this.directory.resource(resource);
    let environment = this.environments.get(facts.environment);
    if (environment === undefined) {
      environment = this.environments.size;
      this.environments.set(facts.environment, environment);
    }
    this.environmentIndex = environment;
    let spans = 0;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== SCOPE_SPANS && tag !== OLD_SCOPE_SPANS) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      while (cursor.at < stop) {
        const field = cursor.varint(stop);
        if (field !== 0x12) {
          cursor.skip(field, stop);
          continue;
        }
        const spanEnd = cursor.lengthEnd(stop);
        const spanStart = cursor.at;
        this.span(spanStart, spanEnd, resource, facts, body, into, issues, range);
        cursor.at = spanEnd;
        spans++;
      }
    }
    if (spans > 0) this.resources.report(resource, spans, issues);
    return spans;
  }

  /** The resource may stand before or after its spans, and by protobuf's rules may even come in parts that are merged. */
  private findResource(start: number, end: number): number {
    const cursor = this.cursor;
    let from = start;
    let to = start;
    let parts = 0;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== 0x0a) {
        cursor.skip(tag, end);
        continue;
      }
      to = cursor.lengthEnd(end);
      from = cursor.at;
      cursor.at = to;
      parts++;
    }
    if (parts < 2) return this.resources.intern(this.view, from, to);
    const merged = this.mergedResource(start, end);
    return this.resources.intern(viewOf(merged), 0, merged.length);
  }

  private mergedResource(start: number, end: number): Uint8Array {
    const cursor = this.cursor;
    const merged = new Uint8Array(end - start);
    let length = 0;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== 0x0a) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      merged.set(this.bytes.subarray(cursor.at, stop), length);
      length += stop - cursor.at;
      cursor.at = stop;
    }
    return merged.subarray(0, length);
  }

  private span(
    start: number,
    end: number,
    resource: number,
    facts: ResourceFacts,
    body: number,
    into: SpanColumns,
    issues: Issues,
    range: TimeRange,
  ): void {
    const bytes = this.bytes;
    const view = this.view;
    const cursor = this.cursor;
    const row = into.reserve();
    const ids = into.ids;
    const id = row * ID_WORDS;
    this.stamp++;
    this.groups = 0;
    this.peerCount = 0;
    this.linkCount = 0;
    const attributes = this.scan(start, end);
    const deep = this.readAttributes(attributes, end);

    // A field is there when its place lies in this span: places only grow within one body.
    const fieldAt = this.fieldAt;
    const traceAt = fieldAt[Field.TRACE_ID]!;
    const traceLength = traceAt > start ? bytes[traceAt]! : 0;
    if (traceLength === 16) {
      ids[id] = view.getInt32(traceAt + 1);
      ids[id + 1] = view.getInt32(traceAt + 5);
      ids[id + 2] = view.getInt32(traceAt + 9);
      ids[id + 3] = view.getInt32(traceAt + 13);
    }
    const spanAt = fieldAt[Field.SPAN_ID]!;
    const spanLength = spanAt > start ? bytes[spanAt]! : 0;
    if (spanLength === 8) {
      ids[id + 4] = view.getInt32(spanAt + 1);
      ids[id + 5] = view.getInt32(spanAt + 5);
    }
    const parentAt = fieldAt[Field.PARENT_ID]!;
    const parentLength = parentAt > start ? bytes[parentAt]! : 0;
    ids[id + 6] = parentLength === 8 ? view.getInt32(parentAt + 1) : 0;
    ids[id + 7] = parentLength === 8 ? view.getInt32(parentAt + 5) : 0;
    const startUs = fieldAt[Field.START]! > start ? microseconds(view, fieldAt[Field.START]!) : 0;
    const endUs = fieldAt[Field.END]! > start ? microseconds(view, fieldAt[Field.END]!) : 0;
    let kind = this.varintField(Field.KIND, start, end);
    let nameStart = start;
    let nameEnd = start;
    if (fieldAt[Field.NAME]! > start) {
      cursor.at = fieldAt[Field.NAME]!;
      nameEnd = cursor.lengthEnd(end);
      nameStart = cursor.at;
      if (nameEnd - nameStart > LONGEST_OPERATION) nameEnd = this.cutOperation(nameStart);
    }
    let status = 0;
    if (fieldAt[Field.STATUS]! > start) {
      cursor.at = fieldAt[Field.STATUS]!;
      const stop = cursor.lengthEnd(end);
      status = this.status(cursor.at, stop);
    }
    const badLinks = fieldAt[Field.LINK]! > start ? this.links(start, end) : 0;

    const traceBad = traceLength !== 16 || (ids[id]! | ids[id + 1]! | ids[id + 2]! | ids[id + 3]!) === 0;
    if (traceBad || spanLength !== 8 || (ids[id + 4]! | ids[id + 5]!) === 0 || (parentLength & ~8) !== 0) {
      const code = traceBad ? "bad_trace_id" : (parentLength & ~8) !== 0 ? "bad_parent_id" : "bad_span_id";
      this.reject(issues, code, nameStart, nameEnd);
      return;
    }
    if (startUs < range.earliestUs || startUs > range.latestUs) {
      this.reject(issues, "time_out_of_range", nameStart, nameEnd, startUs);
      return;
    }
    if (kind > 5) kind = 0;
    if (status > 2) status = 0;
    const selfParent = ids[id + 6] === ids[id + 4] && ids[id + 7] === ids[id + 5];
    const ended = endUs !== 0 && endUs >= startUs;
    const known = this.directory.operationCount;
    const operation = this.directory.internOperation(view, nameStart, nameEnd);
    if (operation >= known) this.checkName(operation, nameStart, nameEnd);
    const badName = operation === OVERFLOW_ID || (this.badNames.size > 0 && this.badNames.has(operation));
    const manyAttributes = attributes > MAX_ATTRIBUTES;
    if (selfParent || !ended || startUs === 0 || manyAttributes || deep || badLinks > 0 || badName) {
      const manyNames = operation === OVERFLOW_ID;
      const faults = { startUs, endUs, selfParent, manyAttributes, deep, badLinks, badName, manyNames };
      reportFaults(issues, faults, ids.slice(id, id + ID_WORDS));
      if (selfParent) ids.fill(0, id + 6, id + 8);
    }

    const peer = this.peer(kind as SpanKind, facts.environment);
    if (this.badPeers.size > 0 && this.badPeers.has(this.peerNode)) this.notePeer(issues);
    if (this.directory.isOther(this.peerNode)) issues.add("too_many_names", "the far side of a call");
    into.role[row] = packRole(peer.role, kind);
    into.peer[row] = this.peerNode;
    into.outcome[row] = this.outcome(kind as SpanKind, status as StatusCode, peer.database);
    into.start[row] = startUs;
    into.duration[row] = ended ? endUs - startUs : NO_DURATION;
    into.service[row] = facts.service;
    into.operation[row] = operation;
    into.resource[row] = resource;
    into.weight[row] = fieldAt[Field.TRACE_STATE]! > start ? this.weight(end) : Number.NaN;
    into.body[row] = body;
    into.offset[row] = start;
    into.length = row + 1;
    for (let i = 0; i < this.linkCount; i++) into.addLink(row, this.linkWords, i * LINK_WORDS);
  }

  private notePeer(issues: Issues): void {
    issues.add("invalid_utf8", `a call of ${this.directory.node(this.peerNode).id}`);
  }

  private reject(issues: Issues, code: Rejection, nameStart: number, nameEnd: number, startUs?: number): void {
    const at = startUs === undefined ? "" : ` at ${startUs} us`;
    issues.add(code, () => `span ${text.decode(this.bytes.subarray(nameStart, nameEnd))}${at}`);
  }

  /** The end of a long name, not inside a character. */
  private cutOperation(start: number): number {
    let end = start + LONGEST_OPERATION;
    for (let i = 0; i < 3 && (this.bytes[end]! & 0xc0) === 0x80; i++) end--;
    return end;
  }

  private checkName(operation: number, start: number, end: number): void {
    if (!isUtf8(this.bytes, start, end)) this.badNames.add(operation);
  }

  /**
   * Notes where each field of a span starts, and checks that all lie inside it; returns how many attributes there are.
   * Which field comes next is never a branch: tables say how long its value is. So one order costs what another costs,
   * where a switch would be mispredicted at nearly every field of an order that it has not learnt.
   */
  private scan(start: number, end: number): number {
    const bytes = this.bytes;
    const fieldAt = this.fieldAt;
    let attributeAt = this.attributeAt;
    const last = end - 1;
    let attributes = 0;
    let at = start;
    while (at < last) {
      const tag = bytes[at]!;
      const lead = bytes[at + 1]!;
      const layout = LAYOUT[tag]!;
      if (attributes === attributeAt.length) attributeAt = this.attributeAt = doubled(attributeAt);
      fieldAt[tag] = at + 1;
      attributeAt[attributes] = at + 1;
      attributes += layout >> 24;
      if (lead < (layout & 511)) at += 1 + ((layout >> 9) & 15) + (lead & (layout >> 16));
      else {
        this.cursor.at = at;
        this.cursor.skip(this.cursor.varint(end), end);
        at = this.cursor.at;
      }
    }
    if (at !== end) throw truncated(at);
    return attributes;
  }

  private varintField(field: number, start: number, end: number): number {
    const at = this.fieldAt[field]!;
    if (at <= start) return 0;
    if (this.bytes[at]! < 128) return this.bytes[at]!;
    this.cursor.at = at;
    return this.cursor.varint(end);
  }

  /** Notes every link of the span; returns how many had no valid ids. */
  private links(start: number, end: number): number {
    const cursor = this.cursor;
    let bad = 0;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== Field.LINK) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      if (!this.link(cursor.at, stop)) bad++;
      cursor.at = stop;
    }
    return bad;
  }

  /**
   * Notes the known ones of the attributes that `scan` found; true when a value nests too deep.
   * One long loop, apart from `span`: the compiler inlines so much into a function and no more, and this way it is enough for
   * both.
   */
  private readAttributes(count: number, limit: number): boolean {
    const bytes = this.bytes;
    const view = this.view;
    const cursor = this.cursor;
    const attributeAt = this.attributeAt;
    const part = this.part;
    let deep = false;
    for (let i = 0; i < count; i++) {
      let start = attributeAt[i]!;
      let end = bytes[start++]!;
      if (end < 128) end += start;
      else {
        cursor.at = start - 1;
        end = cursor.lengthEnd(limit);
        start = cursor.at;
      }
      let keyStart: number;
      let keyLength: number;
      let valueStart: number;
      let valueEnd: number;
      // Nearly every attribute is one short key and one short value. Which comes first is arithmetic, not a branch.
      const tag = bytes[start]!;
      const length = bytes[start + 1]!;
      const second = start + 2 + length;
      if (
        length < 128 &&
        second + 1 < end &&
        tag + bytes[second]! === KEY + VALUE &&
        IS_PART[tag] === 1 &&
        second + 2 + bytes[second + 1]! === end &&
        bytes[second + 1]! < 128
      ) {
        const keyFirst = (tag >> 3) & 1;
        keyStart = second + 2 - keyFirst * (second - start);
        keyLength = bytes[keyStart - 1]!;
        valueStart = start + 2 + keyFirst * (second - start);
        valueEnd = valueStart + bytes[valueStart - 1]!;
      } else {
        this.looseKeyValue(start, end);
        keyStart = part.keyStart;
        keyLength = part.keyLength;
        valueStart = part.valueStart;
        valueEnd = part.valueEnd;
      }
      if (valueStart === valueEnd) continue;
      const type = bytes[valueStart]!;
      if (type === 0x2a || type === 0x32) {
        if (isTooDeep(cursor, valueStart, valueEnd)) deep = true;
        continue;
      }
      if (i >= MAX_ATTRIBUTES) continue;
      const slot = findKey(bytes, view, keyStart, keyLength);
      if (slot < 0) continue;
      const size = valueEnd - valueStart;
      // Nearly every value is one short text, or one small integer.
      if (type === 0x0a && size > 2 && size < 130 && bytes[valueStart + 1] === size - 2)
        this.note(slot, Value.TEXT, valueStart + 2, valueEnd);
      else if (type === 0x18 && size <= 3 && bytes[valueEnd - 1]! < 128) {
        this.slotNumber[slot] = (bytes[valueStart + 1]! & 127) + (size === 3 ? bytes[valueStart + 2]! << 7 : 0);
        this.note(slot, Value.INT, valueStart, valueEnd);
      } else this.looseValue(slot, valueStart, valueEnd);
    }
    return deep;
  }

  /** Any other well-formed KeyValue: long, repeated, missing or unknown fields. Answers in `part`. */
  private looseKeyValue(start: number, end: number): void {
    const cursor = this.cursor;
    const part = this.part;
    part.keyStart = part.valueStart = part.valueEnd = start;
    part.keyLength = 0;
    cursor.at = start;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== KEY && tag !== VALUE) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      if (tag === KEY) {
        part.keyStart = cursor.at;
        part.keyLength = stop - cursor.at;
      } else {
        part.valueStart = cursor.at;
        part.valueEnd = stop;
      }
      cursor.at = stop;
    }
  }

  /** Any other well-formed AnyValue: long, repeated, missing or unknown fields. */
  private looseValue(slot: number, start: number, end: number): void {
    const bytes = this.bytes;
    const cursor = this.cursor;
    cursor.at = start;
    let type: number = Value.OTHER;
    let from = start;
    let to = start;
    let number = 0;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag === 0x0a) {
        to = cursor.lengthEnd(end);
        from = cursor.at;
        cursor.at = to;
        type = Value.TEXT;
      } else if (tag === 0x18 || tag === 0x10) {
        const from = cursor.at;
        number = cursor.varint(end);
        if (number > Number.MAX_SAFE_INTEGER) number = Number(varint64(bytes, from)); // a negative one fills all ten bytes
        type = tag === 0x18 ? Value.INT : Value.BOOL;
      } else if (tag === 0x21) {
        if (cursor.at + 8 > end) throw truncated(cursor.at);
        number = this.view.getFloat64(cursor.at, true);
        cursor.at += 8;
        type = Value.DOUBLE;
      } else cursor.skip(tag, end);
    }
    if (type === Value.OTHER || (type === Value.TEXT && from === to)) return;
    this.slotNumber[slot] = number;
    this.note(slot, type, from, to);
  }

  private note(slot: number, type: number, from: number, to: number): void {
    const group = GROUP_OF[slot]!;
    if (group === Group.PEER && this.slotStamp[slot] !== this.stamp) this.peerSlots[this.peerCount++] = slot;
    this.slotStamp[slot] = this.stamp;
    this.slotType[slot] = type;
    this.slotStart[slot] = from;
    this.slotEnd[slot] = to;
    this.groups |= group;
  }

  private isSet(slot: number): boolean {
    return this.slotStamp[slot] === this.stamp;
  }

  private anySet(slots: readonly number[]): boolean {
    for (let i = 0; i < slots.length; i++) if (this.slotStamp[slots[i]!] === this.stamp) return true;
    return false;
  }

  private slotText(slot: number): string {
    if (this.slotType[slot] === Value.TEXT)
      return text.decode(this.bytes.subarray(this.slotStart[slot], this.slotEnd[slot]));
    if (this.slotType[slot] === Value.BOOL) return this.slotNumber[slot] ? "true" : "false";
    return String(this.slotNumber[slot]);
  }

  private status(start: number, end: number): number {
    const cursor = this.cursor;
    cursor.at = start;
    let code = 0;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag === 0x18) code = cursor.varint(end);
      else cursor.skip(tag, end);
    }
    return code;
  }

  /** Notes a link; false when its ids are not valid. */
  private link(start: number, end: number): boolean {
    const cursor = this.cursor;
    const view = this.view;
    cursor.at = start;
    let traceAt = -1;
    let spanAt = -1;
    while (cursor.at < end) {
      const tag = cursor.varint(end);
      if (tag !== 0x0a && tag !== 0x12) {
        cursor.skip(tag, end);
        continue;
      }
      const stop = cursor.lengthEnd(end);
      if (tag === 0x0a) traceAt = stop - cursor.at === 16 ? cursor.at : -1;
      else spanAt = stop - cursor.at === 8 ? cursor.at : -1;
      cursor.at = stop;
    }
    if (traceAt < 0 || spanAt < 0) return false;
    if (this.linkCount * LINK_WORDS === this.linkWords.length) return true; // bounded; the rest is shown, not followed
    const to = this.linkCount * LINK_WORDS;
    let traceBits = 0;
    for (let i = 0; i < 4; i++) traceBits |= this.linkWords[to + i] = view.getInt32(traceAt + i * 4);
    let spanBits = 0;
    for (let i = 0; i < 2; i++) spanBits |= this.linkWords[to + 4 + i] = view.getInt32(spanAt + i * 4);
    if (traceBits === 0 || spanBits === 0) return false;
    this.linkCount++;
    return true;
  }

  private weight(end: number): number {
    this.cursor.at = this.fieldAt[Field.TRACE_STATE]!;
    const stop = this.cursor.lengthEnd(end);
    return samplingWeight(text.decode(this.bytes.subarray(this.cursor.at, stop)));
  }

  private outcome(kind: SpanKind, status: StatusCode, database: boolean): number {
    if (status !== 2 && (this.groups & Group.CODE) === 0) return 0;
    let http = 0;
    for (let i = 0; i < HTTP_SLOTS.length && http === 0; i++)
      if (this.isSet(HTTP_SLOTS[i]!)) http = this.slotCode(HTTP_SLOTS[i]!);
    let grpc = -1;
    for (let i = 0; i < GRPC_SLOTS.length && grpc < 0; i++) {
      const slot = GRPC_SLOTS[i]!;
      if (!this.isSet(slot)) continue;
      const number = this.slotNumber[slot]!;
      if (this.slotType[slot] === Value.TEXT) grpc = grpcCode(this.slotText(slot));
      else if (this.slotType[slot] !== Value.BOOL && Number.isInteger(number) && number <= 16) grpc = number;
    }
    let errorType = this.isSet(ERROR_TYPE) ? this.slotText(ERROR_TYPE) : "";
    if (this.isSet(ERROR_FLAG)) {
      // Zipkin and OpenTracing: the presence of `error`, unless it says false, is the status.
      const flag = this.slotText(ERROR_FLAG);
      if (flag !== "false") {
        status = 2;
        if (errorType === "" && flag !== "true") errorType = flag;
      }
    }
    if (status !== 2 && http < 400 && grpc <= 0) return 0;
    return outcomeOf({ kind, status, http, grpc, errorType, database });
  }

  /** A code that senders write as a number or as text; 0 when it is neither. */
  private slotCode(slot: number): number {
    const value = this.slotType[slot] === Value.TEXT ? Number(this.slotText(slot)) : this.slotNumber[slot]!;
    return Number.isInteger(value) && value > 0 && value < 1000 ? value : 0;
  }

  /** Set by `peer`: the node id of the far side, or 0. */
  private peerNode = 0;

  /** The far side of the span in the slots. Combinations seen before cost one look-up. */
  private peer(kind: SpanKind, environment: string): Peer {
    this.peerNode = 0;
    const named = (this.groups & (Group.PEER | Group.FALLBACK)) !== 0;
    if (kind <= SpanKind.INTERNAL || (!named && kind < SpanKind.PRODUCER)) return this.plain(kind);
    // A server's peer is its client: only a name counts there, and addresses would make every client a combination.
    const server = kind === SpanKind.SERVER;
    if (server && !this.anySet(SERVICE_SLOTS)) return this.plain(kind);
    const scratch = this.scratch;
    scratch[0] = kind;
    scratch[1] = this.environmentIndex & 255;
    scratch[2] = this.environmentIndex >> 8;
    let length = 3;
    for (let i = 0; i < this.peerCount; i++) {
      if (!server || SERVICE_SLOTS.includes(this.peerSlots[i]!)) length = this.appendSlot(this.peerSlots[i]!, length);
    }
    const needsFallback =
      !server && (this.groups & Group.FALLBACK) !== 0 && !this.anySet(ADDRESS_SLOTS) && !this.anySet(NAME_SLOTS);
    if (needsFallback) for (const slot of FALLBACK_SLOTS) if (this.isSet(slot)) length = this.appendSlot(slot, length);
    if (length > SCRATCH - PEER_VALUE_LIMIT) return this.resolve(kind, environment, needsFallback);
    const key = this.peerKeys.intern(this.scratchView, 0, length);
    const remembered = this.peerMemo[key];
    if (remembered && key !== OVERFLOW_ID) {
      this.peerNode = remembered.id;
      return remembered.peer;
    }
    const peer = this.resolve(kind, environment, needsFallback);
    if (key !== OVERFLOW_ID) this.peerMemo[key] = { id: this.peerNode, peer };
    return peer;
  }

  /** The peer of a span without attributes that name one. */
  private plain(kind: SpanKind): Peer {
    return PLAIN_PEERS[kind]!;
  }

  private appendSlot(slot: number, length: number): number {
    const scratch = this.scratch;
    if (length > SCRATCH - PEER_VALUE_LIMIT - 16) return SCRATCH;
    scratch[length++] = slot;
    if (this.slotType[slot] !== Value.TEXT) {
      this.scratchView.setFloat64(length, this.slotNumber[slot]!);
      return length + 8;
    }
    const start = this.slotStart[slot]!;
    const size = Math.min(this.slotEnd[slot]! - start, PEER_VALUE_LIMIT - 1);
    scratch[length++] = size;
    // Four bytes a step; up to three bytes too many are copied and then overwritten or left out.
    if (start + size + 3 < this.bytes.length) {
      for (let i = 0; i < size; i += 4) this.scratchView.setInt32(length + i, this.view.getInt32(start + i));
    } else for (let i = 0; i < size; i++) scratch[length + i] = this.bytes[start + i]!;
    return length + size;
  }

  private resolve(kind: SpanKind, environment: string, fallback: boolean): Peer {
    const attributes: PeerAttributes = {};
    let flawed = false;
    const take = (slot: number): void => {
      if (this.slotType[slot] === Value.TEXT) flawed ||= !isUtf8(this.bytes, this.slotStart[slot], this.slotEnd[slot]);
      attributes[KNOWN_KEYS[slot]!.key as KnownKeyName] = cutName(this.slotText(slot), PEER_VALUE_LIMIT - 1);
    };
    for (let i = 0; i < this.peerCount; i++) take(this.peerSlots[i]!);
    if (fallback) for (const slot of FALLBACK_SLOTS) if (this.isSet(slot)) take(slot);
    const peer = resolvePeer(kind, attributes, environment);
    this.peerNode = peer.node === null ? 0 : this.directory.internNode(peer.node);
    if (flawed && peer.node?.id.includes("\ufffd")) this.badPeers.add(this.peerNode);
    return peer;
  }
}

/** The tags of a Span's fields. */
const Field = {
  TRACE_ID: 0x0a,
  SPAN_ID: 0x12,
  TRACE_STATE: 0x1a,
  PARENT_ID: 0x22,
  NAME: 0x2a,
  KIND: 0x30,
  START: 0x39,
  END: 0x41,
  ATTRIBUTE: 0x4a,
  LINK: 0x6a,
  STATUS: 0x7a,
} as const;
/** The tags of a KeyValue's fields. */
const KEY = 0x0a;
const VALUE = 0x12;

// How the value of a field lies, by its tag, if the tag is one byte, in one word: bits 0-8 the largest first byte for which
// it holds (0 = never), bits 9-12 the size of the value, bits 16-23 the mask of the first byte that adds to the size, bit 24
// whether it is an attribute. Everything else (long lengths, wide tags, groups) takes the slow way.
const LAYOUT = new Int32Array(256);
for (let tag = 8; tag < 128; tag++) {
  const wire = tag & 7;
  if (wire === VARINT) LAYOUT[tag] = 128 | (1 << 9);
  else if (wire === LENGTH) LAYOUT[tag] = 128 | (1 << 9) | (255 << 16);
  else if (wire === FIXED64) LAYOUT[tag] = 256 | (8 << 9);
  else if (wire === FIXED32) LAYOUT[tag] = 256 | (4 << 9);
}
LAYOUT[Field.ATTRIBUTE]! |= 1 << 24;
const IS_PART = new Uint8Array(256);
IS_PART[KEY] = 1;
IS_PART[VALUE] = 1;

const EMPTY = new Uint8Array(0);
const SCOPE_SPANS = 0x12;
/** `instrumentation_library_spans`, field 1000, of senders before OTLP 0.19; the same shape under another number. */
const OLD_SCOPE_SPANS = (1000 << 3) | 2;

/** Little-endian fixed64 nanoseconds to whole microseconds, exactly: 2^32 = 4294967 x 1000 + 296. */
function microseconds(bytes: DataView, at: number): number {
  const low = bytes.getUint32(at, true);
  const high = bytes.getUint32(at + 4, true);
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const next = new Int32Array(array.length * 2);
  next.set(array);
  return next;
}
