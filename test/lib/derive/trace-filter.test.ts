import { describe, expect, it } from "vitest";
import { TraceFilter } from "@/lib/derive/trace-filter";
import { seededRandom } from "@/lib/simulate/random";

const CAPACITY = 1 << 12;

function traces(name: string, count: number): Int32Array[] {
  const random = seededRandom(name);
  return Array.from({ length: count }, () => Int32Array.from({ length: 4 }, () => random.word()));
}

/** Ids as careless senders make them: 1, 2, 3 in the last word. */
const counted = (from: number, count: number): Int32Array[] =>
  Array.from({ length: count }, (_, i) => Int32Array.of(0, 0, 0, from + i));

describe("TraceFilter", () => {
  for (const [name, known, other] of [
    ["random ids", traces("known", CAPACITY), traces("other", 100_000)],
    ["counted ids", counted(1, CAPACITY), counted(1_000_000, 100_000)],
  ] as const) {
    it(`knows every trace it was given, and hardly any other: ${name}`, () => {
      const filter = new TraceFilter(CAPACITY);
      for (const trace of known) filter.add(trace, 0, 0);
      expect(known.filter((trace) => !filter.mayHave(trace, 0))).toEqual([]);
      expect(other.filter((trace) => filter.mayHave(trace, 0)).length / other.length).toBeLessThan(0.002);
    });
  }

  it("says since when it covers everything, generation by generation", () => {
    const filter = new TraceFilter(CAPACITY);
    const all = traces("many", CAPACITY * 6);
    for (const [i, trace] of all.entries()) {
      filter.add(trace, 0, i);
      // What was added after that time is known.
      if (i % 500 === 0)
        for (let at = Math.max(0, filter.coveredSince + 1); at <= i; at += 97)
          expect(filter.mayHave(all[at]!, 0)).toBe(true);
    }
    expect(filter.coveredSince).toBeGreaterThan(CAPACITY * 3);
    expect(filter.mayHave(all[0]!, 0)).toBe(false);
  });

  it("covers nothing from before it was begun anew", () => {
    const filter = new TraceFilter(CAPACITY);
    filter.startAt(42);
    expect(filter.coveredSince).toBe(42);
    expect(filter.mayHave(traces("none", 1)[0]!, 0)).toBe(false);
  });
});
