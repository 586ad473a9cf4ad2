// Configuration: environment first, then headwater.yaml, then defaults. Validated once; a message names the key, the value
// and what would be right, because it is read at 03:00.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Document, isMap, isScalar, parseDocument, type YAMLParseError } from "yaml";
import { z } from "zod";
import { Perspective } from "../contract/graph";
import { nearestName } from "../domain/nearest-name";
import { DECLARED_SECTIONS } from "../headwater-yaml/read-headwater-yaml";
import { REDACTED_KEYS } from "../ingest/otlp/sensitive-keys";

/** Something in the configuration, or around it, keeps the server from starting. The message is all a person needs. */
export class StartError extends Error {
  override readonly name = "StartError";
}

const port = z.coerce
  .number({ error: "must be a port number" })
  .int("must be a whole number")
  .min(0, "must be a port from 0 to 65535")
  .max(65_535, "must be a port from 0 to 65535");

const MIB = 1 << 20;
const megabytes = (most: number, least = 1) =>
  z.coerce
    .number({ error: "must be a number of MiB" })
    .min(least, `must be at least ${least} (MiB)`)
    .max(most, `must be at most ${most} (MiB)`);

/** Milliseconds of the letters of a period. */
export const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const period = z
  .string({ error: "must be a period such as 30m, 24h or 7d" })
  .regex(/^\d+[mhd]$/, "must be a period such as 30m, 24h or 7d")
  .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS]);

const interval = z
  .string({ error: "must be off, or an interval such as 15s" })
  .regex(/^(off|\d+(ms|s))$/, "must be off, or an interval such as 15s")
  .transform((text) => (text === "off" ? 0 : Number.parseInt(text, 10) * (text.endsWith("ms") ? 1 : 1000)))
  .refine((ms) => ms === 0 || (ms >= 100 && ms <= 3_600_000), "must be off, or from 100ms to 3600s");

const list = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  ),
]);

const Settings = z.strictObject({
  host: z.string().min(1, "must be an address such as 127.0.0.1").default("127.0.0.1"),
  port: port.default(3000),
  otlpPort: port.default(4318),
  otlpGrpcPort: port.default(4317),
  basePath: z
    .string()
    .regex(/^(\/[\w.~-]+)*$/, "must be a path such as /headwater, with no slash at its end")
    .default(""),
  dataDir: z.string().min(1, "must be a folder").default("data"),
  token: z.string().min(16, "must have at least 16 characters").optional(),
  allowedHosts: list.default([]),
  corsOrigins: list.default([]),
  maxBodyMib: megabytes(64).default(20),
  inFlightMib: megabytes(1024).default(64),
  importMib: megabytes(4096).default(512),
  memorySpans: z.coerce
    .number({ error: "must be a number of spans" })
    .int()
    .min(10_000, "must be at least 10000")
    .max(8_000_000, "must be at most 8000000")
    .default(600_000),
  storeMemoryMib: megabytes(65_536).default(256),
  retainSpans: period.default(24 * UNITS.h),
  retainSpansMib: megabytes(16 * 1024 * 1024, 256).default(10 * 1024),
  retainMinutes: period.default(7 * UNITS.d),
  retainHours: period.default(400 * UNITS.d),
  redact: list.transform((keys) => (keys.join() === "none" ? [] : keys)).default(REDACTED_KEYS),
  minFreeMib: megabytes(1024 * 1024).optional(),
  perspective: Perspective.default("data-flow"),
  /** Milliseconds; 0 is off. */
  canary: interval.default(15_000),
});
type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;

export interface Config
  extends Omit<Settings, "maxBodyMib" | "inFlightMib" | "importMib" | "retainSpansMib" | "minFreeMib"> {
  /** Absolute path of headwater.yaml, there or not. */
  readonly file: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly maxBodyBytes: number;
  readonly inFlightBytes: number;
  readonly importBytes: number;
  readonly retainSpansBytes: number;
  /** null: as much as the disk's size asks for. */
  readonly minFreeBytes: number | null;
  /** What set the settings that are not as they are by default. */
  readonly setBy: ReadonlyMap<SettingName, "file" | "variable">;
}

/** Environment variables by setting. The UI's port and address have the names that every host of Node apps uses. */
export const VARIABLES: Record<SettingName, string> = {
  host: "HOST",
  port: "PORT",
  otlpPort: "HEADWATER_OTLP_PORT",
  otlpGrpcPort: "HEADWATER_OTLP_GRPC_PORT",
  basePath: "HEADWATER_BASE_PATH",
  dataDir: "HEADWATER_DATA_DIR",
  token: "HEADWATER_TOKEN",
  allowedHosts: "HEADWATER_ALLOWED_HOSTS",
  corsOrigins: "HEADWATER_CORS_ORIGINS",
  maxBodyMib: "HEADWATER_MAX_BODY_MIB",
  inFlightMib: "HEADWATER_IN_FLIGHT_MIB",
  importMib: "HEADWATER_IMPORT_MIB",
  memorySpans: "HEADWATER_MEMORY_SPANS",
  storeMemoryMib: "HEADWATER_STORE_MEMORY_MIB",
  retainSpans: "HEADWATER_RETAIN_SPANS",
  retainSpansMib: "HEADWATER_RETAIN_SPANS_MIB",
  retainMinutes: "HEADWATER_RETAIN_MINUTES",
  retainHours: "HEADWATER_RETAIN_HOURS",
  canary: "HEADWATER_CANARY",
  redact: "HEADWATER_REDACT",
  minFreeMib: "HEADWATER_MIN_FREE_MIB",
  perspective: "HEADWATER_PERSPECTIVE",
};

/** What becomes of what: spans are counted by the minute, minutes are added up to hours. */
const KEPT_LONGER = [
  ["retainSpans", "retainMinutes"],
  ["retainMinutes", "retainHours"],
] as const;

/** Read elsewhere: where the file is, and a switch for tests. */
const OTHER_VARIABLES = ["HEADWATER_CONFIG", "HEADWATER_SABOTAGE"];

/** A sentence for every variable that looks like a setting and is none: a setting that was mistyped would go unnoticed. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = [...Object.values(VARIABLES), ...OTHER_VARIABLES];
  return Object.keys(env)
    .filter((name) => name.startsWith("HEADWATER_") && !known.includes(name))
    .sort()
    .map((name) => {
      const near = nearestName(name, known);
      return `${name} is no setting${near ? `; did you mean ${near}?` : "."}`;
    });
}

/** The file's `server:` section and its `perspective`; the other sections belong to the screens that read them. */
const File = z.looseObject({
  server: z.record(z.string(), z.unknown()).optional(),
  perspective: z.unknown().optional(),
});

/**
 * @param env usually process.env.
 * @param folder where headwater.yaml is looked for; `HEADWATER_CONFIG` names another file.
 * @throws StartError
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, folder: string): Config {
  const path = resolve(folder, env.HEADWATER_CONFIG || "headwater.yaml");
  const values: Record<string, unknown> = {};
  const origin = new Map<string, string>();
  const setBy = new Map<SettingName, "file" | "variable">();
  if (existsSync(/* turbopackIgnore: true */ path)) {
    for (const [key, value] of Object.entries(readConfigFile(path))) {
      values[key] = value;
      origin.set(key, `${path}: ${key === "perspective" ? key : `server.${key}`}`);
      setBy.set(key as SettingName, "file");
    }
  } else if (env.HEADWATER_CONFIG)
    throw new StartError(`HEADWATER_CONFIG=${env.HEADWATER_CONFIG}: there is no such file.`);
  for (const [key, name] of Object.entries(VARIABLES)) {
    const value = env[name];
    if (value === undefined || value === "") continue;
    values[key] = value;
    origin.set(key, name);
    setBy.set(key as SettingName, "variable");
  }
  const parsed = Settings.safeParse(values);
  if (!parsed.success)
    throw new StartError(parsed.error.issues.map((issue) => explain(issue, values, origin)).join("\n"));
  const config = configOf(parsed.data, path, folder, setBy);
  for (const [shorter, longer] of KEPT_LONGER) {
    if (config[shorter] <= config[longer]) continue;
    const told = (key: SettingName): string =>
      `${origin.get(key) ?? key} (${JSON.stringify(values[key]) ?? "by default"})`;
    throw new StartError(`${told(longer)} must be at least as long as ${told(shorter)}: the one is made of the other.`);
  }
  if (!isLoopback(config.host) && !config.token) {
    throw new StartError(
      `HOST=${config.host} is open to other machines: set HEADWATER_TOKEN to a secret of at least 16 characters, or leave HOST at 127.0.0.1.`,
    );
  }
  return config;
}

/** What is in force where nothing is set. */
export const defaultConfig = ({ file }: Config, folder: string): Config =>
  configOf(Settings.parse({}), file, folder, new Map());

const configOf = (settings: Settings, file: string, folder: string, setBy: Config["setBy"]): Config => {
  const { maxBodyMib, inFlightMib, importMib, retainSpansMib, minFreeMib, ...rest } = settings;
  return {
    ...rest,
    file,
    dataDir: resolve(folder, rest.dataDir),
    maxBodyBytes: Math.floor(maxBodyMib * MIB),
    inFlightBytes: Math.floor(inFlightMib * MIB),
    importBytes: Math.floor(importMib * MIB),
    retainSpansBytes: Math.floor(retainSpansMib * MIB),
    minFreeBytes: minFreeMib === undefined ? null : Math.floor(minFreeMib * MIB),
    setBy,
  };
};

function readConfigFile(path: string): Record<string, unknown> {
  try {
    const document = parseDocument(readFileSync(/* turbopackIgnore: true */ path, "utf8"));
    const fatal = document.errors.find((error) => !isInDeclared(document, error));
    if (fatal) throw new StartError(`${path} is not valid YAML: ${fatal.message.split("\n")[0]}`);
    const file = File.parse(document.toJS({ maxAliasCount: 20 }) ?? {});
    return { ...file.server, ...(file.perspective !== undefined && { perspective: file.perspective }) };
  } catch (error) {
    if (error instanceof StartError) throw error;
    if (error instanceof z.ZodError) throw new StartError(`${path}: expected a map with a section "server:".`);
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A name that stands there twice is no reason not to start. Broken syntax is, wherever it is: it may hide settings that follow. */
function isInDeclared({ contents }: Document.Parsed, { code, pos }: YAMLParseError): boolean {
  if (code !== "DUPLICATE_KEY" || !isMap(contents)) return false;
  return contents.items.some(
    ({ key, value }) =>
      isScalar(key) &&
      DECLARED_SECTIONS.includes(String(key.value)) &&
      isMap(value) &&
      !!value.range &&
      value.range[0] <= pos[0] &&
      pos[0] < value.range[2],
  );
}

function explain(issue: z.core.$ZodIssue, values: Record<string, unknown>, origin: Map<string, string>): string {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(VARIABLES).join(", ");
    return issue.keys
      .map((key) => `${origin.get(key) ?? key}: there is no such setting; there are ${known}.`)
      .join("\n");
  }
  const key = String(issue.path[0]);
  const shown = key === "token" ? "(hidden)" : JSON.stringify(values[key]);
  return `${origin.get(key) ?? key}=${shown} ${issue.message.replace(/^Invalid option: expected one of/, "must be one of")}.`;
}

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
