// Ten times what the server can take: it takes nearly as much as before, refuses the rest in the right words, answers the map
// meanwhile, is fair to who sends little, and is itself again soon. What it took is there after kill -9, once.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { Generator, peakMemoryMib } from "@/bench/support/processes";
import type { RunResult } from "@/bench/support/protocol";
import { quantile } from "@/bench/support/statistics";
import { checkStored } from "@/bench/support/stored-spans";
import { effort, isFull } from "@/test/helpers/effort";
import { aroundNow } from "@/test/helpers/server-load";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const SECONDS = effort("HEADWATER_TEST_OVERLOAD_SECONDS");
const KNEE_SECONDS = 4;
const WARMUP_SECONDS = 2;
const TIMES = 10;
const CONNECTIONS = 1_024;
const SPANS_PER_BODY = 2_000;
/** Faster than the server is. */
const MADE_FOR = 330_000;
const NORMAL_MS = 250;
const PATIENCE_MS = 60_000;
/** Who is let in is answered within this: exporters give up after ten seconds. */
const ACK_MS = 5_000;
/** What a release is held to, on a machine that does nothing else; every change is held to what is no matter of speed. */
const GOODPUT = 0.8;
const MAP_MS = 500;
const MEMORY_MIB = 800;
const NORMAL_AFTER_MS = 10_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function generator(seed: string, seconds: number): Promise<Generator> {
  const made = new Generator();
  ends.push(() => made.stop());
  await made.prepare({
    traffic: { seed, spansPerSecond: MADE_FOR, spansPerBody: SPANS_PER_BODY, bodies: 100 },
    count: Math.ceil((MADE_FOR * seconds) / SPANS_PER_BODY),
  });
  return made;
}

interface Answered {
  readonly status: number;
  readonly ms: number;
}

const LITTLE_SPANS = 2;

/** A small batch, from an address at which nobody else sends. */
function sendLittle(server: Server): Promise<Answered> {
  const body = protobufOf(Array.from({ length: LITTLE_SPANS }, () => ({})));
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sending = request(server.traces, {
      method: "POST",
      headers: { ...PROTOBUF, "content-length": body.length },
      localAddress: "127.0.0.2",
      agent: false,
    });
    sending.on("response", (response) => {
      response.resume().on("end", () => resolve({ status: response.statusCode!, ms: performance.now() - began }));
    });
    sending.on("error", reject).end(body);
  });
}

async function ask(server: Server, path: string): Promise<Answered> {
  const began = performance.now();
  const answer = await fetch(`${server.base}${path}`);
  await answer.arrayBuffer();
  return { status: answer.status, ms: performance.now() - began };
}

/** Asks again and again until something is over. */
async function until(isOver: () => boolean, everyMs: number, once: () => Promise<Answered>): Promise<Answered[]> {
  const answers: Answered[] = [];
  while (!isOver()) {
    answers.push(await once());
    await sleep(everyMs);
  }
  return answers;
}

const timesOf = (answers: readonly Answered[]): Float64Array => Float64Array.from(answers, ({ ms }) => ms);
const p99 = (answers: readonly Answered[]): number => quantile(timesOf(answers), 0.99);
const statuses = (answers: readonly Answered[]): number[] => [...new Set(answers.map(({ status }) => status))].sort();

interface Overload {
  /** What the server takes from senders that wait for their answers, spans a second: in the long tier the mean of before and after. */
  readonly knee: number;
  readonly flood: RunResult;
  readonly maps: readonly Answered[];
  readonly health: readonly Answered[];
  readonly little: readonly Answered[];
  /** From the end of the flood until a small batch is answered as fast as ever. */
  readonly normalAfterMs: number;
  readonly memoryMib: number | null;
  readonly acknowledged: number;
  readonly server: Server;
  readonly folder: string;
}

async function overload(env: Readonly<Record<string, string>> = {}): Promise<Overload> {
  const folder = makeFolder();
  ends.push(() => dropFolder(folder));
  const calm = { connections: 32, pace: "flat out", warmupSeconds: WARMUP_SECONDS, seconds: KNEE_SECONDS } as const;
  const before = await generator("before", KNEE_SECONDS + WARMUP_SECONDS);
  const flooding = await generator("flood", SECONDS);
  const after = isFull ? await generator("after", KNEE_SECONDS + WARMUP_SECONDS) : null;
  const server = await Server.start(folder, env);
  ends.push(() => server.stop("SIGKILL"));
  const order = { url: server.traces, again: "refused" } as const;
  const first = await before.run({ ...order, ...calm });
  let over = false;
  const run = flooding.run({
    ...order,
    connections: CONNECTIONS,
    pace: { everyMs: (SPANS_PER_BODY / (TIMES * speedOf(first))) * 1000, mostOpen: CONNECTIONS },
    warmupSeconds: 0,
    seconds: SECONDS,
  });
  const isOver = (): boolean => over;
  const [flood, maps, health, little] = await Promise.all([
    run.finally(() => {
      over = true;
    }),
    until(isOver, 50, () => ask(server, `/api/v1/graph?${aroundNow()}`)),
    until(isOver, 50, () => ask(server, "/healthz")),
    until(isOver, 100, () => sendLittle(server)),
  ]);
  const settling = await normal(server);
  const normalAfterMs = settling.reduce((sum, { ms }) => sum + ms, 0);
  const memoryMib = peakMemoryMib(server.pid);
  const last = await after?.run({ ...order, ...calm });
  const knee = (speedOf(first) + speedOf(last ?? first)) / 2;
  const littleTaken = [...little, ...settling].filter(({ status }) => status === 200).length;
  const acknowledged = first.acknowledged + flood.acknowledged + (last?.acknowledged ?? 0) + littleTaken * LITTLE_SPANS;
  return { knee, flood, maps, health, little, normalAfterMs, memoryMib, acknowledged, server, folder };
}

const speedOf = ({ measuredSpans, measuredSeconds }: RunResult): number => measuredSpans / measuredSeconds;

/** Sends little until it is answered as it should be. */
async function normal(server: Server): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const began = performance.now(); performance.now() - began < PATIENCE_MS; ) {
    const answer = await sendLittle(server);
    answers.push(answer);
    if (answer.status === 200 && answer.ms < NORMAL_MS) break;
  }
  return answers;
}

it(`ten times the knee for ${SECONDS} s`, { timeout: (SECONDS + 120) * 2_000 }, async ({ task }) => {
  const { knee, flood, maps, health, little, normalAfterMs, memoryMib, acknowledged, server, folder } =
    await overload();
  const figures = {
    "knee, spans/s": Math.round(knee),
    "offered, times the knee": (flood.attempts * SPANS_PER_BODY) / SECONDS / knee,
    "taken, times the knee": speedOf(flood) / knee,
    "requests taken": flood.ackMs.length,
    "requests refused": flood.refused,
    "acknowledgement p99, ms": quantile(flood.ackMs, 0.99),
    "map p99, ms": p99(maps),
    "health p99, ms": p99(health),
    "a quiet sender, p50, ms": quantile(timesOf(little), 0.5),
    "a quiet sender, p99, ms": p99(little),
    "normal after, ms": normalAfterMs,
    "memory, peak, MiB": memoryMib,
  };
  Object.assign(task.meta, { figures });
  expect({ strange: flood.strange, unexplained: flood.unexplained }).toEqual({ strange: {}, unexplained: 0 });
  expect(flood.refused).toBeGreaterThan(flood.ackMs.length);
  expect(statuses(maps)).toEqual([200]);
  expect(statuses(health)).toEqual([200]);
  expect(statuses(little)).toEqual([200]);
  expect(normalAfterMs).toBeLessThan(NORMAL_AFTER_MS);
  await checkStored(server, folder, acknowledged);
  if (!isFull) return;
  expect(speedOf(flood) / knee).toBeGreaterThan(GOODPUT);
  expect(p99(maps)).toBeLessThan(MAP_MS);
  expect(quantile(flood.ackMs, 0.99)).toBeLessThan(ACK_MS);
  expect(memoryMib ?? 0).toBeLessThan(MEMORY_MIB);
});

it.runIf(isFull)(
  "twin: a server that lets everything in keeps senders waiting until they give up, and the same look sees it",
  {
    timeout: (SECONDS + 120) * 2_000,
  },
  async () => {
    const { flood } = await overload({ HEADWATER_SABOTAGE: "noBacklog", HEADWATER_IN_FLIGHT_MIB: "256" });
    expect(quantile(flood.ackMs, 0.99)).toBeGreaterThan(ACK_MS);
  },
);
