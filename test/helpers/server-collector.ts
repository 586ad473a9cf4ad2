// A stock OpenTelemetry Collector in a process of its own. The script that installs and starts it lies beside the checkout
// where there is one.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";

const SCRIPT = resolve("..", "shared", "peers", "otelcol.sh");

export const hasCollector = existsSync(SCRIPT);

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

export class Collector {
  private constructor(
    private readonly process: ChildProcess,
    /** Base addresses of its OTLP receivers. */
    readonly http: string,
    readonly grpc: string,
  ) {}

  /** @param forwardTo base address of an OTLP/HTTP receiver that gets everything. */
  static async start(forwardTo: string): Promise<Collector> {
    const [http, grpc, zipkin, thrift, metrics] = await Promise.all([1, 2, 3, 4, 5].map(freePort));
    const child = spawn(SCRIPT, ["start"], {
      env: {
        ...process.env,
        MODE: "forward",
        FORWARD_TO: forwardTo,
        OTLP_HTTP: String(http),
        OTLP_GRPC: String(grpc),
        ZIPKIN: String(zipkin),
        THRIFT_HTTP: String(thrift),
        METRICS: String(metrics),
      },
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
      child.once("exit", (code) => failed(new Error(`the Collector did not start (${code}): ${said}`)));
    });
    return new Collector(child, `http://127.0.0.1:${http}`, `http://127.0.0.1:${grpc}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }
}
