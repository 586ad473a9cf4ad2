// The load generator, in a process of its own: makes request bodies, sends them, and says what was acknowledged.
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Connections } from "./support/connections";
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

/** Which body is sent next. */
class Supply {
  private next = 0;
  private readonly refused: Body[] = [];

  constructor(private readonly again: Run["again"]) {}

  take(): Body | null {
    const refused = this.refused.shift();
    if (refused) return refused;
    const number = this.next++;
    return bodies[this.again === "all" ? number % bodies.length : number] ?? null;
  }

  giveBack(body: Body): void {
    if (this.again === "refused") this.refused.push(body);
  }

  get isEmpty(): boolean {
    return this.again !== "all" && this.refused.length === 0 && this.next >= bodies.length;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const RETRY_MS = 1000;
const isRefusal = (status: number): boolean => status === 429 || status === 503;

async function run(order: Run): Promise<RunResult> {
  const connections = new Connections(new URL(order.url), order.connections);
  await sleep(Math.max(0, startMs - Date.now()));
  const began = performance.now();
  const from = began + order.warmupSeconds * 1000;
  const to = from + order.seconds * 1000;
  const supply = new Supply(order.again);
  const ackMs: number[] = [];
  const strange: Record<string, number> = {};
  let attempts = 0;
  let acknowledged = 0;
  let measuredSpans = 0;
  let lastMeasured = from;
  let refused = 0;
  let unexplained = 0;
  /** @returns whether it was taken. */
  const one = async (body: Body, dueAt: number): Promise<boolean> => {
    attempts++;
    const answer = await connections.post(body.bytes).catch((error: NodeJS.ErrnoException) => {
      if (order.again !== "refused") throw error;
      return { status: error.code ?? error.message, retryAfter: undefined, bodyBytes: 0 };
    });
    const now = performance.now();
    const { status, retryAfter, bodyBytes } = answer;
    if (status === 200) {
      // An empty ExportTraceServiceResponse says that nothing was rejected.
      if (bodyBytes > 0) throw new Error("spans were rejected");
      acknowledged += body.spans;
      if (now < from || now > to) return true;
      measuredSpans += body.spans;
      lastMeasured = now;
      ackMs.push(now - dueAt);
      return true;
    }
    supply.giveBack(body);
    if (typeof status === "number" && isRefusal(status)) {
      refused++;
      if (retryAfter === undefined) unexplained++;
    } else if (order.again === "refused") strange[status] = (strange[status] ?? 0) + 1;
    else throw new Error(`the server answered ${status}`);
    return false;
  };
  if (order.pace === "flat out") {
    const connection = async (): Promise<void> => {
      while (performance.now() < to) {
        const body = supply.take();
        if (!body) return;
        if (!(await one(body, performance.now()))) await sleep(RETRY_MS);
      }
    };
    await Promise.all(Array.from({ length: order.connections }, connection));
  } else {
    const { everyMs, mostOpen = Number.POSITIVE_INFINITY } = order.pace;
    const open = new Set<Promise<void>>();
    let failure: unknown = null;
    for (let number = 0; performance.now() < to && failure === null; number++) {
      const dueAt = began + number * everyMs;
      const wait = dueAt - performance.now();
      if (wait > 0) await sleep(wait);
      if (open.size >= mostOpen) {
        await turn(); // so that answers are heard
        continue;
      }
      const body = supply.take();
      if (!body) break;
      const sending: Promise<void> = one(body, dueAt)
        .then(
          () => {},
          (error: unknown) => {
            failure = error;
          },
        )
        .finally(() => open.delete(sending));
      open.add(sending);
    }
    await Promise.all(open);
    if (failure !== null) throw failure;
  }
  connections.end();
  const exhausted = supply.isEmpty;
  return {
    attempts,
    acknowledged,
    measuredSpans,
    measuredSeconds: ((exhausted ? lastMeasured : to) - from) / 1000,
    ackMs: Float64Array.from(ackMs),
    refused,
    unexplained,
    strange,
    exhausted,
  };
}

process.on("message", (order: Prepare | Run) => {
  Promise.resolve(order.kind === "prepare" ? prepare(order) : run(order)).then(
    (value) => process.send!({ value }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
