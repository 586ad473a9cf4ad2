// A load that a large team has: 100 k spans a second, all day. What it takes, and how long senders wait.
import type { Figure, Measurement } from "../support/measurement";
import { cpuUs, peakMemoryMib } from "../support/processes";
import { withServer } from "../support/rig";
import { quantile } from "../support/statistics";

const SPANS_PER_SECOND = 100_000;
const SPANS_PER_BODY = 1000;

interface Sample {
  readonly cores: number | null;
  readonly ackMs: Float64Array;
  readonly memoryMib: number | null;
}

export const steady: Measurement = {
  name: "steady",
  async run({ quick, log }) {
    const seconds = quick ? 5 : 20;
    const warmupSeconds = quick ? 2 : 5;
    const samples: Sample[] = [];
    for (let i = 0; i < (quick ? 1 : 3); i++) {
      const load = {
        traffic: { seed: `steady ${i}`, spansPerSecond: SPANS_PER_SECOND, spansPerBody: SPANS_PER_BODY, bodies: 100 },
        count: ((seconds + warmupSeconds + 1) * SPANS_PER_SECOND) / SPANS_PER_BODY,
      };
      samples.push(
        await withServer(load, async ({ server, generator }) => {
          const pace = { everyMs: (SPANS_PER_BODY / SPANS_PER_SECOND) * 1000 };
          const before = cpuUs(server.pid);
          const order = { connections: 32, pace, warmupSeconds, seconds, again: "none" } as const;
          const { ackMs, acknowledged } = await generator.run({ ...order, url: server.traces });
          const after = cpuUs(server.pid);
          const spent = before === null || after === null ? null : (after - before) / acknowledged;
          const cores = spent === null ? null : (spent * SPANS_PER_SECOND) / 1e6;
          log(`${cores?.toFixed(2)} cores, p99 ${quantile(ackMs, 0.99).toFixed(0)} ms`);
          return { result: { cores, ackMs, memoryMib: peakMemoryMib(server.pid) }, acknowledged };
        }),
      );
    }
    const waits = (share: number, atMost: number): Figure => ({
      quantity: `acknowledgement at 100 k spans/s, p${share * 100}`,
      unit: "ms",
      ours: samples.map(({ ackMs }) => quantile(ackMs, share)),
      baseline: null,
      target: { of: "ours", atMost },
    });
    const known = (of: (sample: Sample) => number | null): number[] =>
      samples.map(of).filter((value) => value !== null);
    const figures = [waits(0.5, 40), waits(0.99, 300)];
    const cores = known((sample) => sample.cores);
    if (cores.length > 0)
      figures.push({
        quantity: "processors at 100 k spans/s",
        unit: "cores",
        ours: cores,
        baseline: null,
        target: { of: "ours", atMost: 0.4 },
      });
    const memory = known((sample) => sample.memoryMib);
    if (memory.length > 0)
      figures.push({
        quantity: "memory of the server at 100 k spans/s, peak",
        unit: "MiB",
        ours: memory,
        baseline: null,
        target: { of: "ours", atMost: 450 },
      });
    return figures;
  },
};
