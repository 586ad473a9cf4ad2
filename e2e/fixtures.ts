// What every end-to-end test stands on: a server of its own (the production build, its own ports and data folder), spans sent
// to it as SDKs send them, and a watch over the page that fails the test upon any error.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test as base, expect } from "@playwright/test";
import type { Span } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { watchPages } from "./page-watch";

export { expect };

const START_MS = 60_000;
const STOP_MS = 15_000;
const SPANS_PER_REQUEST = 4_000;

export interface StartOptions {
  /** Added to the environment; wins over what the fixture sets itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of the caller's, kept at the end; without it a new one, removed at the end. */
  readonly dataDir?: string;
}

export interface Headwater {
  /** `http://127.0.0.1:<port>`, without a slash at its end, as the others. */
  readonly url: string;
  /** Base of the OTLP/HTTP door; spans go to `/v1/traces` below it. */
  readonly otlpUrl: string;
  /** Of the OTLP/gRPC door. */
  readonly grpcUrl: string;
  readonly pid: number;
  readonly dataDir: string;
  /** What the server has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Ends the server and waits for it. Returns its exit code; null when the signal itself ended it. Twice is once. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Sends spans to a server's OTLP/HTTP door. @throws Error when it does not take every one. */
export async function sendSpans(
  server: Pick<Headwater, "otlpUrl">,
  spans: readonly Span[],
  token?: string,
): Promise<void> {
  for (let from = 0; from < spans.length; from += SPANS_PER_REQUEST) {
    const answer = await fetch(`${server.otlpUrl}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf", ...(token && { authorization: `Bearer ${token}` }) },
      body: Buffer.from(encodeSpans(spans.slice(from, from + SPANS_PER_REQUEST))),
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    // An empty ExportTraceServiceResponse says that nothing was rejected.
    if (answer.status !== 200 || body.length > 0)
      throw new Error(`The server answered ${answer.status} to spans: ${Buffer.from(body).toString()}`);
  }
}

/** Starts the production build. @throws Error with what it printed when it does not get ready. */
export async function startHeadwater({ env = {}, dataDir }: StartOptions = {}): Promise<Headwater> {
  const folder = mkdtempSync(join(tmpdir(), "headwater-e2e-"));
  const [port, otlpPort, grpcPort] = await freePorts(3);
  const config = join(folder, "headwater.yaml"); // so that one lying in the checkout changes nothing
  writeFileSync(config, "");
  const data = dataDir ?? join(folder, "data");
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...withoutSettings(process.env),
      HOST: "127.0.0.1",
      PORT: String(port),
      HEADWATER_OTLP_PORT: String(otlpPort),
      HEADWATER_OTLP_GRPC_PORT: String(grpcPort),
      HEADWATER_DATA_DIR: data,
      HEADWATER_CONFIG: config,
      ...env,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    await endProcess(child, signal);
    rmSync(folder, { recursive: true, force: true });
    return child.exitCode;
  };
  const url = `http://127.0.0.1:${env.PORT ?? port}${env.HEADWATER_BASE_PATH ?? ""}`;
  try {
    await untilReady(child, url);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${stdout}${stderr}`);
  }
  return {
    url,
    otlpUrl: `http://127.0.0.1:${otlpPort}`,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    pid: child.pid!,
    dataDir: data,
    stdout: () => stdout,
    stderr: () => stderr,
    stop,
  };
}

/** NODE_ENV is set by the server itself. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("HEADWATER_"))),
  NODE_ENV: "production",
});

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (const started = Date.now(); Date.now() - started < START_MS; await sleep(50)) {
    if (hasEnded(child)) throw new Error(`The server ended with ${child.exitCode ?? child.signalCode}.`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error(`The server was not ready after ${START_MS / 1000} s.`);
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Held together before any is let go, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(holders.map((holder) => once(holder, "listening")));
  const ports = holders.map((holder) => (holder.address() as { port: number }).port);
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}

interface WorkerFixtures {
  /** Starts a further server, with its own settings; it ends with the last test at the latest. */
  startHeadwater: (options?: StartOptions) => Promise<Headwater>;
  /** The server of all tests that need no settings of their own. `page.goto("/map")` goes to it. */
  headwater: Headwater;
}

interface TestFixtures {
  /** Sends spans to the shared server, or to the one named. */
  send: (spans: readonly Span[], server?: Pick<Headwater, "otlpUrl">) => Promise<void>;
  /** Names an error that the page is meant to report. One that then does not come fails the test as well. */
  expectFault: (pattern: RegExp) => void;
  expectedFaults: RegExp[];
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  startHeadwater: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const started: Headwater[] = [];
      await use(async (options) => {
        const server = await startHeadwater(options);
        started.push(server);
        return server;
      });
      await Promise.all(started.map((server) => server.stop()));
    },
    { scope: "worker" },
  ],
  headwater: [async ({ startHeadwater: start }, use) => use(await start()), { scope: "worker" }],
  baseURL: async ({ headwater }, use) => use(headwater.url),
  send: async ({ headwater }, use) => use((spans, server = headwater) => sendSpans(server, spans)),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  expectedFaults: async ({}, use) => use([]),
  expectFault: async ({ expectedFaults }, use) =>
    use((pattern) => {
      expectedFaults.push(pattern);
    }),
  context: async ({ context, expectedFaults }, use) => {
    const faults = await watchPages(context);
    await use(context);
    const isExpected = (fault: string): boolean => expectedFaults.some((pattern) => pattern.test(fault));
    expect(
      faults.filter((fault) => !isExpected(fault)),
      "errors that the page reported",
    ).toEqual([]);
    expect(
      expectedFaults.filter((pattern) => !faults.some((fault) => pattern.test(fault))).map(String),
      "expected errors that did not come",
    ).toEqual([]);
  },
});
