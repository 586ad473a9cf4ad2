import { expect, it } from "vitest";
import { nodesCsv } from "@/lib/export/nodes-csv";
import { graphNode, graphOf } from "@/test/helpers/graph-answers";

it("has a row a node, with the names under which it was also seen", () => {
  const nodes = [graphNode("orders", { aliases: ["orders-v1", "legacy,orders"] }), graphNode("stock")];
  const [head, first, second] = nodesCsv(graphOf([], nodes), nodes).trim().split(/\r?\n/);
  const columns = head!.split(",");
  expect(columns.slice(-2)).toEqual(["aliases", "id"]);
  expect(first).toMatch(/,"orders-v1 legacy,orders",orders$/);
  expect(second!.split(",").slice(-2)).toEqual(["", "stock"]);
});
