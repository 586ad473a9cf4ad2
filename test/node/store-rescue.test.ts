// Files that a disk has damaged: the store opens without them, says what is missing, and keeps them beside. What can be read is read.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { wordsOfHex } from "@/lib/domain/ids";
import { Issues } from "@/lib/domain/issue";
import type { Span } from "@/lib/domain/span";
import { EngineKeeper } from "@/lib/engine/engine-keeper";
import { ENGINE_DEFAULTS } from "@/lib/engine/engine-options";
import { WELL } from "@/lib/engine/store-condition";
import { isRuin, wordsOf } from "@/lib/engine/store-words";
import { seededRandom } from "@/lib/simulate/random";
import { openDuckDbStore } from "@/lib/store/drivers/duckdb/duckdb-store";
import { faultOf } from "@/lib/store/drivers/duckdb/faults";
import { openOrRescue } from "@/lib/store/drivers/duckdb/rescue";
import type { SpanStore } from "@/lib/store/span-store";
import { StoreError } from "@/lib/store/store-error";
import { cut, flip, overwrite, StoreFiles } from "@/test/helpers/damaged-files";
import { webCall } from "@/test/helpers/web-calls";

const START_MS = Date.UTC(2026, 0, 5);
/** Calls that were in the main file, and those that were in the log, a commit each. */
const FOLDED = 24;
const LOGGED = 12;
/** Characters: enough that bodies fill blocks of their own. */
const NOISE = 20_000;
const SOON_MS = 10_000;

const folders: string[] = [];
const keepers: EngineKeeper[] = [];
const stores: SpanStore[] = [];
let template: StoreFiles;
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "headwater-test-"));
  folders.push(folder);
  return folder;
};

async function keep(files: StoreFiles): Promise<EngineKeeper> {
  const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const options = { path: files.main, memoryLimit: "200MB" };
  const keeper = await EngineKeeper.start(ENGINE_DEFAULTS, {
    open: async (failure) => {
      const opened = await openOrRescue(options, isRuin(failure) ? wordsOf(failure) : null, new Date());
      stores.push(opened.store);
      return opened;
    },
    now: Date.now,
    pause,
    wait: pause,
    disk: async () => null,
  });
  keepers.push(keeper);
  return keeper;
}

/** A call whose spans hold what does not compress. */
function callOf(i: number) {
  const { client, server } = webCall(i, START_MS + i * 1000);
  const random = seededRandom(`noise ${i}`);
  const noise = Array.from({ length: NOISE }, () => String.fromCharCode(33 + random.below(90))).join("");
  return [{ ...client, attributes: [["noise", noise] as const] }, server];
}

function traceOf(i: number): Int32Array {
  const words = new Uint32Array(4);
  wordsOfHex(webCall(i, START_MS).client.traceId, words, 0, 4);
  return new Int32Array(words.buffer);
}
const send = (keeper: EngineKeeper, i: number) =>
  keeper.take((engine) => engine.ingestSpans(callOf(i), "import", new Issues()));

async function close(keeper: EngineKeeper): Promise<void> {
  keepers.splice(keepers.indexOf(keeper), 1);
  await keeper.close();
}

beforeAll(async () => {
  const made = new StoreFiles(newFolder());
  const first = await keep(made);
  for (let i = 0; i < FOLDED; i++) await send(first, i);
  await first.ask((engine) => engine.settle());
  await close(first);
  const second = await keep(made);
  for (let i = FOLDED; i < FOLDED + LOGGED; i++) await send(second, i);
  template = made.copyTo(newFolder());
});

afterEach(async () => {
  for (const keeper of [...keepers]) await close(keeper);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const damaged = (harm: (files: StoreFiles) => void): StoreFiles => {
  const files = template.copyTo(newFolder());
  harm(files);
  return files;
};

const logBytes = (): number => statSync(template.log).size;

interface Case {
  readonly harm: (files: StoreFiles) => void;
  /** Calls that are there afterwards: [least, most]. */
  readonly calls: readonly [number, number];
  /** Files beside, as they were. */
  readonly aside: readonly string[];
  readonly says: RegExp | null;
}

const ALL = FOLDED + LOGGED;
const LOST_LOG =
  /^The log of the database was damaged \(.+\)\. .+ of its .+ could be read; what else arrived up to 20.+ is missing from answers\. The whole log was moved to .+headwater\.duckdb\.wal\.bad-/;
const LOST_ALL =
  /^The database file could not be read \(.+\)\. It was moved to .+headwater\.duckdb\.bad-.+, its log to .+\.wal\.bad-.+, and an empty one was begun: everything that was stored is missing from answers\.$/;
const LOST_MAIN = /^The database file could not be read \(.+\)\. It was moved to .+headwater\.duckdb\.bad-/;
const TORN =
  /^The log of the database ended in the middle of a record: its last .+ could not be read and are kept in .+\.wal\.bad-/;
const DAMAGED_ANSWER = /^What is stored there is damaged: duckdb: reading a trace failed: .*Corrupt database file/;
const LOG = ["headwater.duckdb.wal"];
const BOTH = ["headwater.duckdb", "headwater.duckdb.wal"];

const CASES: Record<string, Case> = {
  nothing: { harm: () => {}, calls: [ALL, ALL], aside: [], says: null },
  "a log that was cut": {
    harm: ({ log }) => cut(log, logBytes() - 100),
    calls: [ALL - 1, ALL - 1],
    aside: LOG,
    says: TORN,
  },
  "a log that was cut to nothing": { harm: ({ log }) => cut(log, 0), calls: [FOLDED, FOLDED], aside: [], says: null },
  "a bit in the middle of the log": {
    harm: ({ log }) => flip(log, logBytes() >> 1),
    calls: [FOLDED + 3, ALL - 3],
    aside: LOG,
    says: LOST_LOG,
  },
  "a bit at the end of the log": {
    harm: ({ log }) => flip(log, -3),
    calls: [ALL - 1, ALL - 1],
    aside: LOG,
    says: LOST_LOG,
  },
  "the size of a record in the log": {
    harm: ({ log }) => flip(log, 8 + 3),
    calls: [FOLDED, FOLDED],
    aside: LOG,
    says: TORN,
  },
  "the beginning of the log": { harm: ({ log }) => flip(log, 3), calls: [FOLDED, FOLDED], aside: LOG, says: LOST_LOG },
  "all of the log": {
    harm: ({ log }) => overwrite(log, 0, logBytes()),
    calls: [FOLDED, FOLDED],
    aside: LOG,
    says: LOST_LOG,
  },
  "the main file's magic": { harm: ({ main }) => flip(main, 9), calls: [0, 0], aside: BOTH, says: LOST_ALL },
  "the main file's headers": {
    harm: ({ main }) => overwrite(main, 0, 12_288),
    calls: [0, 0],
    aside: BOTH,
    says: LOST_ALL,
  },
  "a bit in the catalog": { harm: ({ main }) => flip(main, 12_288 + 1000), calls: [0, 0], aside: BOTH, says: LOST_ALL },
  "a main file that was cut to its headers": {
    harm: ({ main }) => cut(main, 12_288),
    calls: [0, 0],
    aside: BOTH,
    says: LOST_ALL,
  },
  "a main file that was cut to nothing": {
    harm: ({ main }) => cut(main, 0),
    calls: [0, 0],
    aside: BOTH,
    says: LOST_ALL,
  },
  "a main file that is gone": {
    harm: ({ main }) => unlinkSync(main),
    calls: [0, 0],
    aside: LOG,
    says: /^There was a log without its database file; it was moved to/,
  },
};

/** Which calls are there, by their traces. */
async function callsIn(keeper: EngineKeeper): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < ALL; i++) {
    const spans = await keeper.ask((engine) => engine.trace(traceOf(i)));
    expect([0, 2]).toContain(spans.length);
    if (spans.length > 0) found.push(i);
  }
  return found;
}

describe("a store with damage to", () => {
  it.each(Object.entries(CASES))("%s", async (_name, { harm, calls: [least, most], aside, says }) => {
    const files = damaged(harm);
    const before = new Map(aside.map((name) => [name, readFileSync(join(files.folder, name))]));
    const began = Date.now();
    const keeper = await keep(files);
    expect(Date.now() - began).toBeLessThan(SOON_MS);
    const { failure, notices } = keeper.condition;
    expect(failure).toBeNull();
    if (says === null) expect(notices).toEqual([]);
    else expect(notices).toEqual([expect.stringMatching(says)]);
    const found = await callsIn(keeper);
    expect(found).toEqual(Array.from({ length: found.length }, (_, i) => i)); // the oldest, without a gap
    expect(found.length).toBeGreaterThanOrEqual(least);
    expect(found.length).toBeLessThanOrEqual(most);
    // Nothing was deleted: what is beside is what was there, or its end.
    const kept = files.aside();
    expect([...kept.keys()].sort()).toEqual([...aside].sort());
    for (const [name, bytes] of kept) expect(before.get(name)!.subarray(-bytes.length).equals(bytes)).toBe(true);
    expect(await send(keeper, ALL)).toMatchObject({ received: 2, stored: 2 });
    await keeper.ask((engine) => engine.settle());
    await close(keeper);
    // And it stays so: the next start finds nothing to say.
    const again = await keep(files);
    expect(again.condition.notices).toEqual([]);
    expect(await callsIn(again)).toEqual(found);
  });

  it("twin: opened as they are, all but those that DuckDB passes over keep the store from opening", async () => {
    const opens: string[] = [];
    for (const [name, { harm }] of Object.entries(CASES)) {
      const files = damaged(harm);
      const store = await openDuckDbStore({ path: files.main }).catch(() => null);
      await store?.close();
      if (store) opens.push(name);
      expect(files.aside().size).toBe(0);
    }
    expect(opens).toEqual([
      "nothing",
      "a log that was cut",
      "a log that was cut to nothing",
      "the size of a record in the log",
      "the beginning of the log",
      "all of the log",
      "a main file that is gone",
    ]);
  });

  it("a file that another process has is not damaged: it stays, and the store does not open", async () => {
    const files = damaged(() => {});
    const program = `import("@duckdb/node-api").then(async ({ DuckDBInstance }) => {
      globalThis.held = await DuckDBInstance.create(process.argv[1]);
      console.log("held");
      setInterval(() => {}, 1000);
    })`;
    const other = spawn(process.execPath, ["-e", program, files.main], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(other.stdout, "data");
      await expect(openOrRescue({ path: files.main }, null, new Date())).rejects.toThrow(/Could not set lock/);
      expect(files.aside().size).toBe(0);
    } finally {
      other.kill("SIGKILL");
      await once(other, "close");
    }
  });
});

describe("a bit inside what is stored", () => {
  /** Of the bodies alone, which only whole traces need. */
  async function bodiesDamaged(): Promise<{ files: StoreFiles; keeper: EngineKeeper }> {
    const files = template.copyTo(newFolder());
    const [place] = await files.blocksOf("bodies");
    expect(place).toBeGreaterThan(0);
    flip(files.main, place! + 5_000);
    return { files, keeper: await keep(files) };
  }

  it("is an error of what needs it, and is told; the graph, other traces and new spans are as ever", async () => {
    const { files, keeper } = await bodiesDamaged();
    expect(keeper.condition).toEqual(WELL); // nobody has needed it yet
    let broken = 0;
    for (let i = 0; i < ALL; i++) {
      const asked = keeper.ask((engine) => engine.trace(traceOf(i)));
      const read = await asked.catch((error: unknown) => {
        expect(error).toMatchObject({ code: "internal", message: expect.stringMatching(DAMAGED_ANSWER) });
        return null;
      });
      if (read === null) broken++;
      else expect(read).toHaveLength(2);
    }
    expect(broken).toBeGreaterThan(0);
    expect(broken).toBeLessThanOrEqual(FOLDED);
    const { failure, notices } = keeper.condition;
    expect(failure).toBeNull();
    expect(notices).toEqual([
      expect.stringMatching(
        /^A part of the store is damaged, and answers do without it \(.*reading a trace failed: .*Corrupt/,
      ),
    ]);
    const minute = START_MS / 60_000;
    const request = {
      fromMinute: minute - 1,
      toMinute: minute + 5,
      environment: null,
      perspective: "data-flow",
    } as const;
    const { edges } = await keeper.ask((engine) => engine.graph(request));
    expect(edges.map(({ caller, callee, calls }) => `${caller} -> ${callee}: ${calls}`)).toEqual([
      `web -> cart: ${ALL}`,
    ]);
    expect(await send(keeper, ALL)).toMatchObject({ stored: 2 });
    await keeper.ask((engine) => engine.settle());
    expect(files.aside().size).toBe(0);
  });

  it("twin: without the damage every trace is read", async () => {
    const keeper = await keep(template.copyTo(newFolder()));
    expect((await callsIn(keeper)).length).toBe(ALL);
    expect(keeper.condition.notices).toEqual([]);
  });
});

describe("a bit in a column of spans, which every look into the past needs", () => {
  const MANY = 20_000;
  const AT_ONCE = 1_000;

  /** Calls within a minute, their traces at random, so that they fill blocks of their own. */
  function callsFrom(first: number, count: number): Span[] {
    const random = seededRandom(`calls ${first}`);
    return Array.from({ length: count }, (_, i) => {
      const word = (): string =>
        random
          .below(2 ** 32)
          .toString(16)
          .padStart(8, "0");
      const traceId = word() + word() + word() + word();
      return Object.values(webCall(first + i, START_MS + first)).map((span): Span => ({ ...span, traceId }));
    }).flat();
  }

  async function spansDamaged(): Promise<{ files: StoreFiles; keeper: EngineKeeper }> {
    const files = new StoreFiles(newFolder());
    const made = await keep(files);
    for (let from = 0; from < MANY; from += AT_ONCE) {
      await made.take((engine) => engine.ingestSpans(callsFrom(from, AT_ONCE), "import", new Issues()));
    }
    await made.ask((engine) => engine.settle());
    await close(made);
    const places = await files.blocksOf("spans");
    expect(places.length).toBeGreaterThan(0);
    for (const place of places) flip(files.main, place + 5_000);
    return { files, keeper: await keep(files) };
  }

  it("new and late spans are kept and counts go on; when the file cannot be written either, a new one is begun", async () => {
    const { files, keeper } = await spansDamaged();
    const minute = START_MS / 60_000;
    const request = { fromMinute: minute, toMinute: minute + 5, environment: null, perspective: "data-flow" } as const;
    const calls = async () => (await keeper.ask((engine) => engine.graph(request))).edges.map(({ calls }) => calls);
    expect(await calls()).toEqual([MANY]);
    // Late: started before the server did, in a minute that is stored.
    const late = callsFrom(MANY, 1);
    const report = await keeper.take((engine) => engine.ingestSpans(late, "import", new Issues()));
    expect(report).toMatchObject({ received: 2, stored: 2 });
    await keeper.ask((engine) => engine.settle());
    expect(keeper.condition).toMatchObject({
      failure: null,
      notices: expect.arrayContaining([expect.stringMatching(/^A part of the store is damaged/)]),
    });
    expect(await calls()).toEqual([MANY]); // as it was: it cannot be counted again
    await expect(keeper.ask((engine) => engine.trace(traceOf(MANY)))).rejects.toMatchObject({ code: "internal" });
    expect(files.aside().size).toBe(0);
    // Folding the log into the file reads what it writes anew; in these words DuckDB says that it could not.
    const cause = new Error(
      "FATAL Error: Failed to create checkpoint because of error: Corrupt database file: computed checksum 1 does not match stored checksum 2 in block at location 19148800",
    );
    const fault = faultOf(cause, false);
    expect(fault).toBe("ruined");
    stores.at(-1)!.commit = () => Promise.reject(new StoreError("duckdb", "checkpoint", { cause }, fault));
    const again = keeper.take((engine) => engine.ingestSpans(late, "import", new Issues()));
    await expect(again).rejects.toMatchObject({ code: "unavailable" });
    expect(keeper.condition.failure).toMatch(/^The store failed and is being opened again: .*checkpoint.*Corrupt/);
    await vi.waitFor(() => expect(keeper.condition.failure).toBeNull(), 10_000);
    expect(keeper.condition.notices).toEqual([expect.stringMatching(LOST_MAIN)]);
    expect([...files.aside().keys()]).toContain("headwater.duckdb");
    expect(await calls()).toEqual([]);
    expect(await keeper.take((engine) => engine.ingestSpans(late, "import", new Issues()))).toMatchObject({
      stored: 2,
    });
  });
});
