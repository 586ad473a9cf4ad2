// The engine's thread: opens the store, which nobody else may, and answers calls. The only module that names a driver.
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { recordError } from "../domain/errors";
import { openDuckDbStore } from "../store/drivers/duckdb/duckdb-store";
import { openOrRescue } from "../store/drivers/duckdb/rescue";
import { EngineKeeper } from "./engine-keeper";
import { ImportSession } from "./import-session";
import type { EngineApi, FromWorker, ToWorker, WorkerSettings } from "./protocol";
import { isRuin, wordsOf } from "./store-words";

const TICK_MS = 250;

const port = parentPort;
if (!port) throw new Error("this module is the entry of a worker thread");
const say = (message: FromWorker): void => port.postMessage(message);

/** Set once there is one. */
let running: EngineKeeper | null = null;

// What nothing caught leaves memory in doubt, as a commit that failed does, and is mended in the same way. The thread goes on: to
// end it while the store works would end the process, because DuckDB's binding cannot answer a thread that is gone.
process.on("uncaughtException", (error: unknown) => {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  say({ kind: "fault", message, stack });
  if (running) running.fault(new Error(`an error that nothing caught (${message})`));
  else say({ kind: "cannot-start", message });
});

async function open({ path, memoryLimit, importBytes, looseBackup, options }: WorkerSettings): Promise<EngineApi> {
  const blockCommit = options.sabotage?.blockCommit === true;
  let changed = false;
  const keeper = await EngineKeeper.start(options, {
    open: async (failure) => {
      const store = { path, memoryLimit, blockCommit, looseBackup };
      if (options.sabotage?.noRescue) return { store: await openDuckDbStore(store), rescued: [] };
      return await openOrRescue(store, isRuin(failure) ? wordsOf(failure) : null, new Date());
    },
    now: Date.now,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    wait: (ms) => sleep(ms),
    disk: async () => {
      if (options.sabotage?.noDiskGuard) return null;
      const { bavail, blocks, bsize } = await statfs(/* turbopackIgnore: true */ dirname(path));
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    changed: (version) => {
      if (changed) return;
      changed = true;
      setImmediate(() => {
        changed = false;
        say({ kind: "changed", version });
      });
    },
    condition: (condition) => say({ kind: "condition", condition }),
  });
  running = keeper;
  const ticking = setInterval(() => keeper.tick(), TICK_MS);
  const imports = new Map<number, ImportSession>();
  let nextImport = 1;
  const session = (id: number): ImportSession => {
    const found = imports.get(id);
    if (!found) throw new RangeError(`no import ${id}`);
    return found;
  };
  return {
    ingest: (request) => keeper.take((engine) => engine.ingest(request)),
    noteRefused: async (door, message) => {
      if (options.sabotage?.dieOnRefusal) void keeper.close().finally(() => process.exit(7));
      if (options.sabotage?.throwOnRefusal)
        setImmediate(() => {
          throw new Error("the saboteur threw");
        });
      keeper.noteRefused(door, message);
    },
    declare: async (names) => keeper.declare(names),
    graph: (request) => keeper.ask((engine) => engine.graph(request)),
    edge: (request, id) => keeper.ask((engine) => engine.edge(request, id)),
    node: (request, id) => keeper.ask((engine) => engine.node(request, id)),
    cycles: (request) => keeper.ask((engine) => engine.cycles(request)),
    trace: (trace) => keeper.ask((engine) => engine.trace(trace)),
    traces: (search) => keeper.ask((engine) => engine.traces(search)),
    tracesGraph: (search, perspective) => keeper.ask((engine) => engine.tracesGraph(search, perspective)),
    status: () => keeper.status(),
    settle: () => keeper.ask((engine) => engine.settle()),
    backup: (to) => keeper.ask((engine) => engine.backup(to)),
    importBegin: () =>
      keeper.take(async () => {
        imports.set(nextImport, new ImportSession(keeper, importBytes));
        return nextImport++;
      }),
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
      await keeper.close();
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
