import type { Graph } from "@/lib/contract/graph";
import { expect, type Headwater } from "./fixtures";
import type { Shop } from "./shop";

/** The graph of the last hour once it has every call of the shop. */
export async function shownGraph(server: Headwater, { seed, truth }: Shop): Promise<Graph> {
  const calls = truth.list().reduce((sum, edge) => sum + edge.calls, 0);
  let graph: Graph | null = null;
  await expect
    .poll(
      async () => {
        graph = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as Graph;
        return graph.edges.reduce((sum, edge) => sum + edge.calls, 0);
      },
      { message: `calls of ${seed}`, timeout: 20_000 },
    )
    .toBe(calls);
  return graph!;
}
