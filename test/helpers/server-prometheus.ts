// A stock Prometheus in a process of its own, which scrapes a server.
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, hasPeer, startPeer, stopPeer } from "./server-peer";

const NAME = "prometheus";

export const hasPrometheus = hasPeer(NAME);

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
    const child = await startPeer(NAME, { CONFIG: config, DATA: join(folder, "prometheus"), HTTP: String(http) });
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

  stop(): Promise<void> {
    return stopPeer(this.process);
  }
}
