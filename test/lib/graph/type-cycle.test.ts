import { describe, expect, it } from "vitest";
import { findCycles } from "@/lib/graph/find-cycles";
import { typeCycle } from "@/lib/graph/type-cycle";
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
