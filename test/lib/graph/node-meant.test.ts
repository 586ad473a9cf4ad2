import { expect, it } from "vitest";
import { nodeMeant } from "@/lib/graph/node-meant";
import { graphNode, graphOf } from "@/test/helpers/graph-answers";

it("is the node of the id, else the one that has it as an alias, else none", () => {
  const graph = graphOf([], [graphNode("new", { aliases: ["old", "web"] }), graphNode("web")]);
  expect(["new", "old", "web", "other"].map((id) => nodeMeant(graph, id)?.id)).toEqual([
    "new",
    "new",
    "web",
    undefined,
  ]);
});
