import { describe, expect, it } from "vitest";
import { matchesOf, stepFrom } from "@/components/search/matches";
import { graphNode, graphOf } from "@/test/helpers/graph-answers";

const nodes = ["fast-pay", "pay-api", "a<b", "Payments"].map((id, i) => graphNode(id, { calls: 100, errors: i * 10 }));
const graph = graphOf([], nodes);
const found = (text: string): string[] => matchesOf(text, graph).map(({ id }) => id);

describe("what a search finds", () => {
  it("is every node of that name, those that begin with it first", () => {
    expect(found(" PAY ")).toEqual(["pay-api", "Payments", "fast-pay"]);
    expect(found("nobody")).toEqual([]);
  });

  it("is everything without words", () => {
    expect(found(" ")).toEqual(nodes.map(({ id }) => id));
  });

  it("is what meets a comparison, and what only looks like one is a name", () => {
    expect(found("pay, errors >= 10 %")).toEqual(["pay-api", "Payments"]);
    expect(found("a<b")).toEqual(["a<b"]);
  });
});

describe("steps", () => {
  it("go round and round, both ways", () => {
    expect([0, 1, 2].map((at) => stepFrom(at, 1, 3))).toEqual([1, 2, 0]);
    expect([0, 1, 2].map((at) => stepFrom(at, -1, 3))).toEqual([2, 0, 1]);
  });
});
