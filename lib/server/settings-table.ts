// Every setting in words, and its value as one would write it.
import { type Config, type SettingName, UNITS } from "./config";

interface Row {
  readonly meaning: string;
  /** "" for what is not set. */
  readonly value: (config: Config) => string;
  readonly secret?: boolean;
}

const MIB = 1 << 20;
const period = (ms: number): string => {
  const unit = (["d", "h", "m"] as const).find((letter) => ms % UNITS[letter] === 0 && ms > UNITS[letter]) ?? "m";
  return `${ms / UNITS[unit]}${unit}`;
};

export const SETTINGS_TABLE: Record<SettingName, Row> = {
  host: { meaning: "Address of all doors; others than loopback need a token", value: ({ host }) => host },
  port: { meaning: "Port of pages, API and import", value: ({ port }) => String(port) },
  otlpPort: { meaning: "Port of OTLP/HTTP; 0 lets the system choose", value: ({ otlpPort }) => String(otlpPort) },
  otlpGrpcPort: {
    meaning: "Port of OTLP/gRPC; 0 lets the system choose",
    value: ({ otlpGrpcPort }) => String(otlpGrpcPort),
  },
  basePath: { meaning: "Path below which a proxy mounts it", value: ({ basePath }) => basePath },
  dataDir: { meaning: "Folder of the database", value: ({ dataDir }) => dataDir },
  token: { meaning: "Secret that every caller has to show", value: ({ token }) => token ?? "", secret: true },
  allowedHosts: {
    meaning: "Further names that a Host header may have",
    value: ({ allowedHosts }) => allowedHosts.join(","),
  },
  corsOrigins: {
    meaning: "Other sites whose pages may send",
    value: ({ corsOrigins }) => corsOrigins.join(","),
  },
  perspective: { meaning: "What upstream means where nobody says", value: ({ perspective }) => perspective },
  retainSpans: { meaning: "How long spans are kept", value: ({ retainSpans }) => period(retainSpans) },
  retainSpansMib: {
    meaning: "What spans may take on disk, MiB",
    value: ({ retainSpansBytes }) => String(retainSpansBytes / MIB),
  },
  retainMinutes: {
    meaning: "How long calls per minute are kept",
    value: ({ retainMinutes }) => period(retainMinutes),
  },
  retainHours: { meaning: "How long calls per hour are kept", value: ({ retainHours }) => period(retainHours) },
  minFreeMib: {
    meaning: "Free on the disk at least, or no spans are taken, MiB; 256 or 5 % of it when not set",
    value: ({ minFreeBytes }) => (minFreeBytes === null ? "" : String(minFreeBytes / MIB)),
  },
  canary: {
    meaning: "How often the server sends itself a trace and reads it back; off for never",
    value: ({ canary }) => (canary === 0 ? "off" : canary % 1000 === 0 ? `${canary / 1000}s` : `${canary}ms`),
  },
  redact: {
    meaning: "Attributes whose values are not kept, by words of their keys",
    value: ({ redact }) => redact.join(",") || "none",
  },
  maxBodyMib: {
    meaning: "Largest body of a live request, MiB",
    value: ({ maxBodyBytes }) => String(maxBodyBytes / MIB),
  },
  inFlightMib: {
    meaning: "Bodies in flight together, MiB",
    value: ({ inFlightBytes }) => String(inFlightBytes / MIB),
  },
  importMib: { meaning: "Largest imported file, MiB", value: ({ importBytes }) => String(importBytes / MIB) },
  memorySpans: {
    meaning: "Ids in memory for linking spans",
    value: ({ memorySpans }) => String(memorySpans),
  },
  storeMemoryMib: {
    meaning: "Memory limit of the database, MiB",
    value: ({ storeMemoryMib }) => String(storeMemoryMib),
  },
};
