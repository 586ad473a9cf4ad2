// The processes that a benchmark needs beside itself. Each is ended by whoever started it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Prepare, Prepared, Run, RunResult } from "./protocol";

const start = (name: string): ChildProcess =>
  fork(join("dist", "bench", `${name}.mjs`), { serialization: "advanced", execArgv: ["--max-old-space-size=8192"] });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** The load generator. */
export class Generator {
  private readonly child = start("generator");

  prepare(order: Omit<Prepare, "kind">): Promise<Prepared> {
    return this.ask({ kind: "prepare", ...order });
  }

  run(order: Omit<Run, "kind">): Promise<RunResult> {
    return this.ask({ kind: "run", ...order });
  }

  private ask<T>(order: Prepare | Run): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error("the load generator ended"));
      this.child.once("exit", ended);
      this.child.once("message", (answer: { value: T } | { error: string }) => {
        this.child.off("exit", ended);
        if ("error" in answer) reject(new Error(answer.error));
        else resolve(answer.value);
      });
      this.child.send(order);
    });
  }

  stop(): Promise<void> {
    return end(this.child);
  }
}

/** The baseline server. */
export class BareServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly base: string,
  ) {}

  static async start(): Promise<BareServer> {
    const child = start("bare-server");
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    return new BareServer(child, `http://127.0.0.1:${port}`);
  }

  get pid(): number {
    return this.child.pid!;
  }

  stop(): Promise<void> {
    return end(this.child);
  }
}

/** Largest resident memory of a process since its start, in MiB. Null where there is no /proc. */
export function peakMemoryMib(pid: number): number | null {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readProc(`/proc/${pid}/status`))?.[1];
  return kilobytes ? Number(kilobytes) / 1024 : null;
}

/** Clock ticks a second as /proc counts them: 100 on every Linux of today. */
const TICKS = 100;

/** Processor time of a process so far, all threads, in microseconds. Null where there is no /proc. */
export function cpuUs(pid: number): number | null {
  // After the name, which is in brackets and may hold anything: state is field 3, utime 14, stime 15.
  const fields = readProc(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ");
  return fields.length > 12 ? ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1e6 : null;
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
