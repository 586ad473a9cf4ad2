// Loops by operation: those that can go round again and again, and those that only look so from afar.
import { describe, expect, it } from "vitest";
import type { CycleOperations } from "@/lib/contract/cycles";
import { Role } from "@/lib/domain/role";
import { findCycles } from "@/lib/graph/find-cycles";
import { operationText } from "@/lib/graph/loop-text";
import type { ChainSpan } from "@/lib/graph/span-chains";
import { typeCycle } from "@/lib/graph/type-cycle";
import { seededRandom } from "@/lib/simulate/random";
import { lookedAt, spansOf, typed } from "@/test/helpers/chain-spans";
import { loopGraph } from "@/test/helpers/loop-graph";

/** The verdict and the way, as one line. */
const line = (operations: CycleOperations): string => `${operations.verdict}: ${operationText(operations)}`;
const byOperation = (arrows: string, ...lines: string[]): string => line(typed(arrows, ...lines).operations);

/** Likewise, with the spans changed before they are looked at. */
function changed(arrows: string, lines: readonly string[], change: (span: ChainSpan) => Partial<ChainSpan>) {
  const [knot] = findCycles(loopGraph(arrows)).knots;
  const spans = spansOf(...lines).map((span) => ({ ...span, ...change(span) }));
  return typeCycle(knot!, lookedAt(knot!, spans));
}

describe("a loop of services by operation", () => {
  it("is none where the operation that closes it calls nobody", () => {
    const { type, recursion, operations } = typed("A>B B>A", "1:A/a 1>2:B/b 2>3:A/c", "4:A/a 4>5:B/b");
    expect([type, recursion]).toEqual(["reentrant", false]);
    expect(operations).toMatchObject({
      verdict: "none",
      steps: [
        { service: "A", operation: "a", kind: "sync", calls: 2 },
        { service: "B", operation: "b", kind: "sync", calls: 1 },
        { service: "A", operation: "c", kind: null, calls: null },
      ],
      calls: 3,
      unknown: 0,
    });
  });

  it("is one where the same operation is reached again", () => {
    const { recursion, operations } = typed("A>B B>A", "1:A/a 1>2:B/b 2>3:A/a 3>4:B/b");
    expect(recursion).toBe(true);
    expect(operations).toMatchObject({
      verdict: "loop",
      steps: [
        { service: "A", operation: "a", kind: "sync", calls: 2 },
        { service: "B", operation: "b", kind: "sync", calls: 1 },
      ],
      calls: 3,
    });
  });

  it("twin: with one operation a service, the first of these would be a loop", () => {
    const merged = changed("A>B B>A", ["1:A/a 1>2:B/b 2>3:A/c", "4:A/a 4>5:B/b"], () => ({ operation: "any" }));
    expect(merged.operations.verdict).toBe("loop");
  });

  it("can be one though no request was seen going round, and none though services look entangled", () => {
    const can = typed("A>B B>A", "1:A/a 1>2:B/b", "3:B/b 3>4:A/a");
    expect([can.type, line(can.operations)]).toEqual(["across", "loop: a → b → a"]);
    const cannot = typed("A>B B>A", "1:A/a 1>2:B/b", "3:B/other 3>4:A/c");
    expect([cannot.type, line(cannot.operations)]).toEqual(["across", "none: a → b"]);
  });

  it("closes through a message too", () => {
    expect(byOperation("A>B B~t:q~A", "1:A/a 1>2:B/b", "2~3:A/a")).toBe("loop: a → b ⇢ a");
    expect(byOperation("A>B B~t:q~A", "1:A/a 1>2:B/b", "2~3:A/c")).toBe("none: a → b ⇢ c");
  });

  it("is the shortest of several, wherever in the knot it is", () => {
    expect(byOperation("A>B B>C C>A C>D D>C", "1:A/a 1>2:B/b 2>3:C/c 3>4:A/a", "5:C/x 5>6:D/d 6>7:C/x")).toBe(
      "loop: x → d → x",
    );
  });

  it("goes on below a call of a service to itself", () => {
    // B is called by x, not by a: that is where the chain comes back to.
    expect(byOperation("A>B B>A", "1:A/a 1>2:A/x 2>3:B/b 3>4:A/x")).toBe("loop: x → b → x");
    expect(byOperation("A>B B>A", "1:A/a 1>2:A/x 2>3:B/b 3>4:A/a")).toBe("loop: a → b → a");
    expect(byOperation("A>B B>A", "1:A/a 1>2:A/x 2>3:B/b 3>4:A/y")).toBe("none: a → b → y");
  });

  it("work inside a service belongs to the operation that was called", () => {
    const inner = (span: ChainSpan): Partial<ChainSpan> =>
      span.spanId === "2" ? { parentSpanId: "1", service: "A", role: Role.SERVER } : {};
    // A second server span right under the first is not another operation.
    expect(line(changed("A>B B>A", ["1:A/a 1>2:A/framework 2>3:B/b 3>4:A/a"], inner).operations)).toBe(
      "loop: a → b → a",
    );
  });

  it("looks through gateways, which serve many behind one operation", () => {
    const trace = "1:A/a 1>2:gw/route 2>3:B/b 3>4:gw/route 4>5:A/c";
    expect(byOperation("A>gw gw>B B>gw gw>A", trace)).toBe("none: a → b → c");
    expect(byOperation("A>gw gw>B B>gw gw>A", trace.replace("A/c", "A/a"))).toBe("loop: a → b → a");
    expect(byOperation("A>gw gw>A", "1:A/a 1>2:gw/route 2>3:A/c")).toBe("none: a → c");
    expect(byOperation("A>gw gw>A", "1:A/a 1>2:gw/route 2>3:A/a")).toBe("loop: a → a");
    // Twin: were it a service like others, its operation would close a loop.
    expect(byOperation("A>xx xx>B B>xx xx>A", trace.replaceAll("gw", "xx"))).toBe("loop: route → b → route");
  });

  it("is not known where a step was not seen, traces miss spans, or calls come from outside operations", () => {
    expect(typed("A>B B>A").operations).toMatchObject({ verdict: "unknown", steps: [], calls: 0 });
    expect(byOperation("A>B B>A", "1:A/a 1>2:B/b")).toBe("unknown: a → b");
    expect(byOperation("A>B B>A", "1:A/a 1>2:B/b", "lost>3:B/x 3>4:A/c")).toBe("unknown: a → b");
    const lines = ["1:A/a 1>2:B/b", "3:B/x 3>4:A/c", "5:A/job 5>6:B/b"];
    expect(line(changed("A>B B>A", lines, () => ({})).operations)).toBe("none: a → b");
    const job = changed("A>B B>A", lines, ({ spanId }) => (spanId === "5" ? { role: Role.INTERNAL } : {}));
    expect(job.operations).toMatchObject({
      verdict: "unknown",
      text: "Of 3 calls seen 1 was made outside any operation: what these lead to is not known.",
      calls: 3,
      unknown: 1,
    });
  });

  it("names at most twenty of a long chain", () => {
    const ring = Array.from({ length: 30 }, (_, i) => `s${i}>s${(i + 1) % 30}`);
    const words = Array.from({ length: 30 }, (_, i) => `${i + 1}>${i + 2}:s${(i + 1) % 30}/o${i + 1}`);
    const { verdict, steps, calls } = typed(ring.join(" "), `1:s0/o0 ${words.join(" ")}`).operations;
    expect([verdict, steps.length, calls]).toEqual(["none", 20, 30]);
  });

  it("is what walking from every operation finds, in random traces", () => {
    const seen = { loop: 0, other: 0 };
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(`operations ${seed}`);
      const pick = (): string => `${"ABC"[random.below(3)]}/${"wxyz"[random.below(4)]}`;
      const calls = new Map<string, Set<string>>();
      let number = 0;
      const lines = Array.from({ length: 1 + random.below(3) }, () => {
        const made = [{ number: ++number, place: pick() }];
        const words = [`${number}:${made[0]!.place}`];
        for (let call = random.below(4); call >= 0; call--) {
          const by = made[random.below(made.length)]!;
          const place = pick();
          made.push({ number: ++number, place });
          words.push(`${by.number}>${number}:${place}`);
          calls.set(by.place, (calls.get(by.place) ?? new Set()).add(place));
        }
        return words.join(" ");
      });
      const reaches = (from: string, to: string): boolean => {
        const reached = new Set([from]);
        for (const at of reached) for (const next of calls.get(at) ?? []) reached.add(next);
        return reached.has(to);
      };
      // Round through another service: by some call that leaves one.
      const expected = [...calls].some(([by, called]) =>
        [...called].some((place) => place[0] !== by[0] && reaches(place, by)),
      );
      const { operations } = typed("A>B B>A B>C C>B A>C C>A", ...lines);
      expect([seed, operations.verdict === "loop"]).toEqual([seed, expected]);
      seen[expected ? "loop" : "other"]++;
    }
    expect(Math.min(seen.loop, seen.other)).toBeGreaterThan(20);
  });
});
