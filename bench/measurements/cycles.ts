// How long circular dependencies take: to find in large graphs, and to be answered over HTTP with their traces looked at.
import { setTimeout as sleep } from "node:timers/promises";
import type { Cycles } from "@/lib/contract/cycles";
import type { Health } from "@/lib/contract/sources";
import { findCycles } from "@/lib/graph/find-cycles";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { loops } from "@/lib/simulate/loops";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { loopGraph } from "@/test/helpers/loop-graph";
import type { Figure, Measurement } from "../support/measurement";
import { probeAgent, sendProtobuf } from "../support/probe";
import { withServer } from "../support/rig";
import { quantile } from "../support/statistics";

const MOST_MS = 200;
const MINUTES = 50;
const SETTLED_MS = 13_000;

const ring = (size: number): string => Array.from({ length: size }, (_, i) => `s${i}>s${(i + 1) % size}`).join(" ");
const complete = (size: number): string =>
  Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size] as const)
    .flatMap(([a, b]) => (a === b ? [] : [`s${a}>s${b}=${1 + ((a * 7 + b) % 90)}`]))
    .join(" ");

function wide(services: number, edges: number): string {
  const random = seededRandom("wide cycles");
  return Array.from({ length: edges }, () => {
    const from = random.below(services);
    return `s${from}>s${(from + 1 + random.below(services - 1)) % services}=${1 + random.below(999)}`;
  }).join(" ");
}

export const cycles: Measurement = {
  name: "cycles",
  async run({ quick, log }) {
    const runs = quick ? 5 : 25;
    const target = { of: "ours", atMost: MOST_MS } as const;
    const graphs = [
      ["complete graph of 10 services", complete(10)],
      ["ring of 2,000 services", ring(2000)],
      ["2,000 services, 6,000 edges at random", wide(2000, 6000)],
    ] as const;
    const figures = graphs.map(([name, arrows]): Figure => {
      const graph = loopGraph(arrows);
      const ours = Array.from({ length: runs }, () => {
        const began = performance.now();
        const { knots } = findCycles(graph);
        if (knots.length === 0) throw new Error(`no cycle in the ${name}`);
        return performance.now() - began;
      });
      return { quantity: `cycles found, ${name}`, unit: "ms", ours, baseline: null, target };
    });

    const requests = quick ? 3_000 : 30_000;
    const answered: number[] = [];
    await withServer(null, async ({ server }) => {
      const simulation = new Simulation(loops, seededRandom("loops"), new Truth());
      const agent = probeAgent();
      const fromUs = (Date.now() - MINUTES * 60_000) * 1000;
      const stepUs = ((MINUTES - 1) * 60_000_000) / requests;
      let acknowledged = 0;
      for (let at = 0; at < requests; ) {
        const spans = Array.from({ length: 500 }, () => simulation.request(fromUs + at++ * stepUs).spans).flat();
        await sendProtobuf(server.traces, agent, encodeSpans(spans));
        acknowledged += spans.length;
      }
      agent.destroy();
      await sleep(SETTLED_MS);
      while ((await server.get<Health>("/healthz")).minutesToDerive > 0) await sleep(200);
      for (let run = 0; run < runs; run++) {
        const began = performance.now();
        const answer = await server.get<Cycles>("/api/v1/cycles");
        answered.push(performance.now() - began);
        const types = answer.cycles.map(({ type }) => type).join();
        if (types !== "reentrant,async,across") throw new Error(`the cycles are ${types}`);
      }
      log(`${acknowledged} spans, three cycles`);
      return { result: null, acknowledged };
    });
    const quantity = `cycles answered with their traces, ${requests} requests, p90`;
    return [...figures, { quantity, unit: "ms", ours: [quantile(answered, 0.9)], baseline: null, target }];
  },
};
