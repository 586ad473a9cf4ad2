// How much goes through the door: gzip OTLP/HTTP, as fast as it is acknowledged, each span durable before its answer.
import type { Figure, Measurement } from "../support/measurement";
import { cpuUs, peakMemoryMib } from "../support/processes";
import type { Prepare, Run } from "../support/protocol";
import { withBareServer, withServer } from "../support/rig";

const SPANS_PER_BODY = 2000;
/** The speed for which bodies are made: spans of a slower server are older when they arrive, as they are in a queue. */
const MADE_FOR = 250_000;
/** So many times the bodies of that speed are made; a faster server runs out of them early. Its spans' clocks run ahead by that. */
const AHEAD = 1.2;
const CONNECTIONS = 32;

interface Sample {
  readonly spansPerSecond: number;
  readonly cpuUsPerSpan: number | null;
  readonly memoryMib: number | null;
}

export const ingest: Measurement = {
  name: "ingest",
  async run({ quick, log }) {
    const runs = quick ? 1 : 3;
    const seconds = quick ? 4 : 8;
    const warmupSeconds = quick ? 2 : 4;
    const ours: Sample[] = [];
    const bare: Sample[] = [];
    for (let i = 0; i < runs; i++) {
      const load: Omit<Prepare, "kind"> = {
        traffic: { seed: `ingest ${i}`, spansPerSecond: MADE_FOR, spansPerBody: SPANS_PER_BODY, bodies: 100 },
        count: Math.ceil((MADE_FOR * AHEAD * (seconds + warmupSeconds)) / SPANS_PER_BODY),
      };
      const order: Omit<Run, "kind" | "url" | "again"> = {
        connections: CONNECTIONS,
        pace: "flat out",
        warmupSeconds,
        seconds,
      };
      ours.push(
        await withServer(load, async ({ server, generator, prepared }) => {
          const { spans, rawBytes, gzipBytes } = prepared;
          log(`${spans} spans, ${Math.round(rawBytes / spans)} B each, ${Math.round(gzipBytes / spans)} B in gzip`);
          const before = cpuUs(server.pid);
          const done = await generator.run({ ...order, url: server.traces, again: "none" });
          const after = cpuUs(server.pid);
          if (done.refused > 0) log(`${done.refused} requests were put off`);
          if (done.exhausted) log("the bodies ran out before the time did");
          const sample = {
            spansPerSecond: done.measuredSpans / done.measuredSeconds,
            cpuUsPerSpan: before === null || after === null ? null : (after - before) / done.acknowledged,
            memoryMib: peakMemoryMib(server.pid),
          };
          log(`${Math.round(sample.spansPerSecond)} spans/s`);
          return { result: sample, acknowledged: done.acknowledged };
        }),
      );
      bare.push(
        await withBareServer({ ...load, count: Math.ceil(load.count / 10) }, async ({ bare: server, generator }) => {
          const before = cpuUs(server.pid);
          const done = await generator.run({ ...order, url: `${server.base}/v1/traces`, again: "all" });
          const after = cpuUs(server.pid);
          return {
            spansPerSecond: done.measuredSpans / done.measuredSeconds,
            cpuUsPerSpan: before === null || after === null ? null : (after - before) / done.acknowledged,
            memoryMib: peakMemoryMib(server.pid),
          };
        }),
      );
    }
    const baseline = (values: number[]): Figure["baseline"] => ({ what: "inflate and discard", runs: values });
    const figures: Figure[] = [
      {
        quantity: "durable ingest, gzip OTLP/HTTP",
        unit: "spans/s",
        ours: ours.map(({ spansPerSecond }) => spansPerSecond),
        baseline: baseline(bare.map(({ spansPerSecond }) => spansPerSecond)),
        target: { of: "ours", atLeast: 250_000 },
      },
    ];
    const known = (values: (number | null)[]): number[] => values.filter((value) => value !== null);
    const cpu = known(ours.map(({ cpuUsPerSpan }) => cpuUsPerSpan));
    if (cpu.length > 0)
      figures.push({
        quantity: "processor time of the server during it",
        unit: "µs/span",
        ours: cpu,
        baseline: baseline(known(bare.map(({ cpuUsPerSpan }) => cpuUsPerSpan))),
        target: null,
      });
    const memory = known(ours.map(({ memoryMib }) => memoryMib));
    if (memory.length > 0)
      figures.push({
        quantity: "memory of the server during it, peak",
        unit: "MiB",
        ours: memory,
        baseline: baseline(known(bare.map(({ memoryMib }) => memoryMib))),
        target: { of: "ours", atMost: 800 },
      });
    return figures;
  },
};
