import { describe, expect, it } from "vitest";
import { health } from "@/lib/overlays/health";
import { graphEdge, graphNode } from "@/test/helpers/graph-answers";

describe("the health overlay", () => {
  it.each([
    [0, 1000, "ok", "0 %"],
    [9, 10_000, "ok", "0.0900 %"],
    [10, 10_000, "warn", "0.100 %"],
    [99, 10_000, "warn", "0.990 %"],
    [100, 10_000, "bad", "1.00 %"],
    [10_000, 10_000, "bad", "100 %"],
  ] as const)("%d of %d calls failed: %s", (errors, calls, level, text) => {
    expect(health.edge(graphEdge("a", "b", { errors, calls }), 10)).toMatchObject({ level, text, absence: null });
    expect(health.node(graphNode("a", { errors, calls }), 10)).toMatchObject({ level, text, absence: null });
  });

  it.each(["no_calls", "no_data", "not_instrumented"] as const)("says why there is no number: %s", (state) => {
    const display = health.edge(graphEdge("a", "b", { calls: 0, state }), 10);
    expect(display).toMatchObject({ level: "none", absence: state, share: { bad: 0, warn: 0 } });
    expect(display.text).not.toContain("0");
  });

  it("does not blame a topic for what its consumers do", () => {
    const topic = graphNode("t", { kind: "topic", publishes: 600, calls: 600, errors: 300 });
    expect(health.node(topic, 10)).toMatchObject({ level: "ok", text: "60.0 /min" });
  });
});
