// Spans of traces as words, and what a loop is by them, for tests of loops.
import { expect } from "vitest";
import type { Cycle } from "@/lib/contract/cycles";
import { Role } from "@/lib/domain/role";
import { findCycles, type Knot } from "@/lib/graph/find-cycles";
import { probeEdges } from "@/lib/graph/probe-edges";
import type { ChainSpan } from "@/lib/graph/span-chains";
import { type TracesLookedAt, typeCycle } from "@/lib/graph/type-cycle";
import { loopGraph } from "./loop-graph";

/**
 * Spans of one trace a line, one call a word: "1:A" a root of service A, "1:A/x" the same with the operation x, "1>2:B" a call
 * that 2 answers, "1!2:B" the same without a client span and outliving its parent, "1~2:B" a message that names its producer by
 * a link into another trace.
 */
export function spansOf(...lines: string[]): ChainSpan[] {
  const byNumber = new Map<string, ChainSpan>();
  const spans: ChainSpan[] = [];
  for (const [line, text] of lines.entries()) {
    for (const word of text.split(" ")) {
      const [, from, how, number, service, operation] = /^(?:(\w+)([>!~]))?(\w+):(\w+)(?:\/(\S+))?$/.exec(word)!;
      const caller = from === undefined ? undefined : byNumber.get(from);
      const span = (over: Partial<ChainSpan>): ChainSpan => ({
        traceId: `t${line + 1}`,
        spanId: number!,
        parentSpanId: "",
        service: service!,
        operation: operation ?? `op ${service}`,
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

/** Every trace, as if each had a call of each edge that is looked for. */
export function lookedAt(knot: Knot, spans: readonly ChainSpan[]): TracesLookedAt {
  const traces = [...new Set(spans.map(({ traceId }) => traceId))];
  return { edges: probeEdges(knot).map(({ edge }) => ({ edge, traces, all: true })), spans };
}

/** The one loop of the graph that the arrows make (`loopGraph`), by these traces. */
export function typed(arrows: string, ...lines: string[]): Cycle {
  const { knots } = findCycles(loopGraph(arrows));
  expect(knots).toHaveLength(1);
  const spans = spansOf(...lines);
  return typeCycle(knots[0]!, lookedAt(knots[0]!, spans));
}
