import { describe, expect, it } from "vitest";
import { ByteDictionary, OVERFLOW_ID } from "@/lib/domain/byte-dictionary";
import { seededRandom } from "@/lib/simulate/random";

const text = new TextEncoder();
const intern = (dictionary: ByteDictionary, name: string): number => {
  const bytes = text.encode(`<${name}>`); // never from the first byte on
  return dictionary.intern(new DataView(bytes.buffer), 1, bytes.length - 1);
};
const told = (dictionary: ByteDictionary, id: number): string => new TextDecoder().decode(dictionary.bytes(id));

describe("byte strings and their numbers", () => {
  it("equal ones have the same, others another, however alike: beside a Map, at random", () => {
    const seed = `dictionary ${Date.now()}`;
    const random = seededRandom(seed);
    const dictionary = new ByteDictionary();
    const known = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      // The same first and last bytes and lengths, so that only the middle tells them apart; and short ones, and empty.
      const middle = String(random.below(3_000)).padStart(random.below(2) * 5, "0");
      const name = random.chance(0.1) ? "abc".slice(0, random.below(4)) : `GET /products/${middle}/availability`;
      const id = intern(dictionary, name);
      expect(known.get(name) ?? id, `${seed} ${name}`).toBe(id);
      known.set(name, id);
    }
    expect(new Set(known.values()).size).toBe(known.size);
    expect(dictionary.size).toBe(known.size + 1);
    for (const [name, id] of known) expect(told(dictionary, id)).toBe(name);
  });

  it("one that is taken back gives its number to the next", () => {
    const dictionary = new ByteDictionary();
    const first = intern(dictionary, "first name");
    const second = intern(dictionary, "second name");
    dictionary.forgetNewest();
    expect(intern(dictionary, "third name")).toBe(second);
    expect(told(dictionary, second)).toBe("third name");
    expect(intern(dictionary, "second name")).toBe(second + 1);
    expect(intern(dictionary, "first name")).toBe(first);
  });

  it("over the limit all share one", () => {
    const dictionary = new ByteDictionary(2);
    expect([intern(dictionary, "aaaa"), intern(dictionary, "bbbb")]).toEqual([1, 2]);
    for (let again = 0; again < 2; again++) expect(intern(dictionary, "cccc")).toBe(OVERFLOW_ID);
    expect(intern(dictionary, "aaaa")).toBe(1);
  });
});
