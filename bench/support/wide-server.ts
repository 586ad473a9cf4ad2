// A server that holds the large system, ready to be asked.
import { setTimeout as sleep } from "node:timers/promises";
import type { Graph } from "@/lib/contract/graph";
import type { Health } from "@/lib/contract/sources";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import type { Server } from "@/test/helpers/server-process";
import { probeAgent, sendProtobuf } from "./probe";
import { withServer } from "./rig";
import { WIDE, wideMinutes } from "./wide-graph";

const MINUTES = 55;
/** Longer than spans wait for late relatives and than saving takes once nothing comes in. */
const SETTLED_MS = 13_000;

/** @throws Error when the graph is not the one that was sent. */
export function withWideServer<T>(use: (server: Server, graph: Graph) => Promise<T>): Promise<T> {
  return withServer(null, async ({ server }) => {
    const agent = probeAgent();
    let acknowledged = 0;
    for (const spans of wideMinutes(MINUTES, Date.now() * 1000)) {
      await sendProtobuf(server.traces, agent, encodeSpans(spans));
      acknowledged += spans.length;
    }
    agent.destroy();
    await sleep(SETTLED_MS);
    while ((await server.get<Health>("/healthz")).minutesToDerive !== 0) await sleep(200);
    const graph = await server.get<Graph>("/api/v1/graph");
    const calls = graph.edges.reduce((sum, edge) => sum + edge.calls, 0);
    if (graph.nodes.length !== WIDE.services || graph.edges.length !== WIDE.edges || calls !== WIDE.edges * MINUTES)
      throw new Error(`the graph has ${graph.nodes.length} nodes, ${graph.edges.length} edges, ${calls} calls`);
    return { result: await use(server, graph), acknowledged };
  });
}
