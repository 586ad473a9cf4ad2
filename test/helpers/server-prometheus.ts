// A stock Prometheus in a process of its own, which scrapes a server. Its script lies where the Collector's does.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "./server-collector";

const SCRIPT = resolve("..", "shared", "peers", "prometheus.sh");

export const hasPrometheus = existsSync(SCRIPT);

export class Prometheus {
  private constructor(
    private readonly process: ChildProcess,
    private readonly base: string,
  ) {}

  /** @param target host:port whose /metrics is read every second. @param folder for what it writes. */
  static async start(target: string, token: string, folder: string): Promise<Prometheus> {
    const http = await freePort();
    const config = join(folder, "prometheus.yml");
    writeFileSync(
      config,
      `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: headwater
    static_configs: [{ targets: ["${target}"] }]
    authorization: { credentials: "${token}" }
`,
    );
    const child = spawn(SCRIPT, ["start"], {
      env: { ...process.env, CONFIG: config, DATA: join(folder, "prometheus"), HTTP: String(http) },
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
      child.once("exit", (code) => failed(new Error(`Prometheus did not start (${code}): ${said}`)));
    });
    return new Prometheus(child, `http://127.0.0.1:${http}`);
  }

  /** The one value of an expression; null where it has none. */
  async value(expression: string): Promise<number | null> {
    const answer = await fetch(`${this.base}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result.length === 1 ? Number(data.result[0]!.value[1]) : null;
  }

  /** What is known of the metrics of its target: name, type, help. */
  async metadata(): Promise<Map<string, { type: string; help: string }>> {
    const answer = await fetch(`${this.base}/api/v1/targets/metadata`);
    const { data } = (await answer.json()) as { data: { metric: string; type: string; help: string }[] };
    return new Map(data.map(({ metric, type, help }) => [metric, { type, help }]));
  }

  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }
}
