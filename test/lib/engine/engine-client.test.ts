import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { connectEngine, type EngineHandle } from "@/lib/engine/engine-client";
import type { FromWorker, ToWorker } from "@/lib/engine/protocol";

/** A thread that does what a test says. */
class Thread extends EventEmitter {
  readonly asked: ToWorker[] = [];

  postMessage(message: ToWorker): void {
    this.asked.push(message);
  }

  say(message: FromWorker): void {
    this.emit("message", message);
  }
}

async function connected(): Promise<{ thread: Thread; engine: EngineHandle; told: (string | null)[] }> {
  const thread = new Thread();
  const told: (string | null)[] = [];
  const connecting = connectEngine(thread, 1 << 20, ({ failure }) => told.push(failure));
  thread.say({ kind: "ready" });
  return { thread, engine: await connecting, told };
}

const body = () =>
  ({ bytes: new Uint8Array(8), encoding: "identity", format: "protobuf", door: "otlp-http", sender: "" }) as const;
/** Every question there is, as somebody asks it. */
const questions = (engine: EngineHandle): Record<string, () => Promise<unknown>> => ({
  ingest: () => engine.ingest(body()),
  status: () => engine.status(),
  settle: () => engine.settle(),
  backup: () => engine.backup("x"),
  importBegin: () => engine.importBegin(),
  importPiece: () => engine.importPiece(1, new Uint8Array(1)),
  noteRefused: () => engine.noteRefused("import", "x"),
  close: () => engine.close(),
});

/** What a promise ends in, or that it does not within a turn of the event loop and a little more. */
const outcomeOf = (promise: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    promise.then(
      () => "answered",
      (error: Error) => error.message,
    ),
    new Promise((done) => setTimeout(() => done("hangs"), 100)),
  ]);

const DEATHS = {
  throws: ["error", new Error("out of memory"), "the engine stopped: out of memory"],
  "throws what is no error": ["error", "x", "the engine stopped: x"],
  ends: ["exit", 3, "the engine stopped (exit code 3)"],
} as const;

describe.each(Object.entries(DEATHS))("an engine that %s", (_name, [event, value, why]) => {
  it("refuses everything that waits and everything later, and says why, once", async () => {
    const { thread, engine, told } = await connected();
    const waiting = Object.values(questions(engine)).map((ask) => outcomeOf(ask()));
    await new Promise(setImmediate);
    expect(thread.asked).toHaveLength(waiting.length);
    thread.emit(event, value);
    thread.emit("exit", 1); // as threads do after an error
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([why]));
    expect(engine.condition.failure).toBe(why);
    for (const [name, ask] of Object.entries(questions(engine))) expect(await outcomeOf(ask()), name).toBe(why);
    expect(thread.asked).toHaveLength(waiting.length);
    expect(told).toEqual([why]);
  });

  it("before it was ready is a start that fails, and nothing else", async () => {
    const thread = new Thread();
    const told: (string | null)[] = [];
    const connecting = outcomeOf(connectEngine(thread, 1, ({ failure }) => told.push(failure)));
    thread.emit(event, value);
    expect([await connecting, told]).toEqual([why, []]);
  });
});

describe("an engine", () => {
  it("that cannot start says so with its own words", async () => {
    const thread = new Thread();
    const told: (string | null)[] = [];
    const connecting = outcomeOf(connectEngine(thread, 1, ({ failure }) => told.push(failure)));
    thread.say({ kind: "cannot-start", message: "no database of ours" });
    thread.emit("exit", 1);
    expect([await connecting, told]).toEqual(["no database of ours", []]);
  });

  it("whose store failed still answers what it was asked before, and takes nothing more", async () => {
    const { thread, engine, told } = await connected();
    const before = engine.status();
    thread.say({ kind: "condition", condition: { code: "disk_low", failure: "disk full", notices: [] } });
    thread.say({ kind: "answer", id: thread.asked[0]!.id, value: "status" });
    expect(await before).toBe("status");
    expect([engine.condition.failure, await outcomeOf(engine.ingest(body())), told]).toEqual([
      "disk full",
      "disk full",
      ["disk full"],
    ]);
  });

  it("whose store is well again takes spans again, and told both", async () => {
    const { thread, engine, told } = await connected();
    thread.say({ kind: "condition", condition: { code: "store_failed", failure: "opening again", notices: [] } });
    expect(await outcomeOf(engine.ingest(body()))).toBe("opening again");
    expect(await outcomeOf(engine.status())).toBe("hangs"); // asked of the thread, which knows what it can answer
    thread.say({ kind: "condition", condition: { code: null, failure: null, notices: ["a part is damaged"] } });
    const taking = outcomeOf(engine.ingest(body()));
    await new Promise(setImmediate);
    thread.say({ kind: "answer", id: thread.asked[1]!.id, value: "report" });
    expect([await taking, engine.condition, told]).toEqual([
      "answered",
      { code: null, failure: null, notices: ["a part is damaged"] },
      ["opening again", null],
    ]);
  });

  it("in which nothing caught an error tells where it was, and is not gone", async () => {
    const thread = new Thread();
    const faults: [message: string, stack: string | undefined][] = [];
    const connecting = connectEngine(
      thread,
      1,
      () => {},
      ({ message, stack }) => faults.push([message, stack]),
    );
    thread.say({ kind: "ready" });
    const engine = await connecting;
    thread.say({ kind: "fault", message: "x is not a function", stack: "TypeError\n    at there" });
    expect(faults).toEqual([["x is not a function", "TypeError\n    at there"]]);
    expect(engine.condition.failure).toBeNull();
    expect(await outcomeOf(engine.status())).toBe("hangs"); // asked, not refused
  });

  it("that was closed has not failed", async () => {
    const { thread, engine, told } = await connected();
    const closing = engine.close();
    thread.say({ kind: "answer", id: thread.asked[0]!.id, value: undefined });
    await closing;
    thread.emit("exit", 0);
    expect([engine.condition.failure, told]).toEqual([null, []]);
    expect(await outcomeOf(engine.status())).toBe("the server has stopped");
  });

  it("that says nothing keeps its callers waiting: the checks above would see it", async () => {
    const { engine } = await connected();
    expect(await outcomeOf(engine.status())).toBe("hangs");
  });
});
