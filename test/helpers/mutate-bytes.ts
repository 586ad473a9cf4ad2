// Damage to bytes, seeded: flipped bits, lengths and numbers that lie, parts cut, doubled, moved and taken from other inputs.
import type { Random } from "@/lib/simulate/random";

type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Random, other: Uint8Array) => Uint8Array<ArrayBuffer>;

/** Values at which bounds are missed: lengths, varints, the edges of integers and doubles. */
const EDGES: readonly Uint8Array[] = [
  [0x00],
  [0x7f],
  [0x80],
  [0xff],
  [0x80, 0x01],
  [0xff, 0x7f],
  [0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
  [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
].map((edge) => Uint8Array.from(edge));

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const flipBits: Mutation = (bytes, random) => {
  for (let i = 1 + random.below(8); i > 0; i--) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
};
const changeBytes: Mutation = (bytes, random) => {
  for (let i = 1 + random.below(4); i > 0; i--) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
};
const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1));
const behead: Mutation = (bytes, random) => bytes.slice(random.below(bytes.length));
const cutOut: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(32)));
};
const double: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  const to = from + 1 + random.below(200);
  return joined(bytes.subarray(0, to), bytes.subarray(from));
};
const splice: Mutation = (bytes, random, other) =>
  joined(bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1)));
const putIn: Mutation = (bytes, random, other) => {
  const at = random.below(bytes.length + 1);
  const from = random.below(other.length);
  return joined(bytes.subarray(0, at), other.subarray(from, from + 1 + random.below(300)), bytes.subarray(at));
};
/** A length or a number that lies, in place or moving the rest. */
const putEdge: Mutation = (bytes, random) => {
  const edge = EDGES[random.below(EDGES.length)]!;
  const at = random.below(bytes.length);
  return joined(bytes.subarray(0, at), edge, bytes.subarray(at + (random.chance(0.5) ? edge.length : 1)));
};
/** A length that is off by a little: what lies behind it starts or ends inside something else. */
const nudge: Mutation = (bytes, random) => {
  bytes[random.below(bytes.length)]! += random.below(9) - 4;
  return bytes;
};
const append: Mutation = (bytes, random, other) => joined(bytes, other.subarray(0, random.below(other.length)));

const MUTATIONS = [
  flipBits,
  changeBytes,
  truncate,
  behead,
  cutOut,
  double,
  splice,
  putIn,
  putEdge,
  putEdge,
  nudge,
  nudge,
  append,
];

/** A damaged copy of one of these inputs, which must not be empty: one to four kinds of damage. */
export function mutateBytes(random: Random, corpus: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(corpus[random.below(corpus.length)]!);
  for (let i = 1 + random.below(4); i > 0 && bytes.length > 0; i--)
    bytes = MUTATIONS[random.below(MUTATIONS.length)]!(bytes, random, corpus[random.below(corpus.length)]!);
  return bytes;
}
