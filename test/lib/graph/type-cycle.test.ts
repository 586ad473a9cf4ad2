import { describe, expect, it } from "vitest";
import { findCycles } from "@/lib/graph/find-cycles";
import { probeEdges } from "@/lib/graph/probe-edges";
import { type TracesLookedAt, typeCycle } from "@/lib/graph/type-cycle";
import { lookedAt, spansOf, typed } from "@/test/helpers/chain-spans";
import { loopGraph } from "@/test/helpers/loop-graph";

describe("the type of a loop", () => {
  it("one request that goes A→B→A is re-entrant", () => {
    const cycle = typed("A>B B>A users>A", "1:A 1>2:B 2>3:A");
    expect(cycle).toMatchObject({ type: "reentrant", reentryDepth: 1, recursion: true });
    expect(cycle.witness!.spans.map(({ spanId, depth }) => [spanId, depth])).toEqual([
      ["1", 0],
      ["2", 1],
      ["3", 2],
    ]);
    expect(cycle.share).toEqual({ requests: 1, of: 10 });
  });

  it("A→B in one trace and B→A in another is only across requests", () => {
    expect(typed("A>B B>A", "1:A 1>2:B", "3:B 3>4:A")).toMatchObject({
      type: "across",
      witness: null,
      share: null,
      reentryDepth: 0,
    });
  });

  it("twin: the same two traces under one id would be re-entrant, and are seen as such", () => {
    expect(typed("A>B B>A", "1:A 1>2:B 2>4:A").type).not.toBe("across");
  });

  it("A→B⇢queue⇢A is closed by async, in one trace or in two", () => {
    const cycle = typed("A>B B~t:q~A", "1:A 1>2:B", "2~3:A");
    expect(cycle).toMatchObject({ type: "async", members: [{ id: "A" }, { id: "B" }] });
    expect(cycle.witness!.spans.map(({ traceId }) => traceId)).toEqual(["t1", "t1", "t2"]);
    expect(typed("A>B B~t:q~A", "1:A 1>2:B 2~3:A").type).toBe("async");
  });

  it("a call that nobody waits for closes a loop by async", () => {
    expect(typed("A>B B>A", "1:A 1>2:B 2!3:A").type).toBe("async");
    expect(typed("A>B B>A", "1:A 1>2:B 2>3:A").type).toBe("reentrant");
  });

  it("behind a message, calls that are waited for are re-entrant all the same", () => {
    expect(typed("A~t:q~B B>C C>B B>A", "1:A", "1~2:B 2>3:C 3>4:B").type).toBe("reentrant");
  });

  it("without traces it is unknown, and so it is when too many miss spans", () => {
    expect(typed("A>B B>A")).toMatchObject({ type: "unknown", evidence: { traces: 0, around: 0 } });
    const many = Array.from({ length: 15 }, (_, i) => `a${i}:A a${i}>b${i}:B`);
    expect(typed("A>B B>A", ...many, "lost>x:B").type).toBe("unknown"); // 1 of 16 is more than 5 %
    expect(typed("A>B B>A", ...many, "y:A y>z:B", "w:A w>v:B", "u:A u>s:B", "r:A r>q:B", "lost>x:B").type).toBe(
      "across",
    );
    expect(typed("A>B B>A", "lost>1:A 1>2:B 2>3:A").type).toBe("reentrant");
  });

  it("what goes through messages that nobody followed is unknown, whatever the traces show", () => {
    const cycle = typed("A>B B~t:q t:q~A", "1:A 1>2:B");
    expect(cycle).toMatchObject({ type: "unknown", evidence: { traces: 1, around: 0, rarest: "A>B" } });
    expect(cycle.words.text).toContain("messages through t:q could not be followed");
    expect(typed("A>B B~t:q~A", "1:A 1>2:B").type).toBe("across"); // twin: they could be, and none goes round
    expect(typed("A>B B>A B~t:q t:q~A", "1:A 1>2:B 2>3:A").type).toBe("reentrant");
  });

  it("is unknown where no trace shows the rarest edge, whatever others show", () => {
    const [knot] = findCycles(loopGraph("A>B=9 B>A=3")).knots;
    const spans = spansOf("1:A 1>2:B");
    const looked = (of: readonly string[]): TracesLookedAt => ({
      edges: probeEdges(knot!).map(({ edge }) => ({ edge, traces: edge.id === "A>B" ? ["t1"] : of, all: true })),
      spans,
    });
    const cycle = typeCycle(knot!, looked([]));
    expect(cycle).toMatchObject({ type: "unknown", evidence: { traces: 1, rarest: "B>A" } });
    expect(cycle.words.text).toContain("No stored trace shows a call of the edges that close the loop");
    expect(typeCycle(knot!, looked(["t1"])).type).toBe("across"); // twin
  });

  it("requests that go round are estimated by each edge looked at, none counted twice", () => {
    const [knot] = findCycles(loopGraph("A>B=400 B>A=100 users>A=1000")).knots;
    const spans = spansOf("1:A 1>2:B 2>3:A", "4:A 4>5:B 5>6:A", "7:B 7>8:A", "9:A 9>10:B");
    const [rarest, other] = probeEdges(knot!);
    expect([rarest!.edge.id, other!.edge.id]).toEqual(["B>A", "A>B"]);
    const looked = (all: boolean): TracesLookedAt => ({
      edges: [
        { edge: rarest!.edge, traces: ["t1", "t2", "t3"], all },
        { edge: other!.edge, traces: ["t4", "t1"], all: false },
      ],
      spans,
    });
    // Two of the three traces of B→A go round: 100 × 2/3.
    expect(typeCycle(knot!, looked(false))).toMatchObject({
      share: { requests: 67, of: 1000 },
      evidence: { traces: 4, all: false, around: 2, incomplete: 0 },
    });
    expect(typeCycle(knot!, looked(true))).toMatchObject({
      share: { requests: 2, of: 1000 },
      evidence: { traces: 4, all: true, around: 2 },
    });
  });

  it("a way round elsewhere in the knot counts beside the rarest edge's", () => {
    // The cut is B→A and C→A; C→A is not on the loop of two, whose traces never go round.
    const [knot] = findCycles(loopGraph("A>B=90 B>A=20 B>C=70 C>A=15 users>A=100")).knots;
    const spans = spansOf("1:B 1>2:A", "3:A 3>4:B 4>5:C 5>6:A", "7:A 7>8:B");
    const by = new Map(probeEdges(knot!).map(({ edge }) => [edge.id, edge]));
    const looked: TracesLookedAt = {
      edges: [
        { edge: by.get("B>A")!, traces: ["t1"], all: false },
        { edge: by.get("C>A")!, traces: ["t2"], all: false },
        { edge: by.get("A>B")!, traces: ["t3"], all: false },
      ],
      spans,
    };
    const cycle = typeCycle(knot!, looked);
    expect([cycle.type, cycle.members.map(({ id }) => id)]).toEqual(["reentrant", ["A", "B", "C"]]);
    expect(cycle.share).toEqual({ requests: 15, of: 100 });
    // Twin: by the traces of the rarest edge alone it would pass for harmless.
    expect(typeCycle(knot!, { ...looked, edges: looked.edges.slice(0, 1), spans: spansOf("1:B 1>2:A") }).type).toBe(
      "across",
    );
  });

  it("a loop that only a gateway closes is a hub's, unless a service itself is entered again", () => {
    expect(typed("A>gw gw>B B>gw gw>A", "1:A 1>2:gw 2>3:B").type).toBe("hub");
    expect(typed("A>gw gw>B B>gw gw>A", "1:A 1>2:gw 2>3:B 3>4:gw").type).toBe("hub");
    expect(typed("A>gw gw>B B>gw gw>A", "1:A 1>2:gw 2>3:B 3>4:gw 4>5:A").type).toBe("reentrant");
  });

  it("a service that only calls itself on the way is not entered again", () => {
    expect(typed("A>B B>A", "1:A 1>2:A 2>3:B 3>4:B").type).toBe("across");
  });

  it("counts how often one chain comes back", () => {
    expect(typed("A>B B>A", "1:A 1>2:B 2>3:A 3>4:B 4>5:A").reentryDepth).toBe(2);
  });

  it("shows the loop of the trace, where a shorter one exists only across requests", () => {
    const cycle = typed("A>B B>C C>A C>D D>C users>A=99", "1:A 1>2:B 2>3:C 3>4:A");
    expect(cycle.members.map(({ id }) => id)).toEqual(["A", "B", "C"]);
    expect(cycle.others.map(({ id }) => id)).toEqual(["D"]);
  });

  it("spans that are each other's parents are no trouble", () => {
    const [a, b] = spansOf("1:A", "2:B");
    const { knots } = findCycles(loopGraph("A>B B>A"));
    const spans = [
      { ...a!, parentSpanId: "2", traceId: "t" },
      { ...b!, parentSpanId: "1", traceId: "t" },
    ];
    expect(typeCycle(knots[0]!, lookedAt(knots[0]!, spans)).type).not.toBe("reentrant");
  });
});
