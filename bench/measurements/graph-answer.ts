// How long the graph of a large system takes to be answered: an hour of 500 services and 1,500 edges, over HTTP.
import type { Graph } from "@/lib/contract/graph";
import type { Figure, Measurement } from "../support/measurement";
import { BareServer } from "../support/processes";
import { quantile } from "../support/statistics";
import { WIDE } from "../support/wide-graph";
import { withWideServer } from "../support/wide-server";

const MINUTE_MS = 60_000;

export const graphAnswer: Measurement = {
  name: "graph",
  async run({ quick, log }) {
    const runs = quick ? 1 : 3;
    const requests = quick ? 60 : 200;
    const unseen = quick ? 10 : 40;
    const ours: number[][] = [];
    const cold: number[][] = [];
    const bare: number[][] = [];
    await withWideServer(async (server, graph) => {
      const body = JSON.stringify(graph);
      log(`the answer has ${Math.round(body.length / 1024)} KiB`);
      const plain = await BareServer.start();
      try {
        await fetch(`${plain.base}/kept`, { method: "POST", body });
        const check = (text: string): void => {
          const { nodes, edges } = JSON.parse(text) as Graph;
          if (nodes.length !== WIDE.services || edges.length !== WIDE.edges)
            throw new Error(`an answer has ${nodes.length} nodes and ${edges.length} edges`);
        };
        const ask = async (url: string): Promise<number> => {
          const began = performance.now();
          const answer = await fetch(url);
          const text = await answer.text();
          const ms = performance.now() - began;
          check(text);
          return ms;
        };
        for (let i = 0; i < 30; i++) {
          await ask(`${server.base}/api/v1/graph`);
          await ask(`${plain.base}/kept`);
        }
        for (let run = 0; run < runs; run++) {
          const mine: number[] = [];
          const theirs: number[] = [];
          for (let i = 0; i < requests; i++) {
            mine.push(await ask(`${server.base}/api/v1/graph`));
            theirs.push(await ask(`${plain.base}/kept`));
          }
          ours.push(mine);
          bare.push(theirs);
          // Windows that nobody asked for before: each is read from the store.
          const first: number[] = [];
          const now = Date.now();
          for (let i = 0; i < unseen; i++) {
            const from = now - (120 + run * unseen + i) * MINUTE_MS;
            first.push(await ask(`${server.base}/api/v1/graph?from=${from}&to=${now}`));
          }
          cold.push(first);
        }
      } finally {
        await plain.stop();
      }
    });
    const figure = (quantity: string, samples: number[][], share: number, target: number | null): Figure => ({
      quantity: `${quantity}, p${share * 100}`,
      unit: "ms",
      ours: samples.map((values) => quantile(values, share)),
      baseline: { what: "the same bytes, ready made", runs: bare.map((values) => quantile(values, share)) },
      target: target === null ? null : { of: "ours", atMost: target },
    });
    return [
      figure("graph answer, 1,500 edges", ours, 0.5, null),
      figure("graph answer, 1,500 edges", ours, 0.99, 100),
      figure("graph answer, window not asked before", cold, 0.99, null),
    ];
  },
};
