// The product as it is run: `npm start`'s script on the production build, in a process of its own, with real DuckDB, on
// loopback and ports that are free.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 30_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A folder under the system's temporary one. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), "headwater-server-"));

export const dropFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** A started process and what it says. */
export class Started {
  out = "";
  err = "";
  readonly ended: Promise<Ended>;

  constructor(readonly process: ChildProcess) {
    process.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.out += text;
    });
    process.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => {
      process.once("close", (code, signal) => resolve({ code, signal }));
    });
  }
}

/** Starts the script and does not wait; for starts that are meant to fail. Settings of the caller's own environment do not count. */
export function launch(env: Readonly<Record<string, string>>): Started {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(HEADWATER_|OTEL_|HOST$|PORT$|NODE_ENV$|VITEST)/.test(name),
  );
  return new Started(
    spawn(process.execPath, ["scripts/start.mjs"], {
      env: { ...(Object.fromEntries(clean) as NodeJS.ProcessEnv), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

export class Server {
  private constructor(
    private readonly started: Started,
    /** Address of the map and its API. */
    readonly base: string,
    /** Address of POST /v1/traces. */
    readonly traces: string,
    /** host:port of the gRPC door. */
    readonly grpc: string,
  ) {}

  /** Returns when the server says that it is ready and answers. */
  static async start(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
    const started = launch({
      PORT: "0",
      HEADWATER_OTLP_PORT: "0",
      HEADWATER_OTLP_GRPC_PORT: "0",
      HEADWATER_DATA_DIR: folder,
      ...env,
    });
    const deadline = Date.now() + START_MS;
    const { process: child } = started;
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const base = /map {8}(\S+)\/map/.exec(started.out)?.[1];
      const http = /OTLP\/HTTP {2}(http:\S+)/.exec(started.out)?.[1];
      const grpc = /OTLP\/gRPC {2}(\S+)/.exec(started.out)?.[1];
      if (base && http && grpc) {
        const headers: Record<string, string> = env.HEADWATER_TOKEN
          ? { authorization: `Bearer ${env.HEADWATER_TOKEN}` }
          : {};
        const ready = await fetch(`${base}/readyz`, { headers }).catch(() => null);
        if (ready?.ok) return new Server(started, base, http, grpc);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill("SIGKILL");
    throw new Error(`the server did not start:\n${started.out}\n${started.err}`);
  }

  get pid(): number {
    return this.started.process.pid!;
  }

  /** Everything that it wrote so far. */
  get said(): string {
    return this.started.out + this.started.err;
  }

  /** What it wrote to standard error so far. */
  get errors(): string {
    return this.started.err;
  }

  get ended(): Promise<Ended> {
    return this.started.ended;
  }

  get isRunning(): boolean {
    const { exitCode, signalCode } = this.started.process;
    return exitCode === null && signalCode === null;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    if (this.isRunning) this.started.process.kill(signal);
    return await this.ended;
  }

  /** A JSON answer of the API. @throws Error with the body when the status is not 2xx. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.base}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Largest resident memory since the start, in MiB (Linux). */
  peakMemoryMib(): number {
    return this.memory("VmHWM");
  }

  /** Resident memory now, in MiB (Linux). */
  memoryMib(): number {
    return this.memory("VmRSS");
  }

  private memory(name: string): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
  }
}

/** Asks until the answer satisfies, and returns it; after `ms` returns the last one, for an assertion to judge. */
export async function eventually<T>(ask: () => Promise<T>, isEnough: (value: T) => boolean, ms = 20_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await ask();
    if (isEnough(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
