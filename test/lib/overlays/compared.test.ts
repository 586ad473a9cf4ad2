import { describe, expect, it } from "vitest";
import type { Graph, Quantiles } from "@/lib/contract/graph";
import type { Sla } from "@/lib/contract/sla";
import { blast } from "@/lib/overlays/blast";
import { change } from "@/lib/overlays/change";
import { latency } from "@/lib/overlays/latency";
import type { OverlayKind } from "@/lib/overlays/overlay";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

const none: Quantiles = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null, samples: 0 };
const at = (p99Ms: number, samples = 500): Quantiles => ({
  p50Ms: p99Ms / 4,
  p90Ms: p99Ms / 2,
  p95Ms: p99Ms / 1.5,
  p99Ms,
  samples,
});
const call = (quantiles: Quantiles, more = {}) =>
  graphEdge("a", "b", { calls: 500, latency: { client: quantiles, server: none, gap: none }, ...more });
const shown = (kind: OverlayKind, now: Graph, before: Graph | null, option = "") =>
  kind
    .make({ graph: now, before, sla: null, cycles: null, cycle: null, option, subject: null })
    .edge(now.edges[0]!, 10);

describe("the latency overlay", () => {
  it.each([
    [100, 149, "ok", "149 ms"],
    [100, 150, "warn", "150 ms ×1.5"],
    [100, 200, "bad", "200 ms ×2.0"],
    [0.2, 0.8, "ok", "0.800 ms"],
  ])("p99 of %d ms, then %d ms: %s", (was, is, level, text) => {
    expect(shown(latency, graphOf([call(at(is))]), graphOf([call(at(was))]))).toMatchObject({
      level,
      text,
      marked: true,
    });
  });

  describe("with objectives", () => {
    // b promises 120 ms for p99 of its own work: what its callers wait for is more than that.
    const targets = (targetMs: number, id = "b") =>
      ({
        latency: [{ id, name: id, quantile: "p99", targetMs, measuredMs: null, samples: 0, verdict: null }],
      }) as unknown as Sla;
    const overlay = (now: Graph, sla: Sla | null, option = "server-p99") =>
      latency.make({ graph: now, before: now, sla, cycles: null, cycle: null, option, subject: null });
    const served = (quantiles: Quantiles, more = {}) =>
      graphOf(
        [call(none, { latency: { client: quantiles, server: quantiles, gap: none }, ...more })],
        [graphNode("a"), graphNode("b", { calls: 500, latency: quantiles })],
      );

    it.each([
      [120, "ok", "120 ms ≤ 120 ms"],
      [121, "bad", "121 ms > 120 ms"],
    ])("p99 of %d ms against a target of 120 ms: %s", (is, level, text) => {
      const graph = served(at(is));
      const made = overlay(graph, targets(120));
      expect(made.node(graph.nodes[1]!, 10)).toMatchObject({ level, text });
      expect(made.edge(graph.edges[0]!, 10)).toMatchObject({ level, text });
    });

    it("says nothing of too few samples", () => {
      const graph = served(at(500, 99));
      expect(overlay(graph, targets(120)).node(graph.nodes[1]!, 10)).toMatchObject({
        level: "none",
        text: "500 ms > 120 ms",
      });
    });

    it("leaves to the window before what callers see, other quantiles and other services", () => {
      const graph = served(at(500));
      for (const made of [
        overlay(graph, targets(120), "client-p99"),
        overlay(graph, targets(120), "server-p95"),
        overlay(graph, targets(120, "c")),
        overlay(graph, null),
      ])
        expect(made.edge(graph.edges[0]!, 10)).toMatchObject({ level: "ok", text: expect.not.stringContaining(">") });
      // What sends no spans itself is only seen by its callers.
      const inferred = served(at(500), { inferred: true });
      expect(overlay(inferred, targets(120), "client-p99").edge(inferred.edges[0]!, 10)).toMatchObject({
        level: "bad",
      });
    });

    it("says in the legend what it compares with", () => {
      const graph = served(at(100));
      expect(overlay(graph, targets(120)).legend.at(-1)!.text).toBe("≥ 2×, or over its target");
      expect(overlay(graph, targets(120)).note).toContain(
        "p99 targets of headwater.yaml first, else the window before",
      );
      expect(overlay(graph, targets(120), "server-p50").note).toBe("compared where both windows have enough calls");
    });
  });

  it("compares only what was measured often enough", () => {
    expect(shown(latency, graphOf([call(at(300))]), graphOf([call(at(100, 40))]))).toMatchObject({
      level: "none",
      text: "300 ms",
    });
    expect(shown(latency, graphOf([call(at(300))]), null)).toMatchObject({ level: "none", text: "300 ms" });
    expect(shown(latency, graphOf([call(at(300))]), graphOf([call(at(100, 40))]), "client-p50")).toMatchObject({
      level: "bad",
    });
  });

  it("marks nothing on a side that nobody measured", () => {
    expect(shown(latency, graphOf([call(at(300))]), null, "server-p99")).toMatchObject({ text: "", level: "none" });
    expect(shown(latency, graphOf([call(at(300))]), null, "server-p99").marked).toBeUndefined();
  });
});

describe("the change overlay", () => {
  const same = call(at(100), { errors: 1 });
  it.each([
    ["new", graphOf([same]), graphOf([]), "none", "new"],
    ["gone", graphOf([call(none, { calls: 0, state: "no_calls" })]), graphOf([same]), "warn", "gone"],
    ["failing more", graphOf([call(at(100), { errors: 30 })]), graphOf([same]), "bad", "fails 0.200 % → 6.00 %"],
    ["slower", graphOf([call(at(160))]), graphOf([call(at(100))]), "warn", "p99 100 ms → 160 ms"],
  ])("%s", (_what, now, before, level, text) => {
    expect(shown(change, now, before)).toMatchObject({ level, text, marked: true });
  });

  it("takes a few failures more for chance", () => {
    expect(shown(change, graphOf([call(at(100), { errors: 6 })]), graphOf([same])).marked).toBeUndefined();
  });

  it("is silent about what is as it was, and before it can compare", () => {
    expect(shown(change, graphOf([same]), graphOf([same])).marked).toBeUndefined();
    expect(shown(change, graphOf([same]), null).marked).toBeUndefined();
  });
});

it("the blast overlay lights up who fails with a node", () => {
  const graph = graphOf(
    [graphEdge("a", "b", { calls: 5 }), graphEdge("c", "d", { calls: 5 })],
    [graphNode("a", { calls: 10 })],
  );
  const overlay = blast.make({ graph, before: null, sla: null, cycles: null, cycle: null, option: "", subject: "b" });
  expect([...overlay.spotlight!.nodes].sort()).toEqual(["a", "b"]);
  expect(overlay.node(graph.nodes.find(({ id }) => id === "a")!, 10)).toMatchObject({ text: "50.0 %", marked: true });
  expect(overlay.node(graph.nodes.find(({ id }) => id === "d")!, 10).marked).toBeUndefined();
  expect(
    blast.make({ graph, before: null, sla: null, cycles: null, cycle: null, option: "", subject: null }).spotlight,
  ).toBeNull();
});
