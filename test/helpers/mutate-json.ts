// Damage to JSON that stays JSON more often than not, so that it gets past the parser: values of other types, numbers beyond
// every range, keys twice and under other names, texts that are no text. Half of it is damaged as bytes too.
import type { Random } from "@/lib/simulate/random";
import { mutateBytes } from "./mutate-bytes";

/** A string, a number or a word, with where it stands. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

const VALUES: readonly string[] = [
  "0",
  "-1",
  "-0",
  "0.5",
  "1e308",
  "-1e308",
  "1e999",
  "1e-320",
  "9007199254740993",
  "18446744073709551616",
  "9".repeat(400),
  '"18446744073709551616"',
  '"-9223372036854775809"',
  '"NaN"',
  '"Infinity"',
  '"0x10"',
  '"1e5"',
  "true",
  "null",
  "{}",
  "[]",
  '""',
  "[[]]",
  '[{"key":"k"}]',
  '{"toString":1,"valueOf":2}',
  '[{"toString":null,"valueOf":{}}]',
  '{"__proto__":{"spans":[{}]}}',
  '{"length":4294967295}',
  '"__proto__"',
  '"constructor"',
  '"\\ud800"',
  '"\\u0000\\u2028\\ufeff"',
  '"日本語"',
  `"${"0".repeat(32)}"`,
  `"${"f".repeat(32)}"`,
  `"${"a".repeat(31)}"`,
  `"${"A".repeat(24)}"`,
  '"AAAAAAAAAAAAAAAAAAAAAA=="',
  `"${"x".repeat(10_000)}"`,
  '{"arrayValue":{"values":[{"arrayValue":{"values":[{"intValue":"1"}]}}]}}',
  '{"kvlistValue":{"values":[{"key":"a","value":{"bytesValue":"/+8="}}]}}',
  '{"type":"string","key":"a","value":{"b":[1]}}',
];
/** Deep ones are long, so they are rare. */
const DEEP: readonly string[] = [
  nested("[", "]", 2_000),
  nested("[", "]", 12_000),
  `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`,
  `${'{"arrayValue":{"values":['.repeat(3_000)}${"]}}".repeat(3_000)}`,
];

interface Place {
  readonly from: number;
  readonly to: number;
}

function tokens(text: string): Place[] {
  return Array.from(text.matchAll(TOKEN), ({ index, 0: token }) => ({ from: index, to: index + token.length }));
}

const replaced = (text: string, { from, to }: Place, by: string): string => text.slice(0, from) + by + text.slice(to);

type Mutation = (text: string, places: readonly Place[], random: Random) => string;

const pick = <T>(list: readonly T[], random: Random): T => list[random.below(list.length)]!;

const otherValue: Mutation = (text, places, random) =>
  replaced(text, pick(places, random), pick(random.chance(0.02) ? DEEP : VALUES, random));
/** The text of one token in the place of another: keys become values, ids names. */
const swapped: Mutation = (text, places, random) => {
  const { from, to } = pick(places, random);
  return replaced(text, pick(places, random), text.slice(from, to));
};
/** A key once more in its object, with another value: before it or, as the one that counts, behind it. */
const keyTwice: Mutation = (text, places, random) => {
  const keys = places.filter(({ to }) => text[to] === ":");
  if (keys.length === 0) return text;
  const { from, to } = pick(keys, random);
  const key = text.slice(from, to);
  const objectEnd = text.indexOf("}", to);
  return random.chance(0.5) || objectEnd < 0
    ? replaced(text, { from, to: from }, `${key}:${pick(VALUES, random)},`)
    : replaced(text, { from: objectEnd, to: objectEnd }, `,${key}:${pick(VALUES, random)}`);
};
const numberEdited: Mutation = (text, places, random) => {
  const numbers = places.filter(({ from }) => /["\d-]/.test(text[from]!) && /\d/.test(text[from + 1] ?? ""));
  if (numbers.length === 0) return text;
  const place = pick(numbers, random);
  const at = place.from + random.below(place.to - place.from);
  return replaced(text, { from: at, to: at + random.below(2) }, pick(["0", "9", "-", ".", "e", "9999999999"], random));
};
/** A stretch between brackets once more: spans, tags and endpoints that repeat. */
const partTwice: Mutation = (text, _places, random) => {
  const open = text.indexOf("{", random.below(text.length));
  const close = text.indexOf("}", open);
  return open < 0 || close < 0 ? text : replaced(text, { from: open, to: open }, `${text.slice(open, close + 1)},`);
};
const dropped: Mutation = (text, places, random) => replaced(text, pick(places, random), "");

const MUTATIONS = [otherValue, otherValue, otherValue, swapped, keyTwice, keyTwice, numberEdited, partTwice, dropped];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A damaged copy of one of these JSON texts. */
export function mutateJson(random: Random, corpus: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (random.chance(0.3)) return mutateBytes(random, corpus);
  let text = decoder.decode(pick(corpus, random));
  for (let i = 1 + random.below(4); i > 0; i--) {
    const places = tokens(text);
    if (places.length > 0) text = pick(MUTATIONS, random)(text, places, random);
  }
  const bytes = encoder.encode(text);
  return random.chance(0.2) ? mutateBytes(random, [bytes, ...corpus]) : bytes;
}
