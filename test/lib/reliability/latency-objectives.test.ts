import { describe, expect, it } from "vitest";
import { readHeadwaterYaml } from "@/lib/headwater-yaml/read-headwater-yaml";
import { latencyObjectives } from "@/lib/reliability/latency-objectives";
import { graphNode, graphOf } from "@/test/helpers/graph-answers";

const measured = (samples: number) => ({ p50Ms: 40, p90Ms: 90, p95Ms: 100, p99Ms: 300, samples });
const { declared } = readHeadwaterYaml(
  'objectives:\n  checkout: { latency: { p50: "50ms", p99: "0.25s" } }\n  cart: { availability: "99.9%" }\n  db: { latency: { p95: "1s" } }\n',
  "headwater.yaml",
);

describe("latency objectives", () => {
  it("are kept or missed, each by its own quantile", () => {
    const graph = graphOf([], [graphNode("checkout", { latency: measured(100) }), graphNode("cart")]);
    expect(latencyObjectives(graph, declared!.objectives)).toEqual([
      {
        id: "checkout",
        name: "checkout",
        quantile: "p50",
        targetMs: 50,
        measuredMs: 40,
        samples: 100,
        verdict: "kept",
      },
      {
        id: "checkout",
        name: "checkout",
        quantile: "p99",
        targetMs: 250,
        measuredMs: 300,
        samples: 100,
        verdict: "missed",
      },
    ]);
  });

  it("are not judged by too few samples, nor without any", () => {
    const few = graphOf([], [graphNode("checkout", { latency: measured(99) })]);
    expect(latencyObjectives(few, declared!.objectives).map(({ verdict }) => verdict)).toEqual(["kept", null]);
    const none = graphOf([], [graphNode("db")]);
    expect(latencyObjectives(none, declared!.objectives)).toEqual([
      { id: "db", name: "db", quantile: "p95", targetMs: 1000, measuredMs: null, samples: 0, verdict: null },
    ]);
  });
});
