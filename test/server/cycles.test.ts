// Circular dependencies from spans: worked examples with every number counted by hand, by the API and by the command line.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cycle, Cycles } from "@/lib/contract/cycles";
import { BY_OPERATION, loopText, operationText } from "@/lib/graph/loop-text";
import { type CallTree, DAY_MS, repeat, traceFileOf } from "@/test/helpers/call-trees";
import { headwater } from "@/test/helpers/run-cli";
import { dropFolder, eventually, makeFolder } from "@/test/helpers/server-process";
import { serving } from "@/test/helpers/serving";

const MINUTE_MS = 60_000;
const holder = serving();
let folder: string;

beforeAll(() => {
  folder = makeFolder();
});
afterAll(() => dropFolder(folder));

const op = (service: string, operation: string, ...calls: CallTree[]): CallTree => ({ service, operation, calls });
const message = (topic: string, tree: CallTree): CallTree => ({ ...tree, topic });

interface Vector {
  readonly name: string;
  readonly trees: readonly CallTree[];
  /** Null: no loop. */
  readonly loop: null | {
    readonly type: Cycle["type"];
    readonly text: string;
    /** Calls of each step. */
    readonly calls: readonly number[];
    readonly operations: string;
    /** Traces looked at, and of them those that go round. */
    readonly evidence: readonly [number, number];
    readonly share: { readonly requests: number; readonly of: number } | null;
    readonly cut: { readonly edge: string; readonly calls: number };
    readonly depth: number;
    readonly recursion: boolean | null;
  };
  readonly self?: { readonly name: string; readonly calls: number; readonly errors: number };
}

const VECTORS: readonly Vector[] = [
  {
    name: "K1-ends: one request enters A twice, by another operation",
    trees: [
      ...repeat(3, () => op("A", "POST /a", op("B", "GET /b", op("A", "GET /c")))),
      ...repeat(5, () => op("A", "POST /a", op("B", "GET /b"))),
    ],
    loop: {
      type: "reentrant",
      text: "A → B → A",
      calls: [8, 3],
      operations: "no loop: POST /a → GET /b → GET /c",
      evidence: [8, 3],
      share: { requests: 3, of: 8 },
      cut: { edge: "B A", calls: 3 },
      depth: 1,
      recursion: false,
    },
  },
  {
    name: "K1-recurs: the same operation of A is entered again, twice in one request",
    trees: [
      op("A", "POST /a", op("B", "GET /b", op("A", "POST /a", op("B", "GET /b", op("A", "POST /a"))))),
      ...repeat(3, () => op("A", "POST /a", op("B", "GET /b"))),
    ],
    loop: {
      type: "reentrant",
      text: "A → B → A",
      calls: [5, 2],
      operations: "loop: POST /a → GET /b → POST /a",
      evidence: [4, 1],
      share: { requests: 1, of: 4 },
      cut: { edge: "B A", calls: 2 },
      depth: 2,
      recursion: true,
    },
  },
  {
    name: "K2-ends: a message comes back, and ends there",
    trees: repeat(4, () => op("A", "POST /a", op("B", "GET /b", message("done", op("A", "process done"))))),
    loop: {
      type: "async",
      text: "A → B ⇢ A",
      calls: [4, 4],
      operations: "no loop: POST /a → GET /b ⇢ process done",
      evidence: [4, 4],
      share: { requests: 4, of: 4 },
      cut: { edge: "A B", calls: 4 },
      depth: 1,
      recursion: false,
    },
  },
  {
    name: "K2-storms: what works on the message causes it again",
    trees: [
      op("A", "POST /a", op("B", "GET /b", message("done", op("A", "process done", op("B", "GET /b"))))),
      ...repeat(2, () => op("A", "POST /a", op("B", "GET /b"))),
    ],
    loop: {
      type: "async",
      text: "A → B ⇢ A",
      calls: [4, 1],
      operations: "loop: process done → GET /b ⇢ process done",
      evidence: [3, 1],
      share: { requests: 1, of: 3 },
      cut: { edge: "B A", calls: 1 },
      depth: 1,
      recursion: false,
    },
  },
  {
    name: "K3-apart: the services call each other, their operations do not",
    trees: [
      ...repeat(3, () => op("A", "POST /a", op("B", "GET /b"))),
      ...repeat(2, () => op("B", "GET /x", op("A", "GET /y"))),
    ],
    loop: {
      type: "across",
      text: "A → B → A",
      calls: [3, 2],
      operations: "no loop: POST /a → GET /b",
      evidence: [5, 0],
      share: null,
      cut: { edge: "B A", calls: 2 },
      depth: 0,
      recursion: null,
    },
  },
  {
    name: "K3-recurs: no request was seen going round, but one could",
    trees: [
      ...repeat(3, () => op("A", "POST /a", op("B", "GET /b"))),
      ...repeat(2, () => op("B", "GET /b", op("A", "POST /a"))),
    ],
    loop: {
      type: "across",
      text: "A → B → A",
      calls: [3, 2],
      operations: "loop: POST /a → GET /b → POST /a",
      evidence: [5, 0],
      share: null,
      cut: { edge: "B A", calls: 2 },
      depth: 0,
      recursion: null,
    },
  },
  {
    name: "self: a service that calls itself is no loop",
    trees: [
      ...repeat(3, () => op("A", "POST /a", op("T", "GET /t", op("T", "GET /base")))),
      op("A", "POST /a", op("T", "GET /t", { ...op("T", "GET /base"), fails: true })),
    ],
    loop: null,
    self: { name: "T", calls: 4, errors: 1 },
  },
  { name: "none: a chain", trees: repeat(4, () => op("A", "POST /a", op("B", "GET /b"))), loop: null },
];

const environmentOf = ({ name }: Vector): string => name.slice(0, name.indexOf(":"));

async function send(trees: readonly CallTree[], environment: string, startMs = DAY_MS): Promise<void> {
  const body = traceFileOf(trees, environment, startMs);
  const response = await fetch(`${holder.server.base}/api/v1/import`, { method: "POST", body });
  expect(await response.json()).toMatchObject({ duplicates: 0, rejected: 0 });
}

const ask = async (environment: string, minutes = 1): Promise<Cycles> =>
  Cycles.parse(
    await holder.server.get(`/api/v1/cycles?from=${DAY_MS}&to=${DAY_MS + minutes * MINUTE_MS}&env=${environment}`),
  );

/** Everything that the vector tells, as the answer has it. */
function told({ cycles, selfCalls }: Cycles): Pick<Vector, "loop" | "self"> {
  expect(cycles.length + selfCalls.length).toBeLessThan(2);
  const [cycle] = cycles;
  const [self] = selfCalls;
  return {
    loop: cycle
      ? {
          type: cycle.type,
          text: loopText(cycle),
          calls: cycle.hops.map(({ calls }) => calls),
          operations: `${BY_OPERATION[cycle.operations.verdict]}: ${operationText(cycle.operations)}`,
          evidence: [cycle.evidence.traces, cycle.evidence.around],
          share: cycle.share,
          cut: {
            edge: cycle.cut.alternatives
              .filter(({ edge }) => cycle.cut.edges.includes(edge))
              .map(({ caller, callee }) => `${caller} ${callee}`)
              .join(),
            calls: cycle.cut.calls,
          },
          depth: cycle.reentryDepth,
          recursion: cycle.recursion,
        }
      : null,
    ...(self && { self: { name: self.node.name, calls: self.calls, errors: self.errors } }),
  };
}

describe.each(VECTORS)("$name", (vector) => {
  const { trees, name: _name, ...expected } = vector;
  const environment = environmentOf(vector);
  let answer: Cycles;

  it("by the API", async () => {
    await send(trees, environment);
    const isThere = ({ cycles, selfCalls }: Cycles): boolean =>
      (expected.loop === null || cycles.length > 0) && (expected.self === undefined || selfCalls.length > 0);
    answer = await eventually(() => ask(environment), isThere);
    expect(told(answer)).toEqual(expected);
    for (const { evidence, cut } of answer.cycles) {
      expect([evidence.all, evidence.incomplete, cut.exact]).toEqual([true, 0, true]);
    }
  });

  it("twin: with one call more it would be another answer", async () => {
    const [first] = trees;
    const file = join(folder, `${environment}-more.json`);
    writeFileSync(file, traceFileOf([...trees, first!], environment));
    const { stdout } = await headwater(["cycles", "--format", "json", file]);
    const [more] = (JSON.parse(stdout) as { environments: Cycles[] }).environments;
    if (expected.loop === null && !expected.self) expect(told(more!)).toEqual(expected);
    else expect(told(more!)).not.toEqual(expected);
  });

  it("by the command line, the same; the exit code says whether there is a loop", async () => {
    const file = join(folder, `${environment}.json`);
    writeFileSync(file, traceFileOf(trees, environment));
    const json = await headwater(["cycles", "--format", "json", file]);
    const [offline] = (JSON.parse(json.stdout) as { environments: Cycles[] }).environments;
    expect([offline!.cycles, offline!.selfCalls]).toEqual([answer.cycles, answer.selfCalls]);
    const { code, stdout, stderr } = await headwater(["cycles", file]);
    expect([code, json.code, stderr]).toEqual([expected.loop ? 1 : 0, expected.loop ? 1 : 0, ""]);
    if (!expected.loop) expect(stdout.split("\n")[0]).toBe("no service depends on itself through others");
    else {
      const [verdict, path] = expected.loop.operations.split(": ");
      expect(stdout).toContain(`: ${expected.loop.text}`);
      expect(stdout).toContain(`; by operation ${verdict} (${path}); cut `);
    }
    if (expected.self) expect(stdout).toContain(`calls itself: T, ${expected.self.calls} times\n`);
  });
});

it("first seen is when the last of its edges appeared, last seen when the first of them stopped", async () => {
  const there = op("A", "POST /a", op("B", "GET /b", op("B", "GET /base")));
  const back = op("B", "GET /x", op("A", "GET /y"));
  await send([there], "when", DAY_MS + 2 * MINUTE_MS);
  await send([back], "when", DAY_MS + 7 * MINUTE_MS);
  await send([there], "when", DAY_MS + 9 * MINUTE_MS);
  const at = (minute: number): string => new Date(DAY_MS + minute * MINUTE_MS).toISOString();
  const isWhole = ({ cycles }: Cycles): boolean => cycles[0]?.hops[0]?.calls === 2;
  const { cycles, selfCalls } = await eventually(() => ask("when", 12), isWhole);
  const seconds = (time: string | null | undefined): number => Date.parse(time!);
  expect(seconds(cycles[0]!.firstSeen)).toBe(seconds(at(7)));
  expect(seconds(cycles[0]!.lastSeen)).toBe(seconds(at(7)));
  expect(selfCalls.map(({ node, calls, firstSeen }) => [node.name, calls, seconds(firstSeen)])).toEqual([
    ["B", 2, seconds(at(2))],
  ]);
  // The loop is known since then, whatever part of the time is asked for; without one of its edges it is none.
  const [later] = Cycles.parse(
    await holder.server.get(`/api/v1/cycles?from=${DAY_MS + 7 * MINUTE_MS}&to=${DAY_MS + 12 * MINUTE_MS}&env=when`),
  ).cycles;
  expect(seconds(later!.firstSeen)).toBe(seconds(at(7)));
  expect((await ask("when", 6)).cycles).toEqual([]);
});

describe("what the command line cannot read", () => {
  it.each([
    ["no file at all", [], "FILE"],
    ["a file that is not there", ["nowhere.json"], "nowhere.json"],
    ["a format that there is not", ["--format", "xml", "nowhere.json"], "--format must be one of table, json"],
    ["an option that there is not", ["--loud"], "--loud"],
  ])("%s ends with 2", async (_, args, said) => {
    const { code, stdout, stderr } = await headwater(["cycles", ...args], { cwd: folder });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(said);
  });

  it("a file of something else, and one without spans, end with 2", async () => {
    for (const [name, text] of [
      ["words.json", "no spans here"],
      ["empty.json", '{"resourceSpans":[]}'],
    ] as const) {
      writeFileSync(join(folder, name), text);
      const { code, stdout, stderr } = await headwater(["cycles", join(folder, name)]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).not.toBe("");
    }
  });

  it("an unreadable file beside a loop is said, and ends with 2", async () => {
    const good = join(folder, "good.json");
    const bad = join(folder, "bad.json");
    writeFileSync(good, traceFileOf(VECTORS[0]!.trees, "beside"));
    writeFileSync(bad, "no spans here");
    const { code, stdout, stderr } = await headwater(["cycles", good, bad]);
    expect(code).toBe(2);
    expect(stdout).toContain("A → B → A");
    expect(stderr).toContain("It is not counted.");
  });
});
