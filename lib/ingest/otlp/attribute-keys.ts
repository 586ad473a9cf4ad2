// The span attributes that decide the graph, by the current and the older semantic conventions, and a table that finds them
// from bytes. Source: semantic-conventions schemas/1.44.0 (renames) and docs/{database,messaging,http,rpc}.

import { viewOf } from "../../domain/byte-dictionary";

/** What an attribute is for. Attributes of the peer group together name the far side and the messaging operation. */
export const Group = {
  PEER: 1,
  /** Names the far side only when nothing of PEER with a host does; often high in cardinality. */
  FALLBACK: 2,
  CODE: 4,
} as const;
type Group = (typeof Group)[keyof typeof Group];

export interface KnownKey {
  readonly key: string;
  readonly group: Group;
}

/** The position in this list is the key's slot. */
export const KNOWN_KEYS = [
  { key: "service.peer.name", group: Group.PEER },
  { key: "service.peer.namespace", group: Group.PEER },
  { key: "peer.service", group: Group.PEER },
  { key: "db.system.name", group: Group.PEER },
  { key: "db.system", group: Group.PEER },
  { key: "db.namespace", group: Group.PEER },
  { key: "db.name", group: Group.PEER },
  { key: "db.redis.database_index", group: Group.PEER },
  { key: "db.cassandra.keyspace", group: Group.PEER },
  { key: "messaging.system", group: Group.PEER },
  { key: "messaging.destination.name", group: Group.PEER },
  { key: "messaging.destination.template", group: Group.PEER },
  { key: "messaging.destination", group: Group.PEER },
  { key: "messaging.source.name", group: Group.PEER },
  { key: "messaging.operation.type", group: Group.PEER },
  { key: "messaging.operation", group: Group.PEER },
  { key: "message_bus.destination", group: Group.PEER },
  { key: "kafka.topic", group: Group.PEER },
  { key: "server.address", group: Group.PEER },
  { key: "server.port", group: Group.PEER },
  { key: "net.peer.name", group: Group.PEER },
  { key: "net.peer.port", group: Group.PEER },
  { key: "peer.hostname", group: Group.PEER },
  { key: "http.host", group: Group.PEER },
  { key: "url.full", group: Group.FALLBACK },
  { key: "http.url", group: Group.FALLBACK },
  { key: "network.peer.address", group: Group.FALLBACK },
  { key: "net.sock.peer.name", group: Group.FALLBACK },
  { key: "net.sock.peer.addr", group: Group.FALLBACK },
  { key: "net.peer.ip", group: Group.FALLBACK },
  { key: "peer.address", group: Group.FALLBACK },
  { key: "http.response.status_code", group: Group.CODE },
  { key: "http.status_code", group: Group.CODE },
  { key: "rpc.response.status_code", group: Group.CODE },
  { key: "rpc.status_code", group: Group.CODE },
  { key: "rpc.grpc.status_code", group: Group.CODE },
  { key: "grpc.status_code", group: Group.CODE },
  { key: "error.type", group: Group.CODE },
  { key: "error", group: Group.CODE },
] as const satisfies readonly KnownKey[];

export type KnownKeyName = (typeof KNOWN_KEYS)[number]["key"];

const SLOTS = new Map<string, number>(KNOWN_KEYS.map(({ key }, slot) => [key, slot]));

/** The slot of a known key. */
export const slotOf = (key: KnownKeyName): number => SLOTS.get(key)!;

const TABLE_BITS = 9;
const TABLE = new Int8Array(1 << TABLE_BITS).fill(-1);
const NEXT = new Int8Array(KNOWN_KEYS.length).fill(-1);

// Keys as 32-bit words, one after the other; the last word overlaps the one before where the length is no multiple of four.
const WORDS: number[] = [];
const WORDS_FROM = new Uint16Array(KNOWN_KEYS.length);
const LENGTHS = new Uint8Array(KNOWN_KEYS.length);

/** Length, first, middle and last byte tell the known keys apart from nearly everything in one step. */
function place(bytes: Uint8Array, start: number, length: number): number {
  const ends = bytes[start]! + bytes[start + length - 1]! * 31;
  return Math.imul((ends << 12) ^ (bytes[start + (length >> 1)]! << 5) ^ length, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

KNOWN_KEYS.forEach(({ key }, slot) => {
  const bytes = new TextEncoder().encode(key);
  const view = viewOf(bytes);
  WORDS_FROM[slot] = WORDS.length;
  LENGTHS[slot] = view.byteLength;
  for (let i = 0; i < view.byteLength; i += 4) WORDS.push(view.getInt32(Math.min(i, view.byteLength - 4)));
  const at = place(bytes, 0, bytes.length);
  NEXT[slot] = TABLE[at]!;
  TABLE[at] = slot;
});
const KEY_WORDS = Int32Array.from(WORDS);

/** The slot of the key in bytes[start, start + length), or -1. */
export function findKey(bytes: Uint8Array, view: DataView, start: number, length: number): number {
  if (length < 4) return -1;
  for (let slot = TABLE[place(bytes, start, length)]!; slot >= 0; slot = NEXT[slot]!) {
    if (LENGTHS[slot] === length && equals(WORDS_FROM[slot]!, view, start, length)) return slot;
  }
  return -1;
}

function equals(word: number, bytes: DataView, start: number, length: number): boolean {
  const end = start + length - 4;
  for (let at = start; at < end; at += 4) if (KEY_WORDS[word++] !== bytes.getInt32(at)) return false;
  return KEY_WORDS[word] === bytes.getInt32(end);
}
