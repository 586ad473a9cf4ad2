import type { Door } from "../engine/doors";
import { type Config, isLoopback } from "./config";
import type { House } from "./house";

const hostOf = ({ host }: Config): string => (isLoopback(host) ? "localhost" : host);

/** Where the pages and the API are, as people would write it. */
export const pagesAddress = (config: Config): string => `http://${hostOf(config)}:${config.port}${config.basePath}`;

/** How senders reach the doors, as they would write it. */
export function addressesOf({ config, ports }: House): Record<Door, string> {
  const host = hostOf(config);
  return {
    "otlp-http": `http://${host}:${ports.otlpHttp}`,
    "otlp-grpc": `http://${host}:${ports.otlpGrpc}`,
    import: `${pagesAddress(config)}/api/v1/import`,
  };
}
