// The composition root: reads the configuration, takes the data folder, starts the engine's thread, opens the doors. One per
// process; routes of the web app are separate bundles and meet here through globalThis.

import type { Server } from "node:http";
import type { Http2Server } from "node:http2";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { NO_NAMES } from "../domain/declared-names";
import { connectEngine, type EngineHandle, type EngineThread } from "../engine/engine-client";
import { ENGINE_DEFAULTS } from "../engine/engine-options";
import type { WorkerSettings } from "../engine/protocol";
import type { StoreCondition } from "../engine/store-condition";
import { problemText } from "../headwater-yaml/read-headwater-yaml";
import type { Canary } from "../services/canary";
import type { InForce } from "../services/in-force";
import { Admission } from "./admission";
import { Backlog } from "./backlog";
import { sweepBackups } from "./backup";
import { startCanary } from "./canary-house";
import { type Config, isLoopback, loadConfig, StartError, unknownVariables } from "./config";
import { lockFolder, STORE_FILE } from "./data-folder";
import { HeadwaterFile } from "./headwater-file";
import { log, logConsole, thrown } from "./log";
import { createOtlpGrpc } from "./otlp-grpc";
import { createOtlpHttp } from "./otlp-http";
import { RequestCounts } from "./request-counts";

const STOP_MS = 9_000;
/** Test switches that break a promise on purpose; read from the environment so that the production build can be shown to fail. */
const SABOTAGE = "HEADWATER_SABOTAGE";

export interface House {
  readonly config: Config;
  readonly engine: EngineHandle;
  readonly admission: Admission;
  readonly requests: RequestCounts;
  /** null where it is switched off. */
  readonly canary: Canary | null;
  /** What headwater.yaml declares now; the engine answers by it from here on. */
  declared(): InForce;
  /** Ports really in use: configured ones, or what the system gave for 0. */
  readonly ports: { readonly otlpHttp: number; readonly otlpGrpc: number };
  readonly startedMs: number;
}

type Slot = { [key: symbol]: Promise<House> | undefined };
const KEY = Symbol.for("headwater.house");
const slot = globalThis as unknown as Slot;

/** Starts the house once per process. @throws StartError with a sentence for people. */
export function startHouse(): Promise<House> {
  slot[KEY] ??= open();
  return slot[KEY];
}

/** The running house; starts it where nobody has (development). */
export const getHouse = (): Promise<House> => startHouse();

async function open(): Promise<House> {
  const config = loadConfig(process.env, process.cwd());
  for (const message of unknownVariables(process.env)) log("warn", "unknown_setting", { message });
  const unlock = lockFolder(config.dataDir);
  process.once("exit", unlock);
  sweepBackups(config.dataDir);
  const thread = spawn(settingsOf(config));
  const engine = await connectEngine(thread, config.maxBodyBytes, logCondition, logFault).catch((error: unknown) => {
    throw new StartError(`The store in ${config.dataDir} cannot be opened: ${(error as Error).message}`);
  });
  const admission = new Admission(config.inFlightBytes);
  const requests = new RequestCounts();
  const waitMs = sabotaged().includes("noBacklog") ? Number.POSITIVE_INFINITY : undefined;
  const backlog = new Backlog(() => performance.now(), waitMs);
  const otlpHttp = createOtlpHttp(engine, admission, backlog, config, requests);
  const otlpGrpc = createOtlpGrpc(engine, admission, backlog, config, requests);
  const ports = {
    otlpHttp: await listen(otlpHttp, config.host, config.otlpPort, "HEADWATER_OTLP_PORT"),
    otlpGrpc: await listen(otlpGrpc, config.host, config.otlpGrpcPort, "HEADWATER_OTLP_GRPC_PORT"),
  };
  const running = startCanary({ config, engine, ports });
  stopOnSignals([otlpHttp, otlpGrpc], engine, () => running?.stop(), unlock);
  const declared = declaredTo(engine, new HeadwaterFile(config.file));
  const house: House = {
    config,
    engine,
    admission,
    requests,
    canary: running?.canary ?? null,
    declared,
    ports,
    startedMs: Date.now(),
  };
  greet(house);
  for (const problem of declared().problems)
    log(problem.severity === "error" ? "error" : "warn", "declaration", { message: problemText(problem) });
  if (process.env.NODE_ENV === "production") logConsole();
  return house;
}

/** What a store is like when it is not well; and that spans are taken again. */
function logCondition({ code, failure, notices }: StoreCondition): void {
  if (code !== null && failure !== null) log("error", code, { message: failure });
  else log("info", "taking_spans", { notices });
}

const logFault = (error: Error): void => log("error", "engine_fault", thrown(error));

/** Questions that follow are answered after the engine has heard, because calls of it keep their order. */
function declaredTo(engine: EngineHandle, file: HeadwaterFile): House["declared"] {
  let told = NO_NAMES;
  return () => {
    const inForce = file.current();
    if (inForce.names !== told) {
      told = inForce.names;
      engine.declare(told).catch(() => {}); // an engine that cannot hear cannot answer either, and says so
    }
    return inForce;
  };
}

const sabotaged = (): string[] => (process.env[SABOTAGE] ?? "").split(",").filter(Boolean);

function settingsOf(config: Config): WorkerSettings {
  const named = sabotaged();
  return {
    path: join(config.dataDir, STORE_FILE),
    memoryLimit: `${config.storeMemoryMib}MiB`,
    importBytes: config.importBytes,
    looseBackup: named.includes("looseBackup"),
    options: {
      ...ENGINE_DEFAULTS,
      memorySpans: config.memorySpans,
      retainSpansMs: config.retainSpans,
      retainSpansBytes: config.retainSpansBytes,
      retainMinutesMs: config.retainMinutes,
      retainHoursMs: config.retainHours,
      redactKeys: config.redact,
      minFreeBytes: config.minFreeBytes,
      ...(named.length > 0 && { sabotage: Object.fromEntries(named.map((name) => [name, true])) }),
    },
  };
}

/** The literal form is what the web app's bundler recognises and bundles. */
function spawn(workerData: WorkerSettings): EngineThread {
  return new Worker(new URL("../engine/worker.ts", import.meta.url), { workerData }) as unknown as EngineThread;
}

function listen(server: Server | Http2Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is in use by another process" : `cannot be opened (${error.code})`;
      reject(new StartError(`Port ${port} ${why}: set ${variable} to another port.`));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** SIGTERM and SIGINT: no new requests, the last batch is flushed, exit code 0. */
function stopOnSignals(
  servers: readonly (Server | Http2Server)[],
  engine: EngineHandle,
  begin: () => void,
  unlock: () => void,
): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    begin();
    setTimeout(() => process.exit(1), STOP_MS).unref();
    for (const server of servers) server.close();
    engine
      .close()
      .catch((error: unknown) => {
        log("error", "stop_failed", { message: (error as Error).message });
        process.exitCode = 1;
      })
      .finally(() => {
        unlock();
        process.exit();
      });
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function greet({ config, ports }: House): void {
  const host = isLoopback(config.host) ? "localhost" : config.host;
  const lines = [
    `Headwater is ready.`,
    `  map        http://${host}:${config.port}${config.basePath}/map`,
    `  OTLP/HTTP  http://${host}:${ports.otlpHttp}/v1/traces`,
    `  OTLP/gRPC  ${host}:${ports.otlpGrpc}`,
    `  data       ${config.dataDir}`,
    ``,
    `Try: OTEL_EXPORTER_OTLP_ENDPOINT=http://${host}:${ports.otlpHttp} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_SERVICE_NAME=my-service <your app>`,
    `or the button "Start demo traffic" on the map.`,
  ];
  console.log(lines.join("\n"));
}
