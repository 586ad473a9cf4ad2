import { describe, expect, it } from "vitest";
import { findCycles } from "@/lib/graph/find-cycles";
import { MOST_TRACES, probeEdges } from "@/lib/graph/probe-edges";
import { loopGraph } from "@/test/helpers/loop-graph";

const probes = (arrows: string): (readonly [string, number])[] =>
  probeEdges(findCycles(loopGraph(arrows)).knots[0]!).map(({ edge, most }) => [edge.id, most]);

describe("edges whose traces are looked at", () => {
  it("the rarest of the loop first, with most of the traces", () => {
    expect(probes("A>B=1190 B>C=1190 C>A=49")).toEqual([
      ["C>A", 180],
      ["A>B", 10],
      ["B>C", 10],
    ]);
  });

  it("ties go by name", () => {
    expect(probes("B>A=5 A>B=5")[0]).toEqual(["A>B", 190]);
  });

  it("the rarest of the loop shown, though the cut lies elsewhere; the cut's edges too", () => {
    // Cutting A→B costs 30, cutting B→A and C→A 20 + 15; B→A is rarer on the loop of two.
    expect(probes("A>B=30 B>A=20 B>C=25 C>A=15")).toEqual([
      ["B>A", 190],
      ["A>B", 10],
    ]);
    // The loop of two is A, B; the cut takes C→A as well.
    expect(probes("A>B=90 B>A=20 B>C=70 C>A=15").map(([id]) => id)).toEqual(["B>A", "A>B", "C>A"]);
  });

  it("never more in all than are looked at", () => {
    const names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    const complete = names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a}>${b}`)).join(" ");
    const ring = Array.from({ length: 2000 }, (_, i) => `s${i}>s${(i + 1) % 2000}`).join(" ");
    for (const arrows of [complete, ring, "A>B B>A"]) {
      const all = probes(arrows);
      expect(all.reduce((sum, [, most]) => sum + most, 0)).toBeLessThanOrEqual(MOST_TRACES);
      expect(all[0]![1]).toBeGreaterThanOrEqual(MOST_TRACES / 2);
      expect(Math.min(...all.map(([, most]) => most))).toBeGreaterThan(0);
    }
  });

  it("none of a message that was not followed, which no trace shows", () => {
    expect(probes("A>B=9 B~t:x=1 t:x~A=1")).toEqual([["A>B", 200]]);
    expect(probes("A~t:x t:x~B B~t:y t:y~A")).toEqual([]);
  });
});
