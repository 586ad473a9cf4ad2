import type { Door } from "../engine/doors";
import { type Config, isLoopback } from "./config";

/** A server whose doors are open. */
export interface Listening {
  readonly config: Config;
  readonly ports: { readonly otlpHttp: number; readonly otlpGrpc: number };
}

const hostOf = ({ host }: Config): string => (isLoopback(host) ? "localhost" : host);

/** Where the pages and the API are, as people would write it. */
export const pagesAddress = (config: Config): string => `http://${hostOf(config)}:${config.port}${config.basePath}`;

/** How senders reach the doors, as they would write it. */
export function addressesOf({ config, ports }: Listening): Record<Door, string> {
  const host = hostOf(config);
  return {
    "otlp-http": `http://${host}:${ports.otlpHttp}`,
    "otlp-grpc": `http://${host}:${ports.otlpGrpc}`,
    import: `${pagesAddress(config)}/api/v1/import`,
  };
}

/** This server's OTLP/HTTP door as the process itself reaches it. */
export function ownDoor({ config: { host }, ports }: Listening): URL {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return new URL(`http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${ports.otlpHttp}`);
}
