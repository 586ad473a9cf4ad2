// Loops through a gateway, from spans: a node is a gateway because somebody says so, never because of its name.
import { describe, expect, it } from "vitest";
import type { Cycle } from "@/lib/contract/cycles";
import type { Graph } from "@/lib/contract/graph";
import type { NodeKind } from "@/lib/domain/node";
import { operationText } from "@/lib/graph/loop-text";
import { OfflineGraph } from "@/lib/services/offline-graph";
import { type CallTree, repeat, traceFileOf } from "@/test/helpers/call-trees";

const op = (service: string, operation: string, ...calls: CallTree[]): CallTree => ({ service, operation, calls });

/** The one loop of these requests, the node `edge` being of this kind. */
async function loopOf(kind: NodeKind, trees: readonly CallTree[]): Promise<Cycle> {
  const offline = new OfflineGraph();
  const bytes = new TextEncoder().encode(traceFileOf(trees, "test"));
  await offline.readFile(
    (async function* () {
      yield bytes;
    })(),
  );
  const graph = offline.answer().graphs[0]!;
  const named: Graph = {
    ...graph,
    nodes: graph.nodes.map((node) => (node.id === "edge" ? { ...node, kind } : node)),
  };
  const { cycles } = await offline.cycles(named);
  expect(cycles).toHaveLength(1);
  return cycles[0]!;
}

/** Users come in by the gateway; orders and stock reach each other by it alone. */
const THROUGH: readonly CallTree[] = [
  ...repeat(4, () => op("edge", "/*", op("orders", "POST /orders", op("edge", "/*", op("stock", "GET /stock"))))),
  ...repeat(3, () => op("edge", "/*", op("stock", "PUT /stock", op("edge", "/*", op("orders", "GET /orders"))))),
];
/** One request comes back to orders by way of the gateway. */
const BACK = op(
  "edge",
  "/*",
  op(
    "orders",
    "POST /orders",
    op("edge", "/*", op("stock", "GET /stock", op("edge", "/*", op("orders", "GET /orders")))),
  ),
);

describe("a loop through a declared gateway", () => {
  it.each(["gateway", "mesh"] as const)("%s: is a hub's, though everything enters it twice", async (kind) => {
    const cycle = await loopOf(kind, THROUGH);
    expect(cycle.type).toBe("hub");
    expect(cycle.words.title).toBe("through a hub");
    expect(cycle.evidence).toMatchObject({ traces: 7, around: 0, incomplete: 0 });
    expect([cycle.witness, cycle.share, cycle.reentryDepth]).toEqual([null, null, 0]);
    // /* serves both ways; looked through, no operation comes back to itself.
    expect([cycle.operations.verdict, operationText(cycle.operations)]).toEqual(["none", "POST /orders → GET /stock"]);
  });

  it("twin: the same spans with a service of that name are re-entrant, and its operation closes a loop", async () => {
    const cycle = await loopOf("service", THROUGH);
    expect(cycle.type).toBe("reentrant");
    expect(cycle.evidence.around).toBe(7);
    expect(cycle.operations.verdict).toBe("loop");
  });

  it("is re-entrant where a service itself is entered again, once in eight requests", async () => {
    const cycle = await loopOf("gateway", [...THROUGH, BACK]);
    expect(cycle.type).toBe("reentrant");
    expect(cycle.evidence).toMatchObject({ traces: 8, around: 1 });
    expect(cycle.witness!.spans.map(({ service }) => service)).toEqual(["orders", "edge", "stock", "edge", "orders"]);
    expect([cycle.operations.verdict, operationText(cycle.operations)]).toEqual([
      "none",
      "POST /orders → GET /stock → GET /orders",
    ]);
  });

  it("is no hub's where the services call each other past it as well", async () => {
    const past = [
      op("orders", "POST /orders", op("stock", "GET /stock")),
      op("stock", "PUT /stock", op("orders", "GET /orders")),
    ];
    expect((await loopOf("gateway", [...THROUGH, ...past])).type).toBe("across");
  });
});
