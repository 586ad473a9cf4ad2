import { describe, expect, it } from "vitest";
import { mapModel } from "@/components/map/map-model";
import { relationsOf } from "@/components/map/relations";
import { branchesOf, sentenceOf } from "@/components/outline/outline-items";
import { health } from "@/lib/overlays/health";
import { type Overlay, PLAIN } from "@/lib/overlays/overlay";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

const topic = "topic:kafka/orders";
const delivery = (callee: string, errors = 0) => graphEdge("orders", callee, { via: topic, kind: "async", errors });

describe("deliveries through a topic", () => {
  const model = mapModel(graphOf([delivery("shipping", 5), delivery("mail")]), health);
  const hops = model.arcs.map(({ from, to, edges }) => [from, to, edges.length]);

  it("are drawn as two hops, and what they share once", () => {
    expect(hops).toEqual([
      ["orders", topic, 2],
      [topic, "shipping", 1],
      [topic, "mail", 1],
    ]);
  });

  it("are what the overlay is about beside messages that nobody took out", () => {
    const unread = graphEdge("orders", topic, { kind: "async" });
    const overlay = (marked: string): Overlay => ({
      ...health,
      hue: "cycle",
      edge: ({ id, calls }) => ({ ...PLAIN, text: String(calls), marked: id === marked }),
    });
    const into = (marked: string) => {
      const model = mapModel(graphOf([unread, delivery("shipping")]), overlay(marked));
      return model.arcs.find(({ to }) => to === topic)!.display;
    };
    expect(into(delivery("shipping").id)).toMatchObject({ marked: true, text: "" });
    expect(into(unread.id)).toMatchObject({ marked: true, text: "10" });
    expect(into("another")).toMatchObject({ marked: false });
  });

  it("fail where they are consumed", () => {
    expect(model.arcs.map(({ display }) => display.level)).toEqual(["ok", "bad", "ok"]);
  });
});

it("arcs grow with the logarithm of their rate, and nodes with its root", () => {
  const rates = [1, 100, 10_000, 100_000, 10_000_000];
  const graph = graphOf(rates.map((rate, at) => graphEdge("web", `s${at}`, { calls: rate * 10 })));
  const widths = mapModel(graph, health).arcs.map(({ width }) => width);
  expect(widths[0]).toBe(1);
  expect(widths[3]).toBe(5);
  expect(widths[4]).toBe(5);
  expect(widths[2]! - widths[1]!).toBeCloseTo(widths[1]! - widths[0]!);
  const nodes = [graphNode("quiet", { calls: 0 }), graphNode("busy", { calls: 400 })];
  const sides = mapModel(graphOf([], nodes), health).nodes.map(({ width }) => width);
  expect(sides).toEqual([30, 48]);
});

it("names of object properties are only names", () => {
  const model = mapModel(
    graphOf([graphEdge("__proto__", "constructor")], [graphNode("constructor", { system: "constructor" })]),
    health,
  );
  expect(model.arcs).toHaveLength(1);
  expect(model.nodeById.get("constructor")!.tag).toBe("constr");
});

describe("relations", () => {
  const edges = [
    graphEdge("checkout", "payments"),
    graphEdge("bff", "checkout"),
    graphEdge("checkout", "mail", { via: topic, kind: "async" }),
  ];
  const groups = (perspective: "data-flow" | "request-flow") =>
    relationsOf(mapModel(graphOf(edges, [], perspective), health), "checkout").map(
      ({ word, verb }) => `${word}: ${verb}`,
    );

  it("turn with the perspective, messages do not", () => {
    expect(groups("data-flow")).toEqual(["Upstream: calls", "Downstream: is called by", "Downstream: publishes to"]);
    expect(groups("request-flow")).toEqual(["Upstream: is called by", "Downstream: calls", "Downstream: publishes to"]);
  });
});

describe("the outline", () => {
  const model = mapModel(graphOf([graphEdge("a", "b", { errors: 5 }), graphEdge("b", "a")]), health);

  it("lists nodes by name, and under an open one its neighbours in groups", () => {
    const lines = branchesOf(model, new Set(["a"]));
    expect(lines.map((line) => (line.kind === "group" ? line.text : line.node.id))).toEqual([
      "a",
      "Upstream: a calls",
      "b",
      "Downstream: a is called by",
      "b",
      "b",
    ]);
  });

  it("walks a circle as far as somebody opens it", () => {
    const [first] = branchesOf(model, new Set()).filter((line) => line.kind === "item");
    const calls = model.arcs.find(({ from }) => from === "a")!.id;
    const lines = branchesOf(model, new Set(["a", `${first!.path}\ncalls ${calls}`]));
    expect(Math.max(...lines.map(({ depth }) => depth))).toBe(2);
    expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length);
  });

  it("reads a line out with everything it shows", () => {
    const failing = branchesOf(model, new Set(["a"])).find((line) => line.kind === "item" && line.depth === 1);
    expect(sentenceOf(failing as never, "health")).toBe(
      "b. a calls b, 50.0 % errors, failing. 1 of 1. b calls 1, is called by 1.",
    );
  });
});
