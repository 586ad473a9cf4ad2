// Connections that mean no good: heads and bodies that trickle, and ones that say nothing at all.
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "./server-process";

/** Connections opened at once, and the pause between: a thousand a second. */
const AT_ONCE = 50;
const PAUSE_MS = 50;
/** Fewer say nothing of the slowest in a hundred. */
const LEAST_TIMES = 100;

export class HostileSockets {
  private readonly sockets: Socket[] = [];
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(private readonly port: number) {}

  /**
   * @param beginning what each says first.
   * @param drop what it says every second from then on; nothing without.
   */
  async open(count: number, beginning = "", drop = ""): Promise<void> {
    for (let opened = 0; opened < count; opened += AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - opened) }, () => this.one(beginning, drop)));
      await sleep(PAUSE_MS);
    }
  }

  private one(beginning: string, drop: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.port, "127.0.0.1");
      this.sockets.push(socket);
      socket
        .on("error", () => {})
        .on("connect", () => {
          if (beginning) socket.write(beginning);
          resolve();
        });
      socket.on("close", () => resolve()).resume();
      if (drop) this.timers.push(setInterval(() => socket.writable && socket.write(drop), 1_000));
    });
  }

  /** Connections that the server has not closed. */
  get left(): number {
    return this.sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length;
  }

  /** How many are left when at most `most` are, or after `ms`. */
  leftAfter(ms: number, most = 0): Promise<number> {
    return eventually(
      async () => this.left,
      (left) => left <= most,
      ms,
    );
  }

  end(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Runs `ask` again and again, one after the other, until `until` has ended. @returns the times, in milliseconds, sorted. */
export async function timesWhile(ask: () => Promise<void>, until: Promise<unknown>): Promise<number[]> {
  let over = false;
  const end = until.finally(() => {
    over = true;
  });
  const times: number[] = [];
  while (!over || times.length < LEAST_TIMES) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
    await sleep(10);
  }
  await end;
  return times.sort((a, b) => a - b);
}

export const p99 = (sorted: readonly number[]): number => sorted[Math.ceil(sorted.length * 0.99) - 1]!;
