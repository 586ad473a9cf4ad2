import { describe, expect, it } from "vitest";
import type { Graph, Quantiles } from "@/lib/contract/graph";
import type { Sla } from "@/lib/contract/sla";
import { BASELINES, baselineWindow, baselineWords } from "@/lib/overlays/baseline";
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
    const overlay = (now: Graph, sla: Sla | null, option = "server-p99", against?: string) =>
      latency.make({ graph: now, before: now, sla, cycles: null, cycle: null, option, subject: null, against });
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

    it("judges only what the target is of: not what callers see, other quantiles, other services", () => {
      const graph = served(at(500));
      const silent = { level: "none", text: expect.not.stringContaining(">") };
      for (const made of [
        overlay(graph, targets(120), "client-p99"),
        overlay(graph, targets(120), "server-p95", "target"),
        overlay(graph, targets(120, "c")),
        overlay(graph, null, "server-p99", "target"),
      ])
        expect(made.edge(graph.edges[0]!, 10)).toMatchObject(silent);
      // What sends no spans itself is only seen by its callers.
      const inferred = served(at(500), { inferred: true });
      expect(overlay(inferred, targets(120), "client-p99").edge(inferred.edges[0]!, 10)).toMatchObject({
        level: "bad",
      });
    });

    it("compares with an earlier window when that is chosen, or when there is no target for the quantile", () => {
      const graph = served(at(500));
      for (const made of [
        overlay(graph, targets(120), "server-p99", "before"),
        overlay(graph, targets(120), "server-p99", "hour"),
        overlay(graph, targets(120), "server-p95"),
        overlay(graph, null),
      ])
        expect(made.edge(graph.edges[0]!, 10)).toMatchObject({ level: "ok", text: expect.not.stringContaining(">") });
    });

    it("prints in the legend what it compares with", () => {
      const graph = served(at(100));
      const texts = (made: ReturnType<typeof overlay>): string[] => made.legend.map(({ text }) => text);
      expect(texts(overlay(graph, targets(120)))).toEqual([
        "server p99, measured",
        "within it",
        "over its target, 120 ms",
      ]);
      const two = { latency: [...targets(120).latency, ...targets(80, "a").latency] } as unknown as Sla;
      expect(texts(overlay(graph, two)).at(-1)).toBe("over its target, 80.0 ms to 120 ms");
      expect(overlay(graph, targets(120)).note).toContain("p99 targets of headwater.yaml");
      expect(overlay(graph, null, "server-p99", "target").note).toBe("headwater.yaml has no p99 target");
      expect(texts(overlay(graph, null, "server-p99", "target"))).toEqual(["server p99, measured"]);
      expect(texts(overlay(graph, targets(120), "server-p99", "hour"))).toEqual([
        "server p99, measured",
        "≥ 1.5× the hour before",
        "≥ 2×",
      ]);
      expect(overlay(graph, targets(120), "server-p50").note).toBe(
        "the window before, 10:00–10:10 UTC; where both have enough calls",
      );
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

describe("earlier windows", () => {
  const window = { from: "2026-03-01T10:20:00.000Z", to: "2026-03-01T10:25:00.000Z" };
  it.each([
    ["before", "2026-03-01T10:15:00.000Z", "the window before, 10:15–10:20 UTC"],
    ["hour", "2026-03-01T09:20:00.000Z", "the hour before, 09:20–10:20 UTC"],
  ] as const)("%s", (baseline, from, words) => {
    expect(baselineWindow(window, baseline)).toEqual({ from, to: window.from });
    const choice = BASELINES.find(({ value }) => value === baseline)!;
    expect(baselineWords(choice, { from, to: window.from })).toBe(words);
  });

  it("says the day where there are two, and that it waits", () => {
    const night = { from: "2026-02-28T23:40:00.000Z", to: "2026-03-01T00:40:00.000Z" };
    expect(baselineWords(BASELINES[1]!, night)).toBe("the hour before, 2026-02-28 23:40–2026-03-01 00:40 UTC");
    expect(baselineWords(BASELINES[1]!, undefined)).toBe("the hour before is being asked for");
  });

  it("is named by the change overlay", () => {
    const facts = { graph: graphOf([]), sla: null, cycles: null, cycle: null, option: "", subject: null };
    expect(change.make({ ...facts, before: graphOf([]), against: "hour" }).note).toMatch(/^against the hour before, /);
    expect(change.make({ ...facts, before: graphOf([]), against: "?" }).note).toMatch(/^against the window before, /);
    expect(change.make({ ...facts, before: null }).note).toBe("the window before is being asked for");
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
