// How long until a call that was sent is in the graph, while much else comes in: by asking again and again, and on the live
// stream that the map listens to.
import { setTimeout as sleep } from "node:timers/promises";
import type { Graph, GraphDelta } from "@/lib/contract/graph";
import type { Figure, Measurement } from "../support/measurement";
import { PROBE, probeAgent, probeBody, sendProtobuf } from "../support/probe";
import { peakMemoryMib } from "../support/processes";
import type { Prepare, Run } from "../support/protocol";
import { withBareServer, withServer } from "../support/rig";
import { quantile } from "../support/statistics";

const SPANS_PER_SECOND = 50_000;
const SPANS_PER_BODY = 1000;
const PROBE_EVERY_MS = 137; // not in step with anything
const POLL_PAUSE_MS = 10;
const SEEN_WITHIN_MS = 20_000;

/** Notes when the nth probe was sent and when it was first counted. */
class Probes {
  readonly sentAt: number[] = [];
  readonly seenAfter: number[] = [];
  private acknowledged = 0;

  constructor(private readonly send: () => Promise<void>) {}

  async sendUntil(end: number): Promise<number> {
    const open: Promise<unknown>[] = [];
    while (performance.now() < end) {
      this.sentAt.push(performance.now());
      open.push(this.send().then(() => this.acknowledged++));
      await sleep(PROBE_EVERY_MS);
    }
    await Promise.all(open);
    return this.acknowledged;
  }
}

/** Milliseconds from sending to being counted, as one observer sees it. */
class Observer {
  readonly ms: number[] = [];

  constructor(private readonly probes: Probes) {}

  /** @param calls how many probes are counted now. */
  saw(calls: number): void {
    const now = performance.now();
    if (calls > this.probes.sentAt.length)
      throw new Error(`${calls} probes are counted, ${this.probes.sentAt.length} were sent`);
    while (this.ms.length < calls) this.ms.push(now - this.probes.sentAt[this.ms.length]!);
  }

  /** Waits for all; those that do not come count as long as they were waited for. @returns how many those are. */
  async untilAll(): Promise<number> {
    const deadline = performance.now() + SEEN_WITHIN_MS;
    const { sentAt } = this.probes;
    while (this.ms.length < sentAt.length && performance.now() < deadline) await sleep(20);
    const missing = sentAt.length - this.ms.length;
    this.saw(sentAt.length);
    return missing;
  }
}

const probeCalls = ({ edges }: Pick<Graph, "edges">): number | null =>
  edges.find(({ caller, callee }) => caller === PROBE.caller && callee === PROBE.callee)?.calls ?? null;

export const visible: Measurement = {
  name: "visible",
  async run({ quick, log }) {
    const runs = quick ? 1 : 3;
    const seconds = quick ? 5 : 15;
    const warmupSeconds = 2;
    const polled: number[][] = [];
    const streamed: number[][] = [];
    const bare: number[][] = [];
    const memory: number[] = [];
    const unseen: number[] = [];
    const backgroundAck: number[][] = [];
    for (let i = 0; i < runs; i++) {
      const load: Omit<Prepare, "kind"> = {
        traffic: { seed: `visible ${i}`, spansPerSecond: SPANS_PER_SECOND, spansPerBody: SPANS_PER_BODY, bodies: 100 },
        count: ((seconds + warmupSeconds + 1) * SPANS_PER_SECOND) / SPANS_PER_BODY,
      };
      const order: Omit<Run, "kind" | "url"> = {
        connections: 32,
        pace: { everyMs: (SPANS_PER_BODY / SPANS_PER_SECOND) * 1000 },
        warmupSeconds,
        seconds,
        again: "none",
      };
      const question = `last=15m&env=${PROBE.environment}`;
      await withServer(load, async ({ server, generator, prepared }) => {
        const agent = probeAgent();
        const probes = new Probes(() => sendProtobuf(server.traces, agent, probeBody()));
        const poll = new Observer(probes);
        const stream = new Observer(probes);
        const stop = new AbortController();
        const watching = Promise.all([
          watch(stop.signal, async () =>
            poll.saw(probeCalls(await server.get<Graph>(`/api/v1/graph?${question}`)) ?? 0),
          ),
          listen(`${server.base}/api/v1/graph/stream?${question}`, stop.signal, (graph) => {
            const calls = probeCalls(graph);
            if (calls !== null) stream.saw(calls);
          }),
        ]);
        const background = generator.run({ ...order, url: server.traces });
        await sleep(Math.max(0, prepared.startMs - Date.now()) + warmupSeconds * 1000);
        const sent = await probes.sendUntil(performance.now() + seconds * 1000);
        const { acknowledged, ackMs } = await background;
        // `watching` ends first only when it fails.
        const missing = await Promise.race([Promise.all([poll.untilAll(), stream.untilAll()]), watching]);
        unseen.push(Math.max(...missing.map(Number)));
        if (unseen.at(-1)! > 0)
          log(
            `not visible ${SEEN_WITHIN_MS / 1000} s after the end: ${missing[0]} asked for, ${missing[1]} on the stream`,
          );
        stop.abort();
        await watching;
        agent.destroy();
        polled.push(poll.ms);
        streamed.push(stream.ms);
        backgroundAck.push([...ackMs]);
        const peak = peakMemoryMib(server.pid);
        if (peak !== null) memory.push(peak);
        log(`p99 ${Math.round(quantile(poll.ms, 0.99))} ms of ${poll.ms.length} probes`);
        return { result: null, acknowledged: acknowledged + sent * PROBE.spans };
      });
      await withBareServer(load, async ({ bare: server, generator }) => {
        const agent = probeAgent();
        const probes = new Probes(() => sendProtobuf(`${server.base}/probe`, agent, probeBody()));
        const poll = new Observer(probes);
        const stop = new AbortController();
        const watching = watch(stop.signal, async () =>
          poll.saw(Number(await (await fetch(`${server.base}/probes`)).text())),
        );
        const background = generator.run({ ...order, url: `${server.base}/v1/traces` });
        await sleep(warmupSeconds * 1000);
        await probes.sendUntil(performance.now() + seconds * 1000);
        await background;
        await poll.untilAll();
        stop.abort();
        await watching;
        agent.destroy();
        bare.push(poll.ms);
      });
    }
    // Over all runs together: a freeze in one of them must not vanish in a median.
    const at = (samples: number[][], share: number): number[] => [quantile(samples.flat(), share)];
    const figure = (quantity: string, samples: number[][], share: number, target: number | null): Figure => ({
      quantity: `${quantity}, p${share * 100}`,
      unit: "ms",
      ours: at(samples, share),
      baseline: { what: "a counter in memory", runs: at(bare, share) },
      target: target === null ? null : { of: "ours", atMost: target },
    });
    const figures = [
      figure("sent to visible in the graph at 50 k spans/s", polled, 0.5, null),
      figure("sent to visible in the graph at 50 k spans/s", polled, 0.99, 1000),
      figure("sent to visible on the live stream", streamed, 0.99, null),
      { ...figure("acknowledgement at 50 k spans/s", backgroundAck, 0.99, null), baseline: null },
    ];
    figures.push({
      quantity: `calls not visible ${SEEN_WITHIN_MS / 1000} s after the load ended`,
      unit: "calls",
      ours: [unseen.reduce((sum, count) => sum + count, 0)],
      baseline: null,
      target: { of: "ours", atMost: 0 },
    });
    if (memory.length > 0)
      figures.push({
        quantity: "memory of the server at 50 k spans/s, peak",
        unit: "MiB",
        ours: memory,
        baseline: null,
        target: { of: "ours", atMost: 800 },
      });
    return figures;
  },
};

async function watch(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(POLL_PAUSE_MS);
  }
}

/** Reads the live stream: the whole graph first, then what changed. */
async function listen(
  url: string,
  signal: AbortSignal,
  hear: (graph: Pick<Graph | GraphDelta, "edges">) => void,
): Promise<void> {
  try {
    const answer = await fetch(url, { signal });
    let text = "";
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const events = text.split("\n\n");
      text = events.pop()!;
      for (const event of events) {
        const data = /^event: (?:graph|delta)\ndata: (.*)$/.exec(event)?.[1];
        if (data) hear(JSON.parse(data) as Graph | GraphDelta);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
