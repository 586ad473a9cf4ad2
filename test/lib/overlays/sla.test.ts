// What the map says about uptime: words and numbers of both views, and which of them opens.
import { describe, expect, it } from "vitest";
import type { Sla } from "@/lib/contract/sla";
import { readHeadwaterYaml } from "@/lib/headwater-yaml/read-headwater-yaml";
import { sla, slaSide } from "@/lib/overlays/sla";
import { slaAnswer } from "@/lib/services/sla-answer";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

// 1,000 requests of shop: each calls orders, which fails in 10; every second one calls pay, which fails in 5; shop fails in 25.
// Losses .01 and .5 × .01: the ceiling is .99 × .995 = .98505, where .975 was measured.
const call = (caller: string, callee: string, calls: number, errors: number) =>
  graphEdge(caller, callee, { calls, errors, errorsBy: { callee: errors, between: 0, clientError: 0, throttled: 0 } });
const GRAPH = graphOf(
  [call("shop", "orders", 1000, 10), call("shop", "pay", 500, 5)],
  [
    graphNode("shop", { calls: 1000, errors: 25 }),
    graphNode("orders", { calls: 1000, errors: 10 }),
    graphNode("pay", { calls: 500, errors: 5 }),
    graphNode("idle", { calls: 0, state: "no_calls" }),
  ],
);

const answerTo = (yaml: string): Sla =>
  slaAnswer(GRAPH, { ...readHeadwaterYaml(yaml, "f").declared!, problems: [], path: "headwater.yaml" });
const NOTHING_DECLARED = answerTo("");
const DECLARED = answerTo(
  'objectives:\n  shop: { availability: "98%" }\n  orders: { availability: "99.5%" }\n  pay: { availability: "99.9999%" }\n',
);

function shown(answer: Sla | null, option = "", subject: string | null = null) {
  const made = sla.make({ graph: GRAPH, before: null, sla: answer, cycles: null, cycle: null, option, subject });
  return {
    node: (id: string) => made.node(GRAPH.nodes.find((node) => node.id === id)!, 10),
    edge: (id: string) => made.edge(GRAPH.edges.find((edge) => edge.id === id)!, 10),
    legend: made.legend.map(({ text }) => text),
    note: made.note,
  };
}

describe("which side opens", () => {
  it.each([
    ["", DECLARED, "declared"],
    [null, NOTHING_DECLARED, "observed"],
    ["banana", NOTHING_DECLARED, "observed"],
    ["declared", NOTHING_DECLARED, "declared"],
    ["observed", DECLARED, "observed"],
    [null, null, "declared"],
    ["observed", null, "observed"],
  ] as const)("option %j", (option, answer, side) => {
    expect(slaSide(answer, option)).toBe(side);
  });
});

describe("the observed side", () => {
  it("says what was measured where that is more than the calls would allow", () => {
    const nodes = GRAPH.nodes.map((node) => (node.id === "shop" ? { ...node, errors: 0 } : node));
    const answer = slaAnswer(
      { ...GRAPH, nodes },
      { ...readHeadwaterYaml("", "f").declared!, problems: [], path: "headwater.yaml" },
    );
    expect(shown(answer).node("shop").text).toBe("100 % measured");
  });

  it("says the ceiling, not what was measured", () => {
    const { node, legend, note } = shown(NOTHING_DECLARED);
    expect(node("shop")).toMatchObject({ text: "≤ 98.505 %", level: "none", marked: true });
    expect(NOTHING_DECLARED.services.find(({ id }) => id === "shop")!.observed.measured!.availability).toBe(0.975);
    expect(legend).toEqual(["observed ceiling if independent"]);
    expect(note).toContain("the calls of this window");
  });

  it("says of what calls nobody what was measured, and nothing of what had no requests", () => {
    const { node } = shown(NOTHING_DECLARED);
    expect(node("orders").text).toBe("99.000 % measured");
    expect(node("idle")).toMatchObject({ text: "", level: "none" });
  });

  it("is judged by the same ceiling that it prints", () => {
    // Above independent (98.505 %), not above best (99 %).
    const judged = answerTo('objectives:\n  shop: { availability: "98.6%" }\n');
    expect(shown(judged, "observed").node("shop")).toMatchObject({ text: "≤ 98.505 %", level: "warn" });
    const high = answerTo('objectives:\n  shop: { availability: "99.1%" }\n');
    expect(shown(high, "observed").node("shop")).toMatchObject({ text: "≤ 98.505 %", level: "bad" });
    expect(shown(high, "observed").legend).toEqual([
      "observed ceiling if independent",
      "only if outages overlap",
      "impossible",
    ]);
  });

  it("gives no number where the traffic is too little for the target", () => {
    const { node } = shown(DECLARED, "observed");
    // 99.9999 % takes 2,995,731 requests.
    expect(node("pay")).toMatchObject({ text: "not enough traffic", level: "none" });
    expect(node("pay").marked).toBeUndefined();
    expect(node("shop").text).toBe("≤ 98.505 %");
  });

  it("says what the callees of the chosen service delivered, and what they cost", () => {
    const { node, edge } = shown(NOTHING_DECLARED, "", "shop");
    expect(node("pay").text).toBe("99.000 % delivered");
    expect(edge("shop>orders").text).toBe("66.7 % of the loss");
    expect(edge("shop>pay").text).toBe("33.3 %");
  });
});

describe("the declared side", () => {
  it("multiplies objectives, whatever was measured", () => {
    const { node, legend } = shown(DECLARED);
    expect(node("shop")).toMatchObject({ text: "≤ 99.500 %", level: "none", marked: true });
    expect(node("orders").text).toBe("99.500 % declared");
    expect(legend[0]).toBe("declared ceiling if independent");
  });

  it("stays where it was chosen though nothing is declared, and says so", () => {
    const { node, note } = shown(NOTHING_DECLARED, "declared");
    expect(node("shop").text).toBe("");
    expect(note).toBe("no objectives are declared in headwater.yaml");
  });

  it("would be empty in the same place: the test of the default can fail", () => {
    expect(() => expect(shown(NOTHING_DECLARED, "declared").node("shop").text).toBe("≤ 98.505 %")).toThrow();
  });
});
