// How long circular dependencies take: to find in large graphs, and to be answered over HTTP with their traces looked at.
import { setTimeout as sleep } from "node:timers/promises";
import type { Cycles } from "@/lib/contract/cycles";
import type { Health } from "@/lib/contract/sources";
import type { Span } from "@/lib/domain/span";
import { findCycles } from "@/lib/graph/find-cycles";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { loops } from "@/lib/simulate/loops";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { loopGraph } from "@/test/helpers/loop-graph";
import type { Figure, Measurement } from "../support/measurement";
import { pairCall } from "../support/pair-calls";
import { probeAgent, sendProtobuf } from "../support/probe";
import { withServer } from "../support/rig";
import { quantile } from "../support/statistics";

const MOST_MS = 200;
const MINUTES = 50;
const SETTLED_MS = 13_000;
const PER_BODY = 500;

type Arc = readonly [from: number, to: number];

const ring = (size: number): Arc[] => Array.from({ length: size }, (_, i) => [i, (i + 1) % size]);
const complete = (size: number): Arc[] =>
  Array.from({ length: size * size }, (_, i): Arc => [Math.floor(i / size), i % size]).filter(([a, b]) => a !== b);

function wide(services: number, edges: number): Arc[] {
  const random = seededRandom("wide cycles");
  return Array.from({ length: edges }, () => {
    const from = random.below(services);
    return [from, (from + 1 + random.below(services - 1)) % services];
  });
}

/** As many services as a knot has at least. */
const GRAPHS = [
  { name: "complete graph of 10 services", environment: "complete", arcs: complete(10), members: 10 },
  { name: "ring of 2,000 services", environment: "ring", arcs: ring(2000), members: 2000 },
  { name: "2,000 services, 6,000 edges at random", environment: "wide", arcs: wide(2000, 6000), members: 1000 },
] as const;

export const cycles: Measurement = {
  name: "cycles",
  async run({ quick, log }) {
    const runs = quick ? 5 : 25;
    const target = { of: "ours", atMost: MOST_MS } as const;
    const figures = GRAPHS.map(({ name, arcs }): Figure => {
      const graph = loopGraph(arcs.map(([a, b], i) => `s${a}>s${b}=${1 + ((i * 7) % 90)}`).join(" "));
      const ours = Array.from({ length: runs }, () => {
        const began = performance.now();
        const { knots } = findCycles(graph);
        if (knots.length === 0) throw new Error(`no cycle in the ${name}`);
        return performance.now() - began;
      });
      return { quantity: `cycles found, ${name}`, unit: "ms", ours, baseline: null, target };
    });

    const requests = quick ? 3_000 : 30_000;
    await withServer(null, async ({ server }) => {
      const agent = probeAgent();
      const fromUs = (Date.now() - MINUTES * 60_000) * 1000;
      const stepUs = ((MINUTES - 1) * 60_000_000) / requests;
      let acknowledged = 0;
      const send = async (request: (at: number, startUs: number) => readonly Span[]): Promise<void> => {
        for (let from = 0; from < requests; from += PER_BODY) {
          const spans = Array.from({ length: PER_BODY }, (_, i) =>
            request(from + i, fromUs + (from + i) * stepUs),
          ).flat();
          await sendProtobuf(server.traces, agent, encodeSpans(spans));
          acknowledged += spans.length;
        }
      };
      const answered = async (environment: string, name: string, check: (answer: Cycles) => unknown): Promise<void> => {
        const times: number[] = [];
        for (let run = 0; run < runs; run++) {
          const began = performance.now();
          const answer = await server.get<Cycles>(`/api/v1/cycles?env=${environment}`);
          times.push(performance.now() - began);
          const wrong = check(answer);
          if (wrong) throw new Error(`${name}: ${wrong}`);
        }
        const quantity = `cycles answered with their traces, ${name}, p90`;
        figures.push({ quantity, unit: "ms", ours: [quantile(times, 0.9)], baseline: null, target });
      };

      const simulation = new Simulation(loops, seededRandom("loops"), new Truth());
      await send((_, startUs) => simulation.request(startUs).spans);
      for (const { environment, arcs } of GRAPHS)
        await send((at, startUs) => {
          const [from, to] = arcs[at % arcs.length]!;
          return pairCall(at, `s${from}`, `s${to}`, startUs, environment);
        });
      agent.destroy();
      await sleep(SETTLED_MS);
      while ((await server.get<Health>("/healthz")).minutesToDerive !== 0) await sleep(200);
      log(`${acknowledged} spans`);
      await answered(loops.environment, `three loops of ${requests} requests`, ({ cycles: found }) => {
        const types = found.map(({ type }) => type).join();
        return types === "reentrant,async,across" ? null : `the cycles are ${types}`;
      });
      for (const { name, environment, members } of GRAPHS)
        await answered(environment, name, ({ cycles: [first] }) => {
          const seen = first ? first.members.length + first.others.length : 0;
          return seen >= members && first!.evidence.traces > 0
            ? null
            : `${seen} services, ${first?.evidence.traces} traces`;
        });
      return { result: null, acknowledged };
    });
    return figures;
  },
};
