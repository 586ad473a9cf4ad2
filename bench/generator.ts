// The load generator, in a process of its own: makes request bodies, sends them, and says what was acknowledged.
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Prepare, Prepared, Run, RunResult } from "./support/protocol";
import { Traffic } from "./support/traffic";

interface Body {
  readonly bytes: Uint8Array;
  readonly spans: number;
}

/** Making them takes at most this much longer than the first ones let expect. */
const SLACK = 1.2;
const CHUNK = 1 << 20;
let bodies: Body[] = [];
let startMs = 0;

function prepare({ traffic: plan, count }: Prepare): Prepared {
  const traffic = new Traffic(plan);
  let rawBytes = 0;
  let gzipBytes = 0;
  let spans = 0;
  const make = (number: number): Body => {
    const body = traffic.body(number, startMs);
    const bytes = gzipSync(body.bytes, { level: 1, chunkSize: CHUNK });
    rawBytes += body.bytes.length;
    gzipBytes += bytes.length;
    spans += body.spans;
    return { bytes, spans: body.spans };
  };
  const began = performance.now();
  const few = Math.min(count, 20);
  for (let i = 0; i < few; i++) make(i);
  startMs = Date.now() + ((performance.now() - began) / few) * count * SLACK + 50;
  rawBytes = gzipBytes = spans = 0;
  bodies = Array.from({ length: count }, (_, i) => make(i));
  return { bodies: count, spans, rawBytes, gzipBytes, startMs };
}

/** @returns the status. @throws Error when not every span was taken, or nothing is answered. */
function post(url: URL, agent: Agent, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method: "POST",
      agent,
      headers: {
        "content-type": "application/x-protobuf",
        "content-encoding": "gzip",
        "content-length": bytes.length,
      },
    });
    sending.on("response", (response) => {
      let length = 0;
      response
        .on("data", (part: Buffer) => {
          length += part.length;
        })
        .on("end", () => {
          // An empty ExportTraceServiceResponse says that nothing was rejected.
          if (response.statusCode === 200 && length > 0) reject(new Error("spans were rejected"));
          else resolve(response.statusCode!);
        })
        .on("error", reject);
    });
    sending.on("error", reject);
    sending.end(bytes);
  });
}

async function run(order: Run): Promise<RunResult> {
  const url = new URL(order.url);
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections, noDelay: true });
  await sleep(Math.max(0, startMs - Date.now()));
  const began = performance.now();
  const from = began + order.warmupSeconds * 1000;
  const to = from + order.seconds * 1000;
  const ackMs: number[] = [];
  let next = 0;
  let acknowledged = 0;
  let measuredSpans = 0;
  let lastMeasured = from;
  let refused = 0;
  const one = async (number: number, dueAt: number): Promise<void> => {
    const body = bodies[number % bodies.length]!;
    const status = await post(url, agent, body.bytes);
    const now = performance.now();
    if (status === 429 || status === 503) {
      refused++;
      await sleep(1000);
    } else if (status !== 200) throw new Error(`the server answered ${status}`);
    else {
      acknowledged += body.spans;
      if (now < from || now > to) return;
      measuredSpans += body.spans;
      lastMeasured = now;
      ackMs.push(now - dueAt);
    }
  };
  const isLast = (): boolean => performance.now() >= to || (!order.recycle && next >= bodies.length);
  if (order.pace === "flat out") {
    const connection = async (): Promise<void> => {
      while (!isLast()) await one(next++, performance.now());
    };
    await Promise.all(Array.from({ length: order.connections }, connection));
  } else {
    const { everyMs } = order.pace;
    const open: Promise<void>[] = [];
    let failure: unknown = null;
    for (; !isLast() && failure === null; ) {
      const dueAt = began + next * everyMs;
      const wait = dueAt - performance.now();
      if (wait > 0) await sleep(wait);
      open.push(
        one(next++, dueAt).catch((error: unknown) => {
          failure = error;
        }),
      );
    }
    await Promise.all(open);
    if (failure !== null) throw failure;
  }
  agent.destroy();
  const exhausted = !order.recycle && next >= bodies.length;
  const measuredSeconds = ((exhausted ? lastMeasured : to) - from) / 1000;
  return {
    acknowledged,
    measuredSpans,
    measuredSeconds,
    ackMs: Float64Array.from(ackMs),
    refused,
    exhausted,
  };
}

process.on("message", (order: Prepare | Run) => {
  Promise.resolve(order.kind === "prepare" ? prepare(order) : run(order)).then(
    (value) => process.send!({ value }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
