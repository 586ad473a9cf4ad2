import { describe, expect, it } from "vitest";
import { Role } from "@/lib/domain/role";
import { findCycles } from "@/lib/graph/find-cycles";
import { typeCycle } from "@/lib/graph/type-cycle";
import type { ChainSpan } from "@/lib/graph/walk-traces";
import { loopGraph } from "@/test/helpers/loop-graph";

/**
 * Spans of one trace a line, one call a word: "1:A" a root of service A, "1>2:B" a call that 2 answers, "1!2:B" the same without
 * a client span and outliving its parent, "1~2:B" a message that names its producer by a link into another trace.
 */
function spansOf(...lines: string[]): ChainSpan[] {
  const byNumber = new Map<string, ChainSpan>();
  const spans: ChainSpan[] = [];
  for (const [line, text] of lines.entries()) {
    for (const word of text.split(" ")) {
      const [, from, how, number, service] = /^(?:(\w+)([>!~]))?(\w+):(\w+)$/.exec(word)!;
      const caller = from === undefined ? undefined : byNumber.get(from);
      const span = (over: Partial<ChainSpan>): ChainSpan => ({
        traceId: `t${line + 1}`,
        spanId: number!,
        parentSpanId: "",
        service: service!,
        operation: `op ${service}`,
        role: Role.SERVER,
        startUs: spans.length * 10,
        durationUs: 1000 - spans.length * 20,
        links: [],
        ...over,
      });
      const calling = (role: Role): string => {
        const spanId = `${from}-${number}`;
        spans.push(
          span({ spanId, role, service: caller!.service, traceId: caller!.traceId, parentSpanId: caller!.spanId }),
        );
        return spanId;
      };
      let made: ChainSpan;
      if (how === ">") made = span({ parentSpanId: from === "lost" ? "lost" : calling(Role.CLIENT) });
      else if (how === "!") made = span({ parentSpanId: from!, durationUs: 9_000 });
      else if (how === "~")
        made = span({ role: Role.PROCESS, links: [{ traceId: caller!.traceId, spanId: calling(Role.PUBLISH) }] });
      else made = span({});
      byNumber.set(number!, made);
      spans.push(made);
    }
  }
  return spans;
}

function typed(arrows: string, ...lines: string[]) {
  const { knots } = findCycles(loopGraph(arrows));
  expect(knots).toHaveLength(1);
  const spans = spansOf(...lines);
  return typeCycle(knots[0]!, { traces: [...new Set(spans.map(({ traceId }) => traceId))], all: true, spans });
}

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
    expect(typeCycle(knots[0]!, { traces: ["t"], all: true, spans }).type).not.toBe("reentrant");
  });
});
