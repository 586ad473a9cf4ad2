import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arc, pathsThrough, pathsThroughArc } from "@/lib/graph/reach";

const arcs = (...pairs: string[]): Arc[] => pairs.map((pair) => ({ id: pair, from: pair[0]!, to: pair[1]! }));

describe("paths through", () => {
  it("a node: what leads to it and what it leads to, not its siblings", () => {
    const { nodes, arcs: used } = pathsThrough(arcs("ab", "bc", "bd", "ae", "ef"), ["c"]);
    expect([...nodes].sort()).toEqual(["a", "b", "c"]);
    expect([...used].sort()).toEqual(["ab", "bc"]);
  });

  it("an arc: itself too, in a loop as well", () => {
    const all = arcs("ab", "bc", "ca", "cd");
    const { nodes, arcs: used } = pathsThroughArc(all, all[1]!);
    expect([...nodes].sort()).toEqual(["a", "b", "c", "d"]);
    expect([...used].sort()).toEqual(["ab", "bc", "ca", "cd"]);
  });

  it("every arc that is on such a path and no other, against all simple reachability", () => {
    const letters = fc.constantFrom(..."abcdefg");
    fc.assert(
      fc.property(fc.array(fc.tuple(letters, letters), { maxLength: 14 }), letters, (pairs, start) => {
        const all = pairs.map(([from, to], at) => ({ id: String(at), from, to }));
        const reaches = (from: string, to: string): boolean => {
          const seen = new Set([from]);
          for (const node of seen) for (const arc of all) if (arc.from === node) seen.add(arc.to);
          return seen.has(to);
        };
        const expected = all.filter(({ from, to }) => reaches(start, from) || reaches(to, start)).map(({ id }) => id);
        expect([...pathsThrough(all, [start]).arcs].sort()).toEqual(expected.sort());
      }),
    );
  });
});
