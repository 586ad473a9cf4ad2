// Loops of every kind, simulated, sent to an engine on a real store, and judged against what the simulator counted.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cycle, Cycles } from "@/lib/contract/cycles";
import type { Span } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { loops } from "@/lib/simulate/loops";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { EngineRig } from "@/test/helpers/engine-rig";

const MINUTE_MS = 60_000;
const FROM_MS = Date.UTC(2026, 10, 22, 3);
const MINUTES = 5;

interface Told {
  readonly spans: Span[];
  readonly truth: Truth;
}

function tell(seed: string, requests: number): Told {
  const truth = new Truth();
  const simulation = new Simulation(loops, seededRandom(seed), truth);
  const stepUs = (MINUTES * MINUTE_MS * 1000) / requests;
  return {
    truth,
    spans: Array.from({ length: requests }, (_, i) => simulation.request(FROM_MS * 1000 + i * stepUs).spans).flat(),
  };
}

async function ask(rig: EngineRig, spans: readonly Span[]): Promise<Cycles> {
  await rig.deliver([{ atMs: FROM_MS + MINUTES * MINUTE_MS, spans }]);
  await rig.engine.settle();
  return await question(rig);
}

const question = (rig: EngineRig): Promise<Cycles> =>
  rig.engine.cycles({
    fromMinute: FROM_MS / MINUTE_MS,
    toMinute: FROM_MS / MINUTE_MS + MINUTES + 1,
    environment: null,
    perspective: "data-flow",
  });

const calls = ({ truth }: Told, caller: string, callee: string): number =>
  truth.list().reduce((sum, edge) => sum + (edge.caller === caller && edge.callee === callee ? edge.calls : 0), 0);

const cycleOf = (answer: Cycles, member: string): Cycle =>
  answer.cycles.find(({ members }) => members.some(({ name }) => name === member))!;

describe.each([
  ["few enough to look at every trace", 300],
  ["more than are looked at", 3_000],
])("%s", (_, requests) => {
  const seed = `loops ${Date.now()} ${requests}`;
  const told = tell(seed, requests);
  let rig: EngineRig;
  let answer: Cycles;

  beforeAll(async () => {
    rig = await EngineRig.open();
    answer = await ask(rig, told.spans);
  });
  afterAll(() => rig.close());

  it(`names the loops, their types and their order (${seed})`, () => {
    expect(Cycles.parse(answer)).toEqual(answer);
    expect(answer.cycles.map(({ type, members }) => [type, members.map(({ name }) => name)])).toEqual([
      ["reentrant", ["orders", "inventory", "pricing"]],
      ["async", ["billing", "ledger"]],
      [
        "across",
        calls(told, "storefront", "catalog") >= calls(told, "storefront", "reviews")
          ? ["catalog", "reviews"]
          : ["reviews", "catalog"],
      ],
    ]);
    for (const { others } of answer.cycles) expect(others).toEqual([]);
  });

  it("counts the calls of every step as the simulator did", () => {
    for (const cycle of answer.cycles)
      for (const { caller, callee, calls: counted } of cycle.hops) expect(counted).toBe(calls(told, caller, callee));
  });

  it("cuts where there is least traffic", () => {
    for (const { hops, cut } of answer.cycles) {
      const least = Math.min(...hops.map((hop) => calls(told, hop.caller, hop.callee)));
      expect(cut).toMatchObject({ calls: least, exact: true });
      expect(cut.edges).toHaveLength(1);
      expect(cut.alternatives.map(({ gone }) => gone)).toEqual(hops.map(() => true));
      expect(cut.alternatives[0]!.edge).toBe(cut.edges[0]);
    }
  });

  it("tells what share of the requests goes round", () => {
    const reentrant = cycleOf(answer, "orders");
    expect(reentrant.share).toEqual({
      requests: calls(told, "pricing", "orders"),
      of: calls(told, "storefront", "orders"),
    });
    const around = cycleOf(answer, "billing");
    expect(around.share).toEqual({
      requests: calls(told, "ledger", "billing"),
      of: calls(told, "storefront", "billing"),
    });
    expect(cycleOf(answer, "catalog").share).toBeNull();
    for (const { evidence } of answer.cycles) {
      expect(evidence.traces).toBeLessThanOrEqual(200);
      expect(evidence.incomplete).toBe(0);
    }
    expect(reentrant.evidence.all).toBe(calls(told, "pricing", "orders") <= 200);
  });

  it("shows a witness that really goes round", () => {
    const { witness, reentryDepth, recursion } = cycleOf(answer, "orders");
    expect(witness!.spans.map(({ service }) => service)).toEqual(["orders", "inventory", "pricing", "orders"]);
    expect(witness!.spans.map(({ name }) => name)).toEqual([
      "POST /orders",
      "POST /reservations",
      "GET /prices/{sku}",
      "GET /orders/{id}",
    ]);
    expect([reentryDepth, recursion]).toEqual([1, false]);
    for (const { traceId, spanId, durationMs } of witness!.spans) {
      const span = told.spans.find((candidate) => candidate.spanId === spanId && candidate.traceId === traceId)!;
      expect(durationMs).toBe(Number(span.endNs - span.startNs) / 1e6);
    }
    const async = cycleOf(answer, "billing").witness!;
    expect(async.spans.map(({ service }) => service)).toEqual(["billing", "ledger", "billing"]);
    expect(new Set(async.spans.map(({ traceId }) => traceId)).size).toBe(2);
    expect(cycleOf(answer, "catalog").witness).toBeNull();
  });

  it("knows which operation calls which", () => {
    expect(
      cycleOf(answer, "orders").hops.map(({ operations }) => operations.map((o) => `${o.caller} > ${o.callee}`)),
    ).toEqual([
      ["POST /orders > POST /reservations"],
      ["POST /reservations > GET /prices/{sku}"],
      ["GET /prices/{sku} > GET /orders/{id}"],
    ]);
  });

  it("looks at the traces of the rarest edge, and knows that no operation comes back to itself", () => {
    for (const { hops, evidence, operations } of answer.cycles) {
      const [rarest] = [...hops].sort(
        (a, b) => a.calls - b.calls || (`${a.caller} ${a.callee}` < `${b.caller} ${b.callee}` ? -1 : 1),
      );
      expect(evidence.rarest).toBe(rarest!.edges[0]);
      expect(operations.verdict).toBe("none");
      expect(operations.unknown).toBe(0);
    }
    expect(cycleOf(answer, "orders").operations.steps.map(({ operation }) => operation)).toEqual([
      "POST /orders",
      "POST /reservations",
      "GET /prices/{sku}",
      "GET /orders/{id}",
    ]);
  });

  it("lists self-calls apart", () => {
    expect(answer.selfCalls.map(({ node, calls: counted, kind }) => [node.name, counted, kind])).toEqual([
      ["tax", calls(told, "tax", "tax"), "sync"],
    ]);
  });

  it("answers the same again, and after a restart", async () => {
    expect(await question(rig)).toEqual(answer);
    await rig.restart();
    const { version: _version, ...again } = await question(rig);
    const { version: _before, ...before } = answer;
    expect(again).toEqual(before);
  });
});

describe("the command line", () => {
  const run = (spans: readonly Span[], ...args: string[]): { code: number; out: string } => {
    const folder = mkdtempSync(join(tmpdir(), "headwater-cycles-"));
    try {
      const file = join(folder, "traces.bin");
      writeFileSync(file, encodeSpans(spans));
      const { status, stdout } = spawnSync(process.execPath, ["dist/cli.mjs", "cycles", ...args, file], {
        encoding: "utf8",
      });
      return { code: status!, out: stdout };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const told = tell(`cli ${Date.now()}`, 300);

  it("finds in files what the server finds in the same spans", async () => {
    const { code, out } = run(told.spans, "--format", "json");
    expect(code).toBe(1);
    const { environments } = JSON.parse(out) as { environments: Cycles[] };
    const rig = await EngineRig.open();
    try {
      const answer = await ask(rig, told.spans);
      expect(environments.map(({ cycles, selfCalls }) => ({ cycles, selfCalls }))).toEqual([
        { cycles: answer.cycles, selfCalls: answer.selfCalls },
      ]);
    } finally {
      await rig.close();
    }
  });

  it("prints one line a loop, and ends with 1", () => {
    const { code, out } = run(told.spans);
    expect(code).toBe(1);
    expect(out.split("\n")[0]).toMatch(
      /^synchronous, re-entrant: orders → inventory → pricing → orders, [\d.]+ % of requests; by operation no loop \(POST \/orders → POST \/reservations → GET \/prices\/\{sku\} → GET \/orders\/\{id\}\); cut pricing → orders$/,
    );
    expect(out).toContain(`calls itself: tax, ${calls(told, "tax", "tax")} times\n`);
  });
});

describe("what cannot be known", () => {
  it("a loop of which half the callers' spans are missing is unknown, not across requests", async () => {
    const told = tell("missing", 200);
    const rig = await EngineRig.open();
    try {
      // Without the storefront's and the catalog's spans above them, calls of reviews hang on nothing.
      const broken = told.spans.filter(({ resource }) => textOf(resource.attributes, "service.name") !== "storefront");
      const answer = await ask(rig, broken);
      const cycle = cycleOf(answer, "catalog");
      expect(cycle.type).toBe("unknown");
      expect(cycle.evidence.incomplete).toBe(cycle.evidence.traces);
      // What is seen going round does so, whatever else is missing.
      expect(cycleOf(answer, "orders").type).toBe("reentrant");
    } finally {
      await rig.close();
    }
  });
});

const textOf = (attributes: Span["resource"]["attributes"], name: string): unknown =>
  attributes.find(([key]) => key === name)?.[1];
