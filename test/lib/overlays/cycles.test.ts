import { describe, expect, it } from "vitest";
import { mapModel } from "@/components/map/map-model";
import type { Cycles } from "@/lib/contract/cycles";
import type { Graph } from "@/lib/contract/graph";
import { answerCycles } from "@/lib/graph/answer-cycles";
import { NO_TRACES } from "@/lib/graph/type-cycle";
import { cycleNamed, cycles } from "@/lib/overlays/cycles";
import { loopGraph } from "@/test/helpers/loop-graph";

const GRAPH = loopGraph(
  "users>orders=90 orders>inventory=60 inventory>pricing=60 pricing>orders=6 billing>ledger=40 ledger~t:paid~billing=20 orders>billing=5",
);
const answer = (): Promise<Cycles> => answerCycles(GRAPH, async () => NO_TRACES);
const make = (graph: Graph, found: Cycles | null, cycle: string | null) =>
  cycles.make({ graph, before: null, sla: null, cycles: found, cycle, option: "", subject: null });

describe("the cycles overlay", () => {
  it("lights up one loop, numbers its members and marks where to cut it", async () => {
    const found = await answer();
    const chosen = found.cycles.find(({ members }) => members[0]!.id === "orders")!;
    const overlay = make(GRAPH, found, chosen.id);
    expect(overlay.bands).toEqual([
      {
        members: ["orders", "inventory", "pricing"],
        topics: [],
        edges: new Set(["orders>inventory", "inventory>pricing", "pricing>orders"]),
        cut: new Set(["pricing>orders"]),
        broad: false, // nothing is known of its traces
        numbered: true,
      },
    ]);
    expect([...overlay.spotlight!.nodes].sort()).toEqual(["inventory", "orders", "pricing"]);
    const edge = (id: string) => overlay.edge(GRAPH.edges.find((candidate) => candidate.id === id)!, 3);
    expect(edge("inventory>pricing")).toMatchObject({ marked: true, text: "20.0 /min" });
    expect(edge("orders>billing").marked).toBeUndefined();
    expect(overlay.spotlight!.text).toBe(`cycle ${found.cycles.indexOf(chosen) + 1} of 2, 3 members`);
  });

  it("takes the topic along, which is no member", async () => {
    const found = await answer();
    const chosen = found.cycles.find(({ members }) => members.some(({ id }) => id === "billing"))!;
    const overlay = make(GRAPH, found, chosen.id);
    expect(overlay.bands![0]).toMatchObject({ members: ["billing", "ledger"], topics: ["t:paid"] });
    expect([...overlay.spotlight!.nodes].sort()).toEqual(["billing", "ledger", "t:paid"]);
  });

  it("marks a hop that other messages take too", async () => {
    // Nobody comes back from mail: its deliveries share the way into the topic with those of the loop.
    const graph = loopGraph("a~t:x~mail=50 a~t:x~b=20 b>a=10");
    const found = await answerCycles(graph, async () => NO_TRACES);
    const model = mapModel(graph, make(graph, found, "1"));
    const display = (from: string, to: string) => model.arcById.get(JSON.stringify([from, to]))!.display;
    expect(display("a", "t:x").marked).toBe(true);
    expect(display("t:x", "b")).toMatchObject({ marked: true, text: "2.00 /min" });
    expect(display("t:x", "mail").marked).toBeUndefined();
  });

  it("shows all of them, without numbers, while none is chosen or the one chosen is not there", async () => {
    const found = await answer();
    for (const cycle of [null, "nobody", "3"]) {
      const overlay = make(GRAPH, found, cycle);
      expect(overlay.bands!.map(({ members, numbered }) => [members.length, numbered]).sort()).toEqual([
        [2, false],
        [3, false],
      ]);
      expect(overlay.spotlight!.text).toBe("2 cycles");
    }
  });

  it("fades nothing without a cycle, and before the answer has come", () => {
    const acyclic = loopGraph("a>b b>c");
    for (const found of [null, { cycles: [] } as unknown as Cycles]) {
      const overlay = make(acyclic, found, null);
      expect([overlay.spotlight, overlay.bands, overlay.legend]).toEqual([null, [], []]);
    }
  });

  it("is named by its id or by its place in the list", async () => {
    const found = await answer();
    const [first, second] = found.cycles;
    expect(cycleNamed(found, second!.id)).toBe(second);
    expect(cycleNamed(found, "1")).toBe(first);
    expect(cycleNamed(found, "2")).toBe(second);
    for (const name of [null, "", "0", "3", "-1", "1.0", "x"]) expect(cycleNamed(found, name)).toBeUndefined();
  });
});
