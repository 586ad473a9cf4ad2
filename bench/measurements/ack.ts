// How long a sender waits at a modest load: from when a request was due to its answer, which comes after the COMMIT.
import type { Measurement } from "../support/measurement";
import type { Prepare, Run } from "../support/protocol";
import { withBareServer, withServer } from "../support/rig";
import { quantile } from "../support/statistics";

const SPANS_PER_SECOND = 1000;
const SPANS_PER_BODY = 100;

export const ack: Measurement = {
  name: "ack",
  async run({ quick, log }) {
    const runs = quick ? 1 : 3;
    const seconds = quick ? 4 : 10;
    const warmupSeconds = 2;
    const ours: Float64Array[] = [];
    const bare: Float64Array[] = [];
    for (let i = 0; i < runs; i++) {
      const load: Omit<Prepare, "kind"> = {
        traffic: { seed: `ack ${i}`, spansPerSecond: SPANS_PER_SECOND, spansPerBody: SPANS_PER_BODY, bodies: 100 },
        count: ((seconds + warmupSeconds) * SPANS_PER_SECOND) / SPANS_PER_BODY,
      };
      const order: Omit<Run, "kind" | "url"> = {
        connections: 8,
        pace: { everyMs: (SPANS_PER_BODY / SPANS_PER_SECOND) * 1000 },
        warmupSeconds,
        seconds,
        again: "none",
      };
      ours.push(
        await withServer(load, async ({ server, generator }) => {
          const { ackMs, acknowledged } = await generator.run({ ...order, url: server.traces });
          return { result: ackMs, acknowledged };
        }),
      );
      bare.push(
        await withBareServer(load, async ({ bare: server, generator }) => {
          return (await generator.run({ ...order, url: `${server.base}/v1/traces` })).ackMs;
        }),
      );
      log(`p50 ${quantile(ours.at(-1)!, 0.5).toFixed(1)} ms of ${ours.at(-1)!.length} requests`);
    }
    const figure = (share: number, target: number | null) => ({
      quantity: `acknowledgement at 1 k spans/s, p${share * 100}`,
      unit: "ms" as const,
      ours: ours.map((values) => quantile(values, share)),
      baseline: { what: "inflate and discard", runs: bare.map((values) => quantile(values, share)) },
      target: target === null ? null : { of: "ours" as const, atMost: target },
    });
    return [figure(0.5, 15), figure(0.99, null)];
  },
};
