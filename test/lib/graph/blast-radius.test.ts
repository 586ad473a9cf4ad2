import { describe, expect, it } from "vitest";
import { blastRadius } from "@/lib/graph/blast-radius";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

const entry = graphNode("entry:user", { kind: "entry", role: null, calls: 0 });
const service = (id: string, calls: number) => graphNode(id, { calls });
const fromOutside = (callee: string, calls: number) => graphEdge("entry:user", callee, { kind: "entry", calls });

describe("blast radius", () => {
  it("weights every entry by how often it reaches the node", () => {
    const graph = graphOf(
      [
        fromOutside("checkout", 200),
        fromOutside("browse", 800),
        graphEdge("checkout", "d", { calls: 180 }),
        graphEdge("browse", "d", { calls: 400 }),
      ],
      [entry, service("checkout", 200), service("browse", 800), service("d", 580)],
    );
    const radius = blastRadius(graph, "d")!;
    expect(radius.entryShare).toBeCloseTo(0.58, 12);
    expect(radius.direct).toEqual(["browse", "checkout"]);
    expect(radius.entries.map(({ callee, share }) => [callee, Number(share.toFixed(9))])).toEqual([
      ["browse", 0.5],
      ["checkout", 0.9],
    ]);
  });

  it("goes through others, a diamond counts once, and messages do not spread it", () => {
    const graph = graphOf(
      [
        fromOutside("a", 100),
        graphEdge("a", "b", { calls: 100 }),
        graphEdge("a", "c", { calls: 100 }),
        graphEdge("b", "d", { calls: 50 }),
        graphEdge("c", "d", { calls: 50 }),
        graphEdge("x", "d", { calls: 100, kind: "async", via: "topic:t" }),
      ],
      [entry, ...["a", "b", "c"].map((id) => service(id, 100)), service("d", 100), service("x", 10)],
    );
    const radius = blastRadius(graph, "d")!;
    expect(radius.reach.get("a")).toBeCloseTo(0.75, 12); // 1 - (1 - 0.5)²
    expect(radius.indirect).toEqual(["a", "entry:user"]);
    expect(radius.reach.has("x")).toBe(false);
  });

  it("does not take a consumer of messages for an entry", () => {
    const graph = graphOf(
      [
        fromOutside("a", 100),
        graphEdge("a", "d", { calls: 50 }),
        graphEdge("a", "worker", { calls: 100, kind: "async", via: "topic:t" }),
        graphEdge("worker", "d", { calls: 100 }),
      ],
      [entry, service("a", 100), service("worker", 100), service("d", 150)],
    );
    const radius = blastRadius(graph, "d")!;
    expect(radius.entryShare).toBeCloseTo(0.5, 12);
    expect(radius.direct).toEqual(["a", "worker"]);
  });

  it("settles in loops", () => {
    const graph = graphOf(
      [
        fromOutside("a", 100),
        graphEdge("a", "b", { calls: 100 }),
        graphEdge("b", "a", { calls: 10 }),
        graphEdge("b", "d", { calls: 50 }),
      ],
      [entry, service("a", 110), service("b", 100), service("d", 50)],
    );
    const { reach } = blastRadius(graph, "d")!;
    // b = 1 - (1 - .5)(1 - .1 a), a = (100/110) b
    expect(reach.get("b")).toBeCloseTo(0.5 + 0.05 * reach.get("a")!, 8);
    expect(reach.get("a")).toBeCloseTo((100 / 110) * reach.get("b")!, 8);
  });

  it("says nothing about what is not there, and knows when nobody asks", () => {
    expect(blastRadius(graphOf([]), "d")).toBeNull();
    const alone = blastRadius(graphOf([], [service("d", 5)]), "d")!;
    expect(alone).toMatchObject({ direct: [], indirect: [], entryShare: null });
  });
});
