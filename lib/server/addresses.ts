import type { Door } from "../engine/engine";
import { isLoopback } from "./config";
import type { House } from "./house";

/** How senders reach the doors, as they would write it. */
export function addressesOf({ config, ports }: House): Record<Door, string> {
  const host = isLoopback(config.host) ? "localhost" : config.host;
  return {
    "otlp-http": `http://${host}:${ports.otlpHttp}`,
    "otlp-grpc": `http://${host}:${ports.otlpGrpc}`,
    import: `http://${host}:${config.port}${config.basePath}/api/v1/import`,
  };
}
