// Starts server-otel-app.cjs: a service as a user would write it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

export interface OtelServiceSettings {
  readonly name: string;
  readonly environment: string;
  readonly exporter: "http-protobuf" | "http-json" | "grpc";
  /** OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** Address of the service that this one calls. */
  readonly next?: string;
}

export class OtelService {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start({ name, environment, exporter, endpoint, next }: OtelServiceSettings): Promise<OtelService> {
    const child = fork("test/helpers/server-otel-app.cjs", [], {
      env: {
        NODE_ENV: "production",
        PATH: process.env.PATH,
        SERVICE: name,
        ENVIRONMENT: environment,
        EXPORTER: exporter,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        ...(next && { NEXT: next }),
      },
      execArgv: [],
    });
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    return new OtelService(child, `http://127.0.0.1:${port}`);
  }

  /** Ends it; from here on everything it had to send was answered. Returns its exit code. */
  async end(): Promise<number> {
    const ended = once(this.process, "exit");
    this.process.send("end");
    return (await ended)[0] as number;
  }
}
