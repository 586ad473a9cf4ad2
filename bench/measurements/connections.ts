// Whether it matters how many send: one Collector, or two hundred and fifty-six services.
import type { Measurement } from "../support/measurement";
import { withServer } from "../support/rig";
import { median } from "../support/statistics";

const CONNECTIONS = [1, 8, 32, 256] as const;
const SPANS_PER_BODY = 1000;
const MADE_FOR = 330_000;

export const connections: Measurement = {
  name: "connections",
  async run({ quick, log }) {
    const seconds = quick ? 3 : 6;
    const warmupSeconds = quick ? 1 : 3;
    const speeds = new Map<number, number[]>(CONNECTIONS.map((count) => [count, []]));
    for (let i = 0; i < (quick ? 1 : 3); i++)
      for (const count of CONNECTIONS) {
        const load = {
          traffic: { seed: `of ${count}, ${i}`, spansPerSecond: MADE_FOR, spansPerBody: SPANS_PER_BODY, bodies: 200 },
          count: ((seconds + warmupSeconds) * MADE_FOR) / SPANS_PER_BODY,
        };
        const speed = await withServer(load, async ({ server, generator }) => {
          const order = { pace: "flat out", warmupSeconds, seconds, again: "refused" } as const;
          const done = await generator.run({ ...order, connections: count, url: server.traces });
          if (done.refused > 0) log(`${done.refused} requests were put off`);
          return { result: done.measuredSpans / done.measuredSeconds, acknowledged: done.acknowledged };
        });
        speeds.get(count)!.push(speed);
        log(`${count}: ${Math.round(speed)} spans/s`);
      }
    const medians = CONNECTIONS.map((count) => median(speeds.get(count)!));
    return [
      ...CONNECTIONS.map((count) => ({
        quantity: `durable ingest from ${count} connection${count === 1 ? "" : "s"}`,
        unit: "spans/s" as const,
        ours: speeds.get(count)!,
        baseline: null,
        target: null,
      })),
      {
        quantity: "ingest, fewest of these over most",
        unit: "×" as const,
        ours: [Math.min(...medians) / Math.max(...medians)],
        baseline: null,
        target: { of: "ours" as const, atLeast: 0.8 },
      },
    ];
  },
};
