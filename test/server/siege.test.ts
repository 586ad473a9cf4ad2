// Connections that mean no good, by the hundred and by the thousand: the server lets go of them in the time that it says, and an
// ordinary sender beside them does not notice.
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { effort, isFull } from "@/test/helpers/effort";
import { HostileSockets, p99, timesWhile } from "@/test/helpers/hostile-sockets";
import { eventually } from "@/test/helpers/server-process";
import { call, frame, send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";
import { serving } from "@/test/helpers/serving";

const here = serving();
const SECONDS = effort("HEADWATER_TEST_SIEGE_SECONDS");
/** What an ordinary sender may wait; on a machine that is slow without a siege, three times what it waits then. */
const WAIT_MS = 250;
/** Heads have five seconds, looked at every second. */
const HEADS_GONE_MS = 10_000;
const ALL_GONE_MS = 36_000;
const MOST_CONNECTIONS = 2_048;
const SLOW_HEADS = "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
const SLOW_BODY = `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100000\r\n\r\n`;

const portOf = (url: string): number => Number(new URL(url).port);
const grpcPort = (): number => portOf(`http://${here.server.grpc}`);
const filesOpen = (): number => readdirSync(`/proc/${here.server.pid}/fd`).length;
const MIB_OF_SIEGE = 128;

const opened: HostileSockets[] = [];
function hostile(port: number): HostileSockets {
  const sockets = new HostileSockets(port);
  opened.push(sockets);
  return sockets;
}
afterEach(() => {
  for (const sockets of opened.splice(0)) sockets.end();
});

/** One batch by each door, on a connection of its own, as a service that starts now would send it. */
async function sendOne(): Promise<void> {
  const body = protobufOf([{}, {}]);
  expect((await send(here.server.traces, { headers: PROTOBUF, body })).status).toBe(200);
  expect((await call(here.server.grpc, [frame(body)])).code).toBe(0);
}

/** An ordinary sender waits no longer than it may while `siege` runs; and the memory that it takes is bounded. */
async function withstand(siege: () => Promise<void>): Promise<void> {
  const before = p99(await timesWhile(sendOne, sleep(1_000)));
  const memory = process.platform === "linux" ? here.server.peakMemoryMib() : 0;
  const during = await timesWhile(sendOne, siege());
  expect(p99(during)).toBeLessThan(Math.max(WAIT_MS, 3 * before));
  if (process.platform === "linux") expect(here.server.peakMemoryMib() - memory).toBeLessThan(MIB_OF_SIEGE);
}

it("500 sockets that send a byte a second: heads are closed in time, and others go on", {
  retry: 2,
  timeout: (SECONDS + 90) * 1_000,
}, async () => {
  const heads = hostile(portOf(here.server.traces));
  const bodies = hostile(portOf(here.server.traces));
  const pages = hostile(portOf(here.server.base));
  await withstand(async () => {
    await heads.open(200, SLOW_HEADS, "x");
    await pages.open(50, "GET /api/v1/graph HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "x");
    await bodies.open(250, SLOW_BODY, "x");
    expect((await heads.leftAfter(HEADS_GONE_MS)) + (await pages.leftAfter(HEADS_GONE_MS))).toBe(0);
    await sleep(Math.max(0, SECONDS - 8) * 1000);
    if (isFull) expect(await bodies.leftAfter(ALL_GONE_MS)).toBe(0);
  });
});

it.runIf(isFull)("gRPC connections that trickle are closed in time too", { retry: 2, timeout: 120_000 }, async () => {
  const silent = hostile(grpcPort());
  const preface = hostile(grpcPort());
  await withstand(async () => {
    await silent.open(250);
    await preface.open(250, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0");
    expect((await silent.leftAfter(ALL_GONE_MS)) + (await preface.leftAfter(ALL_GONE_MS))).toBe(0);
  });
});

/** More than a door holds. */
const SILENT = isFull ? 5_000 : 3_000;

it(`${SILENT} connections that say nothing: the door holds 2,048, lets ordinary senders in, and closes all in time`, {
  retry: 2,
}, async () => {
  const files = process.platform === "linux" ? filesOpen() : 0;
  const http = hostile(portOf(here.server.traces));
  await withstand(async () => {
    await http.open(SILENT);
    expect(await http.leftAfter(3_000, MOST_CONNECTIONS)).toBeLessThanOrEqual(MOST_CONNECTIONS);
    expect(await http.leftAfter(HEADS_GONE_MS)).toBe(0);
  });
  if (process.platform !== "linux") return;
  const left = await eventually(
    async () => filesOpen(),
    (count) => count <= files + 20,
  );
  expect(left).toBeLessThanOrEqual(files + 20);
});

it("as many at the gRPC door likewise", { retry: 2 }, async () => {
  const grpc = hostile(grpcPort());
  await withstand(async () => {
    await grpc.open(isFull ? SILENT : 2_500);
    expect(await grpc.leftAfter(3_000, MOST_CONNECTIONS)).toBeLessThanOrEqual(MOST_CONNECTIONS);
  });
});

const bomb = gzipSync(Buffer.alloc(200 << 20), { level: 9 });

it("100 gzip bombs at once are refused, each, and others go on", { retry: 2 }, async () => {
  const headers = { ...PROTOBUF, "content-encoding": "gzip" };
  await withstand(async () => {
    const statuses = Array.from({ length: 100 }, () => send(here.server.traces, { headers, body: bomb }));
    expect(new Set((await Promise.all(statuses)).map(({ status }) => status))).toEqual(new Set([413]));
  });
});

it("gzip bombs that say that they are small are refused too, within bounds of memory", async () => {
  const liar = Buffer.from(bomb);
  liar.writeUInt32LE(1_000, liar.length - 4);
  const memory = process.platform === "linux" ? here.server.peakMemoryMib() : 0;
  const headers = { ...PROTOBUF, "content-encoding": "gzip" };
  const answers = Array.from({ length: 30 }, () => send(here.server.traces, { headers, body: liar }));
  expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([413]));
  if (process.platform === "linux") expect(here.server.peakMemoryMib() - memory).toBeLessThan(MIB_OF_SIEGE);
  await sendOne();
});

it("twin: a server with Node's own limits keeps all of them, and the same look sees it", async () => {
  const server = createServer((request) => void request.resume());
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const sockets = hostile(port);
    await sockets.open(300, SLOW_HEADS, "x");
    await sockets.open(2_500);
    expect(await sockets.leftAfter(HEADS_GONE_MS, MOST_CONNECTIONS)).toBe(2_800);
  } finally {
    for (const sockets of opened.splice(0)) sockets.end();
    server.closeAllConnections();
    server.close();
  }
});
