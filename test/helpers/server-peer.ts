// Other programs of the field, each started by a script that lies beside the checkout where there is one.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";

const scriptOf = (name: string): string => resolve("..", "shared", "peers", `${name}.sh`);

export const hasPeer = (name: string): boolean => existsSync(scriptOf(name));

export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => found(port));
    });
  });
}

/** Returns once the program says that it is ready. @throws Error with what it said when it ends instead. */
export async function startPeer(name: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(scriptOf(name), ["start"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  await new Promise<void>((ready, failed) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/^ready /m.test(said)) ready();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.once("exit", (code) => failed(new Error(`${name} did not start (${code}): ${said}`)));
  });
  return child;
}

export async function stopPeer(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
