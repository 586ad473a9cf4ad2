// Half an hour of a steady load, with people who look: memory does not grow, handles do not, retention keeps the store bounded,
// and everything acknowledged is counted.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { Generator } from "@/bench/support/processes";
import { quantile, slope } from "@/bench/support/statistics";
import type { Sources } from "@/lib/contract/sources";
import { effort, isFull } from "@/test/helpers/effort";
import { aroundNow } from "@/test/helpers/server-load";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";

const SECONDS = effort("HEADWATER_TEST_SOAK_SECONDS");
const SPANS_PER_SECOND = 20_000;
const SPANS_PER_BODY = 500;
const LOOK_MS = 2_000;
/**
 * Growth of memory, MiB a minute, after the first sixth. What is collected every few minutes goes up and down by a hundred; what stays is
 * the least of each five minutes.
 */
const MOST_SLOPE = 0.5;
const PART_MINUTES = 5;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Look {
  readonly minute: number;
  readonly memoryMib: number;
  readonly files: number;
  readonly storeMib: number;
  readonly graphMs: number;
}

/** The look with the least memory of each few minutes. */
function troughs(looks: readonly Look[]): Look[] {
  const least = new Map<number, Look>();
  for (const look of looks) {
    const part = Math.floor(look.minute / PART_MINUTES);
    if (look.memoryMib < (least.get(part)?.memoryMib ?? Number.POSITIVE_INFINITY)) least.set(part, look);
  }
  return [...least.values()];
}

/** Opens the live stream and closes it again, as people do who come and go. */
async function glance(server: Server): Promise<void> {
  const leaving = new AbortController();
  const stream = await fetch(`${server.base}/api/v1/graph/stream`, { signal: leaving.signal });
  expect(stream.status).toBe(200);
  await stream.body!.getReader().read();
  leaving.abort();
}

async function look(server: Server, folder: string, beganMs: number): Promise<Look> {
  const asked = performance.now();
  const answer = await fetch(`${server.base}/api/v1/graph?${aroundNow()}`);
  await answer.arrayBuffer();
  const graphMs = performance.now() - asked;
  expect(answer.status).toBe(200);
  for (const path of ["/api/v1/traces?limit=20", "/api/v1/sources", "/metrics"]) {
    const other = await fetch(`${server.base}${path}`);
    await other.arrayBuffer();
    expect(other.status).toBe(200);
  }
  await glance(server);
  return {
    minute: (Date.now() - beganMs) / 60_000,
    memoryMib: server.memoryMib(),
    files: readdirSync(`/proc/${server.pid}/fd`).length,
    storeMib: readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 2 ** 20,
    graphMs,
  };
}

describe.runIf(isFull && process.platform === "linux")("a steady load", () => {
  it(`of ${SPANS_PER_SECOND} spans a second for ${SECONDS} s`, { timeout: (SECONDS * 2 + 300) * 1_000 }, async ({
    task,
  }) => {
    const folder = makeFolder();
    ends.push(() => dropFolder(folder));
    const generator = new Generator();
    ends.push(() => generator.stop());
    await generator.prepare({
      traffic: { seed: "soak", spansPerSecond: SPANS_PER_SECOND, spansPerBody: SPANS_PER_BODY, bodies: 200 },
      count: (SECONDS * SPANS_PER_SECOND) / SPANS_PER_BODY,
    });
    const server = await Server.start(folder, { HEADWATER_RETAIN_SPANS: "3m", HEADWATER_CANARY: "5s" });
    ends.push(() => server.stop("SIGKILL"));
    let over = false;
    const running = generator
      .run({
        url: server.traces,
        connections: 16,
        pace: { everyMs: (SPANS_PER_BODY / SPANS_PER_SECOND) * 1000 },
        warmupSeconds: 0,
        seconds: SECONDS,
        again: "none",
      })
      .finally(() => {
        over = true;
      });
    const looks: Look[] = [];
    for (const beganMs = Date.now(); !over; await sleep(LOOK_MS)) looks.push(await look(server, folder, beganMs));
    const done = await running;
    const last = looks.filter(({ minute }) => minute >= SECONDS / 60 / 6);
    const third = Math.floor(last.length / 3);
    const figures = {
      "acknowledged, spans": done.acknowledged,
      "acknowledgement p99, ms": quantile(done.ackMs, 0.99),
      "memory at the end, MiB": last.at(-1)!.memoryMib,
      "memory, least, MiB": Math.min(...last.map(({ memoryMib }) => memoryMib)),
      "memory, most, MiB": Math.max(...last.map(({ memoryMib }) => memoryMib)),
      "memory, growth, MiB/min": slope(troughs(last).map(({ minute, memoryMib }) => [minute, memoryMib])),
      "open files, growth": last.at(-1)!.files - last[0]!.files,
      "store, at most, MiB": Math.max(...looks.map(({ storeMib }) => storeMib)),
      "store at the end, MiB": last.at(-1)!.storeMib,
      "graph p99, first third, ms": quantile(
        last.slice(0, third).map(({ graphMs }) => graphMs),
        0.99,
      ),
      "graph p99, last third, ms": quantile(
        last.slice(-third).map(({ graphMs }) => graphMs),
        0.99,
      ),
    };
    Object.assign(task.meta, { figures });
    const { doors, canary } = await server.get<Sources>("/api/v1/sources");
    const door = doors.find(({ name }) => name === "otlp-http")!;
    expect(done.refused).toBe(0);
    expect(done.acknowledged).toBe(SECONDS * SPANS_PER_SECOND);
    expect({ stored: door.stored, duplicates: door.duplicates }).toEqual({ stored: done.acknowledged, duplicates: 0 });
    expect(canary).toMatchObject({ missing: 0, wrong: 0 });
    expect(figures["open files, growth"]).toBeLessThan(20);
    expect(figures["memory, growth, MiB/min"]).toBeLessThan(MOST_SLOPE);
  });
});
