import { describe, expect, it } from "vitest";
import { cheapestCut } from "@/lib/graph/cheapest-cut";
import { components } from "@/lib/graph/components";
import { findCycles } from "@/lib/graph/find-cycles";
import { seededRandom } from "@/lib/simulate/random";
import { loopGraph } from "@/test/helpers/loop-graph";

const loopsOf = (arrows: string): string[] =>
  findCycles(loopGraph(arrows)).knots.map(({ loop }) => loop.map(({ caller }) => caller).join(" "));
const only = (arrows: string) => {
  const { knots } = findCycles(loopGraph(arrows));
  expect(knots).toHaveLength(1);
  return knots[0]!;
};
const everyPair = (names: readonly string[]): string =>
  names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a}>${b}`)).join(" ");
const NAMES = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

describe("who depends on himself", () => {
  it("A→B→C→A and C⇄D are one knot, with the shorter loop shown", () => {
    const knot = only("A>B B>C C>A C>D D>C");
    expect(knot.services).toEqual(["A", "B", "C", "D"]);
    expect(knot.loop.map(({ caller }) => caller)).toEqual(["C", "D"]);
    expect(knot.cut.edges).toHaveLength(2);
  });

  it.each([4, 8, 10])("a complete graph of %i services is one knot with a loop of two", (size) => {
    const knot = only(everyPair(NAMES.slice(0, size)));
    expect(knot.services).toHaveLength(size);
    expect(knot.loop.map(({ caller }) => caller)).toEqual(["A", "B"]);
    // Of every pair one direction has to go.
    expect(knot.cut.edges).toHaveLength((size * (size - 1)) / 2);
    expect(knot.cut.exact).toBe(true);
  });

  it("chains, self-calls and what was not called in the window are no loops", () => {
    expect(loopsOf("A>B B>C A>C")).toEqual([]);
    expect(loopsOf("A>B B>A=0")).toEqual([]);
    const { knots, selfCalls } = findCycles(loopGraph("A>A=7 A>B"));
    expect(knots).toEqual([]);
    expect(selfCalls.map(({ node, kind, edges }) => [node, kind, edges[0]!.calls])).toEqual([["A", "sync", 7]]);
  });

  it("a topic closes a loop and is no member, whether or not its messages were followed", () => {
    const followed = only("A>B B~t:x~A");
    expect(followed.loop.map(({ caller, kind, via }) => [caller, kind, via])).toEqual([
      ["A", "sync", null],
      ["B", "async", "t:x"],
    ]);
    const sides = only("A>B B~t:x t:x~A");
    expect(sides.services).toEqual(["A", "B"]);
    expect(sides.loop.map(({ edges }) => edges.map(({ id }) => id))).toEqual([["A>B"], ["B~t:x", "t:x~A"]]);
    expect(sides.id).toBe(followed.id);
    expect(findCycles(loopGraph("A~t:x t:x~A")).selfCalls.map(({ node, via }) => [node, via])).toEqual([["A", "t:x"]]);
  });

  it("a message that was not followed meets the others of its topic", () => {
    // C reads what B sends; what A sends to the same topic was never seen to arrive, so C may be who reads it.
    const sent = only("A~t:x=4 B~t:x~C=9 C>A=7");
    expect(sent.services).toEqual(["A", "C"]);
    expect(sent.loop.map(({ caller, edges }) => [caller, ...edges.map(({ id }) => id)])).toEqual([
      ["C", "C>A"],
      ["A", "A~t:x", "B~t:x~C"],
    ]);
    expect([...sent.unfollowed]).toEqual(["t:x"]);
    expect(sent.cut.edges.map(({ id }) => id)).toEqual(["A~t:x"]);
    expect(sent.cut.exact).toBe(true);
    // Likewise one that reads what nobody was seen to send.
    expect(only("t:x~A=4 B~t:x~C=9 A>B=7").loop.map(({ edges }) => edges.map(({ id }) => id))).toEqual([
      ["A>B"],
      ["B~t:x~C", "t:x~A"],
    ]);
  });

  it("messages that were followed meet nobody else's, and their service's others go the same way", () => {
    expect(loopsOf("A~t:x~B C~t:x~D D>A")).toEqual([]);
    // Some of A's messages were lost; the others say that they go to B.
    expect(loopsOf("A~t:x~B A~t:x=1 C~t:x~D D>A")).toEqual([]);
    expect(loopsOf("A~t:x=1 C~t:x~D D>A")).toEqual(["D A"]);
    expect(findCycles(loopGraph("A~t:x=1 C~t:x~A")).selfCalls).toEqual([]);
  });

  it("begins at the member with most calls from outside, ties by name", () => {
    expect(loopsOf("C>A A>B B>C users>B=5 users>C=3")).toEqual(["B C A"]);
    expect(loopsOf("C>A A>B B>C users>B=5 users>C=9")).toEqual(["C A B"]);
    expect(loopsOf("C>A A>B B>C")).toEqual(["A B C"]);
    expect(loopsOf("C>B B>C users>B=5 users>C=5")).toEqual(["B C"]);
  });

  it("the cut is the edge with least traffic that breaks every loop", () => {
    const knot = only("A>B=1190 B>C=1190 C>A=49");
    expect(knot.cut.edges.map(({ id }) => id)).toEqual(["C>A"]);
    // A→B lies on both loops: cutting it costs 30, cutting B→A and C→A 20 + 15.
    const shared = only("A>B=30 B>A=20 B>C=25 C>A=15");
    expect(shared.cut.edges.map(({ id }) => id)).toEqual(["A>B"]);
    expect(shared.breaks(shared.cut.edges[0]!)).toBe(true);
    expect(shared.breaks(shared.loop[1]!.edges[0]!)).toBe(false);
  });

  it("knows a loop that closes only through a gateway", () => {
    expect(only("A>gw gw>B B>gw gw>A").hubOnly).toBe(true);
    expect(only("A>gw gw>B B>A B>gw gw>A A>B").hubOnly).toBe(false);
  });

  it("ids depend on the environment and the services, not on edges or their order", () => {
    const id = only("A>B B>C C>A").id;
    expect(only("C>A=3 B>C A>B=1 B>A").id).toBe(id);
    expect(only("A>B B>D D>A").id).not.toBe(id);
    expect(findCycles({ ...loopGraph("A>B B>C C>A"), environment: "other" }).knots[0]!.id).not.toBe(id);
  });
});

/** Every order of the vertices tried. */
function bruteCut(size: number, arcs: readonly { from: number; to: number; weight: number }[]): number {
  let best = Number.POSITIVE_INFINITY;
  const order: number[] = [];
  const visit = (): void => {
    if (order.length === size) {
      const at = order.map((_, vertex) => order.indexOf(vertex));
      const cost = arcs.reduce((sum, { from, to, weight }) => sum + (at[from]! > at[to]! ? weight : 0), 0);
      best = Math.min(best, cost);
      return;
    }
    for (let vertex = 0; vertex < size; vertex++) {
      if (order.includes(vertex)) continue;
      order.push(vertex);
      visit();
      order.pop();
    }
  };
  visit();
  return best;
}

const randomArcs = (size: number, count: number, seed: string) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const from = random.below(size);
    return { from, to: (from + 1 + random.below(size - 1)) % size, weight: 1 + random.below(50) };
  });
};
const outOf = (size: number, arcs: readonly { from: number; to: number }[]): number[][] => {
  const out: number[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of arcs) out[from]!.push(to);
  return out;
};

describe("the cheapest cut", () => {
  it("is what trying every order finds", () => {
    for (let seed = 0; seed < 40; seed++) {
      const size = 2 + (seed % 5);
      const arcs = randomArcs(size, size * 2, `cut ${seed}`);
      const { arcs: cut, exact } = cheapestCut(size, arcs);
      expect(exact).toBe(true);
      expect(cut.reduce((sum, arc) => sum + arcs[arc]!.weight, 0)).toBe(bruteCut(size, arcs));
    }
  });

  it("leaves no loop, and is not larger than it has to be, when it is greedy", () => {
    for (let seed = 0; seed < 20; seed++) {
      const arcs = randomArcs(40, 120, `greedy ${seed}`);
      const { arcs: cut, exact } = cheapestCut(40, arcs);
      expect(exact).toBe(false);
      const kept = arcs.filter((_, arc) => !cut.includes(arc));
      expect(components(outOf(40, kept))).toEqual([]);
      for (const arc of cut) expect(components(outOf(40, [...kept, arcs[arc]!])).length).toBeGreaterThan(0);
    }
  });

  it("finds the one rare edge of a long ring", () => {
    const arcs = Array.from({ length: 500 }, (_, from) => ({
      from,
      to: (from + 1) % 500,
      weight: from === 321 ? 1 : 9,
    }));
    expect(cheapestCut(500, arcs).arcs).toEqual([321]);
  });
});

/** Who reaches whom, one walk a vertex. */
function naiveComponents(out: readonly (readonly number[])[]): number[][] {
  const reach = out.map((_, start) => {
    const seen = new Set<number>();
    const queue = [...out[start]!];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...out[at]!);
    }
    return seen;
  });
  const done = new Set<number>();
  return out.flatMap((_, a) => {
    if (done.has(a)) return [];
    const same = out.flatMap((_, b) => (a === b || (reach[a]!.has(b) && reach[b]!.has(a)) ? [b] : []));
    for (const vertex of same) done.add(vertex);
    return same.length > 1 ? [same] : [];
  });
}

it("components are who reaches each other", () => {
  for (let seed = 0; seed < 60; seed++) {
    const size = 2 + (seed % 20);
    const out = outOf(size, randomArcs(size, Math.ceil(size * 1.3), `components ${seed}`));
    expect(components(out)).toEqual(naiveComponents(out));
  }
});

describe("large graphs are answered within 200 ms", () => {
  const ring = (size: number): string => Array.from({ length: size }, (_, i) => `s${i}>s${(i + 1) % size}`).join(" ");
  const wide = (): string => {
    const random = seededRandom("wide");
    return Array.from({ length: 6000 }, () => {
      const from = random.below(2000);
      return `s${from}>s${(from + 1 + random.below(1999)) % 2000}=${1 + random.below(999)}`;
    }).join(" ");
  };
  it.each([
    ["complete graph of 10", everyPair(NAMES)],
    ["ring of 2,000", ring(2000)],
    ["2,000 services, 6,000 edges at random", wide()],
  ])("%s", (name, arrows) => {
    const graph = loopGraph(arrows);
    findCycles(graph);
    const began = performance.now();
    const { knots } = findCycles(graph);
    const ms = performance.now() - began;
    console.log(`${name}: ${ms.toFixed(0)} ms, ${knots[0]!.services.length} services in the first knot`);
    expect(ms).toBeLessThan(2_000); // the benchmark judges the target; a shared test machine cannot
  });
});
