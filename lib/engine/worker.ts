// The engine's thread: opens the store, which nobody else may, and answers calls. The only module that names a driver.
import { parentPort, workerData } from "node:worker_threads";
import { recordError } from "../domain/errors";
import { openDuckDbStore } from "../store/drivers/duckdb/duckdb-store";
import { Engine } from "./engine";
import { ImportSession } from "./import-session";
import type { EngineApi, FromWorker, ToWorker, WorkerSettings } from "./protocol";

const TICK_MS = 250;

const port = parentPort;
if (!port) throw new Error("this module is the entry of a worker thread");
const say = (message: FromWorker): void => port.postMessage(message);

async function open({ path, memoryLimit, importBytes, looseBackup, options }: WorkerSettings): Promise<EngineApi> {
  const blockCommit = options.sabotage?.blockCommit === true;
  const store = await openDuckDbStore({ path, memoryLimit, blockCommit, looseBackup });
  let changed = false;
  const engine = await Engine.start(store, options, {
    now: Date.now,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    changed: (version) => {
      if (changed) return;
      changed = true;
      setImmediate(() => {
        changed = false;
        say({ kind: "changed", version });
      });
    },
    failed: (error) => say({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
  });
  const ticking = setInterval(() => engine.tick(), TICK_MS);
  const imports = new Map<number, ImportSession>();
  let nextImport = 1;
  const session = (id: number): ImportSession => {
    const found = imports.get(id);
    if (!found) throw new RangeError(`no import ${id}`);
    return found;
  };
  return {
    ingest: (request) => engine.ingest(request),
    noteRefused: async (door, message) => {
      if (options.sabotage?.dieOnRefusal) process.exit(7);
      engine.noteRefused(door, message);
    },
    declare: async (names) => engine.declare(names),
    graph: (request) => engine.graph(request),
    edge: (request, id) => engine.edge(request, id),
    node: (request, id) => engine.node(request, id),
    cycles: (request) => engine.cycles(request),
    trace: (trace) => engine.trace(trace),
    traces: (search) => engine.traces(search),
    tracesGraph: (search, perspective) => engine.tracesGraph(search, perspective),
    status: () => engine.status(),
    settle: () => engine.settle(),
    backup: (to) => store.backupTo(to),
    importBegin: async () => {
      imports.set(nextImport, new ImportSession(engine, importBytes));
      return nextImport++;
    },
    importPiece: (id, bytes) => session(id).piece(bytes),
    importEnd: async (id) => {
      const ending = session(id);
      imports.delete(id);
      return await ending.end();
    },
    importAbort: async (id) => {
      imports.delete(id);
    },
    close: async () => {
      clearInterval(ticking);
      await engine.close();
    },
  };
}

async function answer(api: EngineApi, { id, method, args }: ToWorker): Promise<void> {
  try {
    const value = await (api[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    say({ kind: "answer", id, value });
  } catch (error) {
    say({ kind: "error", id, error: recordError(error) });
  }
}

open(workerData as WorkerSettings).then(
  (api) => {
    port.on("message", (message: ToWorker) => void answer(api, message));
    say({ kind: "ready" });
  },
  (error: unknown) => {
    say({ kind: "cannot-start", message: error instanceof Error ? error.message : String(error) });
  },
);
