// The command line as people run it: the built bundle in a process of its own.
import { spawn } from "node:child_process";
import { resolve } from "node:path";

export interface CliEnded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly stdin?: Uint8Array;
  readonly cwd?: string;
  /** Beside the environment of the tests; there is no token unless it is given here. */
  readonly env?: Readonly<Record<string, string>>;
  /** When somebody presses Ctrl+C. */
  readonly interruptAfterMs?: number;
  /** What Node runs. */
  readonly entry?: string;
}

export function headwater(
  args: readonly string[],
  { stdin, cwd, env = {}, interruptAfterMs, entry = "dist/cli.mjs" }: CliOptions = {},
): Promise<CliEnded> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve(entry), ...args], {
      cwd,
      env: { ...process.env, HEADWATER_TOKEN: "", ...env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => err.push(part));
    child.stdin.on("error", () => {}); // it may end without having read it
    child.stdin.end(stdin);
    const timer = interruptAfterMs === undefined ? null : setTimeout(() => child.kill("SIGINT"), interruptAfterMs);
    child.on("close", (code) => {
      if (timer) clearTimeout(timer);
      done({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}
