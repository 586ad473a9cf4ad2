// The engine as the rest of the process sees it: an object whose methods answer from another thread. When that thread dies,
// everything pending and everything later is refused; nothing hangs. While its store is not well, it is there, and spans are refused.
import { DomainError, reviveError } from "../domain/errors";
import type { IngestReport, IngestRequest } from "./doors";
import { type Encoding, inflate } from "./inflate";
import type { EngineApi, FromWorker, Method, ToWorker } from "./protocol";
import { Room } from "./room";
import { type StoreCondition, WELL } from "./store-condition";

/** The part of a worker thread that is needed; a port, because only the composition root may say how threads are made. */
export interface EngineThread {
  postMessage(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  on(event: "message", listener: (message: FromWorker) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "exit", listener: (code: number) => void): unknown;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Inflated bytes on their way to an answer; bodies beyond that wait as they came, and senders take turns. */
const INFLATED_BYTES = 16 << 20;

/** A request body as it came. */
export interface Body extends Pick<IngestRequest, "bytes" | "format" | "door"> {
  readonly encoding: Encoding;
  /** Who takes turns with others where there is much to do: an address. */
  readonly sender: string;
}

export interface EngineHandle extends Omit<EngineApi, "ingest"> {
  /** Inflates it here, beside the engine's thread, which has more to do. */
  ingest(body: Body): Promise<IngestReport>;
  /** Grows with every change of the answers. */
  readonly version: number;
  /** Calls `listener` after changes, at most once per turn of the event loop. Returns how to stop. */
  onChange(listener: (version: number) => void): () => void;
  /** Of a thread that is gone, too: then it does not change any more. */
  readonly condition: StoreCondition;
}

/**
 * Resolves when the thread said that it is ready; rejects with its words when it cannot start.
 * @param maxBodyBytes largest body, inflated.
 * @param onCondition gets every condition that follows.
 * @param onFault gets every error that nothing in the thread caught; what follows from it is a condition.
 */
export function connectEngine(
  thread: EngineThread,
  maxBodyBytes: number,
  onCondition: (condition: StoreCondition) => void = () => {},
  onFault: (error: Error) => void = () => {},
): Promise<EngineHandle> {
  return new Promise((resolve, reject) => {
    const pending = new Map<number, Pending>();
    const listeners = new Set<(version: number) => void>();
    let nextId = 1;
    let version = 0;
    let condition = WELL;
    let dead: string | null = null;
    let closed = false;
    let ready = false;

    const become = (next: StoreCondition): void => {
      condition = next;
      if (ready) onCondition(next); // before that, whoever starts it is told
    };

    const die = (message: string): void => {
      if (!closed && dead === null) {
        dead = message;
        become({ ...condition, code: "engine_failed", failure: message });
      }
      const error = new DomainError("unavailable", message, { retryAfterSeconds: 30 });
      for (const { reject: refuse } of pending.values()) refuse(error);
      pending.clear();
      reject(error);
    };

    const send = (method: Method, args: readonly unknown[], transfer: readonly ArrayBuffer[]): Promise<never> => {
      if (dead !== null || closed) {
        const why = dead ?? "the server has stopped";
        return Promise.reject(new DomainError("unavailable", why, { retryAfterSeconds: 30 }));
      }
      const id = nextId++;
      return new Promise<never>((done, refuse) => {
        thread.postMessage({ id, method, args }, transfer);
        pending.set(id, { resolve: done, reject: refuse });
      });
    };
    const call = (method: Method, ...args: unknown[]): Promise<never> => send(method, args, wholeBuffers(args));

    const room = new Room(INFLATED_BYTES, setImmediate, () => performance.now());
    const opened = (bytes: Uint8Array, encoding: Encoding, door: IngestRequest["door"]): Uint8Array => {
      try {
        return inflate(bytes, encoding, maxBodyBytes);
      } catch (error) {
        if (error instanceof DomainError) void handle.noteRefused(door, error.message).catch(() => {});
        throw error;
      }
    };

    const handle: EngineHandle = {
      ingest: async ({ bytes, encoding, format, door, sender }) => {
        const { failure } = condition;
        if (failure !== null && dead === null) throw new DomainError("unavailable", failure, { retryAfterSeconds: 5 });
        const inflated = await room.hold(sender, () => opened(bytes, encoding, door));
        const { length } = inflated; // none is left once it has changed hands
        try {
          const request: IngestRequest = { bytes: inflated, gzip: encoding === "gzip" ? bytes : null, format, door };
          const made = inflated === bytes ? [] : [inflated.buffer as ArrayBuffer];
          return await send("ingest", [request], [...made, ...wholeBuffers([bytes])]);
        } finally {
          room.give(length);
        }
      },
      noteRefused: (door, message) => call("noteRefused", door, message),
      declare: (names) => call("declare", names),
      graph: (request) => call("graph", request),
      edge: (request, id) => call("edge", request, id),
      node: (request, id) => call("node", request, id),
      cycles: (request) => call("cycles", request),
      trace: (trace) => call("trace", trace),
      traces: (search) => call("traces", search),
      tracesGraph: (search, perspective) => call("tracesGraph", search, perspective),
      status: () => call("status"),
      settle: () => call("settle"),
      backup: (path) => call("backup", path),
      importBegin: () => call("importBegin"),
      importPiece: (session, bytes) => call("importPiece", session, bytes),
      importEnd: (session) => call("importEnd", session),
      importAbort: (session) => call("importAbort", session),
      close: async () => {
        await call("close");
        closed = true;
      },
      get version() {
        return version;
      },
      get condition() {
        return condition;
      },
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };

    thread.on("message", (message) => {
      switch (message.kind) {
        case "ready":
          ready = true;
          if (condition.failure !== null || condition.notices.length > 0) onCondition(condition);
          resolve(handle);
          return;
        case "cannot-start":
          reject(new DomainError("internal", message.message));
          return;
        case "answer":
          pending.get(message.id)?.resolve(message.value as never);
          pending.delete(message.id);
          return;
        case "error":
          pending.get(message.id)?.reject(reviveError(message.error));
          pending.delete(message.id);
          return;
        case "changed":
          version = message.version;
          for (const listener of listeners) listener(version);
          return;
        case "condition":
          if (dead === null) become(message.condition);
          return;
        case "fault":
          onFault(Object.assign(new Error(message.message), { stack: message.stack }));
      }
    });
    thread.on("error", (error) => die(`the engine stopped: ${error instanceof Error ? error.message : String(error)}`));
    thread.on("exit", (code) => die(`the engine stopped (exit code ${code})`));
  });
}

/** Buffers of which an argument is the whole: they change hands instead of being copied. */
function wholeBuffers(args: readonly unknown[]): ArrayBuffer[] {
  return args.flatMap((arg) =>
    arg instanceof Uint8Array && arg.byteLength === arg.buffer.byteLength ? [arg.buffer as ArrayBuffer] : [],
  );
}
