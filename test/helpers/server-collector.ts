// A stock OpenTelemetry Collector in a process of its own.
import type { ChildProcess } from "node:child_process";
import { freePort, hasPeer, startPeer, stopPeer } from "./server-peer";

const NAME = "otelcol";

export const hasCollector = hasPeer(NAME);

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
    const child = await startPeer(NAME, {
      MODE: "forward",
      FORWARD_TO: forwardTo,
      OTLP_HTTP: String(http),
      OTLP_GRPC: String(grpc),
      ZIPKIN: String(zipkin),
      THRIFT_HTTP: String(thrift),
      METRICS: String(metrics),
    });
    return new Collector(child, `http://127.0.0.1:${http}`, `http://127.0.0.1:${grpc}`);
  }

  stop(): Promise<void> {
    return stopPeer(this.process);
  }
}
