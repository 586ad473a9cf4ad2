// Everything that can happen to a server, in any order, against a model that is told the same: the graph that is served is at
// every look that of all distinct spans acknowledged so far.
import { describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Span } from "@/lib/domain/span";
import type { EngineOptions } from "@/lib/engine/engine-options";
import { type Random, seededRandom } from "@/lib/simulate/random";
import { effort } from "@/test/helpers/effort";
import { EngineRig, expectedCounts } from "@/test/helpers/engine-rig";
import { shuffled, tangledSpans } from "@/test/helpers/tangled-spans";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Where tangled spans begin. */
const ORIGIN_MS = 1_760_000_000_000;
/** From one age to the next: all that was sent in the one has come in before the other begins. */
const AGE_MS = 6 * DAY_MS;
const SMALL = { settleMs: 2_000, memorySpans: 36, lostTraces: 16, retainSpansMs: HOUR_MS, retainMinutesMs: 2 * DAY_MS };

const COUNTS = ["calls", "callee", "between", "clientError", "throttled", "paired"] as const;
type EdgeCounts = Map<string, Record<(typeof COUNTS)[number], number>>;

/** What lines of the naive rule say of the graph's edges, minutes and operations together. */
function edgesOfLines(lines: readonly string[]): EdgeCounts {
  const edges: EdgeCounts = new Map();
  for (const line of lines) {
    const found = /^\d+ (sync|async|database|entry) (\S*)>(\S+) via(?: (topic:\S+))?(?: op\d)?: (.*)$/.exec(line);
    if (!found) continue;
    const [, kind, caller, callee, via = "", counted] = found;
    const counts = Object.fromEntries(counted!.split(" ").map((part) => part.split("="))) as Record<string, string>;
    addTo(
      edges,
      `${kind} ${caller}>${callee} ${via}`,
      COUNTS.map((name) => Number(counts[name] ?? 0)),
    );
  }
  return edges;
}

function addTo(edges: EdgeCounts, key: string, values: readonly number[]): void {
  const known = edges.get(key);
  const sums = COUNTS.map((name, i) => [name, (known?.[name] ?? 0) + values[i]!]);
  edges.set(key, Object.fromEntries(sums));
}

function edgesOfGraph({ edges }: Graph): EdgeCounts {
  const told: EdgeCounts = new Map();
  for (const { kind, caller, callee, via, calls, errorsBy, confidence } of edges) {
    const { callee: failed, between, clientError, throttled } = errorsBy;
    if (calls > 0)
      addTo(told, `${kind} ${caller}>${callee} ${via ?? ""}`, [
        calls,
        failed,
        between,
        clientError,
        throttled,
        confidence.paired,
      ]);
  }
  return told;
}

/** The same in any order. */
const sorted = (edges: EdgeCounts) => [...edges].sort(([a], [b]) => (a < b ? -1 : 1));

class Run {
  /** Of the age that runs: what was acknowledged, and what is still to be sent, copies of what was sent among it. */
  private acknowledged = new Map<string, Span>();
  private waiting: Span[] = [];
  /** What earlier ages came to: their spans are gone. */
  private readonly past: string[] = [];
  private age = 0;
  readonly done: string[] = [];

  private constructor(
    private readonly rig: EngineRig,
    private readonly random: Random,
  ) {}

  static async of(name: string, options: Partial<EngineOptions>): Promise<Run> {
    const run = new Run(await EngineRig.open({ ...SMALL, ...options }), seededRandom(name));
    run.begin();
    return run;
  }

  private begin(): void {
    const shift = BigInt(this.age * AGE_MS) * 1_000_000n;
    const { random } = this;
    const spans = tangledSpans(random, { traces: 4 + random.below(6), spansPerTrace: 8, spreadUs: 180_000_000 });
    this.waiting = shuffled(
      spans.map((span) => ({
        ...span,
        startNs: span.startNs + shift,
        endNs: span.endNs === 0n ? 0n : span.endNs + shift,
      })),
      random,
    );
    this.acknowledged = new Map();
    this.rig.nowMs = Math.max(this.rig.nowMs, ORIGIN_MS + this.age * AGE_MS + 200_000);
  }

  async step(): Promise<void> {
    const { random } = this;
    const roll = random.next();
    const what: keyof Run =
      roll < 0.5
        ? "send"
        : roll < 0.62
          ? "again"
          : roll < 0.72
            ? "wait"
            : roll < 0.8
              ? "look"
              : roll < 0.88
                ? "crash"
                : roll < 0.96
                  ? "restart"
                  : "retire";
    this.done.push(what);
    await this[what]();
  }

  private async deliver(spans: readonly Span[]): Promise<void> {
    if (spans.length === 0) return;
    await this.rig.deliver([{ atMs: this.rig.nowMs + this.random.below(3_000), spans }]);
    for (const span of spans) this.acknowledged.set(keyOf(span), span);
  }

  async send(): Promise<void> {
    await this.deliver(this.waiting.splice(0, 1 + this.random.below(12)));
  }

  /** Copies of what was sent, some with what is new. */
  async again(): Promise<void> {
    const copies = shuffled([...this.acknowledged.values()], this.random).slice(0, this.random.below(10));
    await this.deliver([...copies, ...this.waiting.splice(0, this.random.below(3))]);
  }

  /** So long that minutes are looked up, saved and forgotten, and what comes next is late; no span is too old yet. */
  async wait(): Promise<void> {
    this.rig.nowMs += this.random.below(8) * 60_000;
    this.rig.engine.tick();
    await Promise.resolve();
  }

  async crash(): Promise<void> {
    await this.rig.crash();
  }

  async restart(): Promise<void> {
    await this.rig.restart();
  }

  /** Spans go by their age, then minutes become hours; what they came to stays. */
  async retire(): Promise<void> {
    await this.deliver(this.waiting.splice(0));
    await this.look();
    this.past.push(...expectedCounts([...this.acknowledged.values()]));
    this.age++;
    for (const nowMs of [this.rig.nowMs + 2 * HOUR_MS, this.rig.nowMs + 3 * DAY_MS]) {
      this.rig.nowMs = nowMs;
      this.rig.engine.tick();
      await this.rig.engine.settle();
    }
    expect((await this.rig.store.load()).spans).toBe(0);
    this.begin();
  }

  async look(): Promise<void> {
    await this.rig.engine.settle();
    const expected = edgesOfLines([...this.past, ...expectedCounts([...this.acknowledged.values()])]);
    const served = await this.rig.engine.graph({
      fromMinute: Math.floor(ORIGIN_MS / HOUR_MS) * 60,
      toMinute: Math.floor(ORIGIN_MS / HOUR_MS + (this.age + 1) * 24 * 6) * 60,
      environment: null,
      perspective: "data-flow",
    });
    expect(sorted(edgesOfGraph(served)), this.done.join(" ")).toEqual(sorted(expected));
  }

  async end(): Promise<void> {
    await this.rig.close();
  }
}

/** What makes two spans one. */
const keyOf = ({ traceId, spanId, kind, resource, startNs }: Span): string =>
  [traceId, spanId, kind, resource.attributes[0]![1], startNs].join();

async function run(seed: number, options: Partial<EngineOptions> = {}): Promise<Run> {
  const told = await Run.of(`model ${seed}`, options);
  try {
    for (let step = 0; step < 30; step++) await told.step();
    await told.look();
    return told;
  } catch (error) {
    if (error instanceof Error) error.message = `model ${seed}: ${error.message}`;
    throw error;
  } finally {
    await told.end();
  }
}

describe("sent, sent again, late, crashed, restarted, retired, asked, in any order", () => {
  const RUNS = effort("HEADWATER_TEST_RUNS");

  it(`the served graph is that of all distinct acknowledged spans (${RUNS} runs)`, { timeout: 3_600_000 }, async () => {
    const all: Run[] = [];
    const fresh = Date.now();
    for (let i = 0; i < RUNS; i++) all.push(await run(i % 2 === 0 ? i : fresh + i));
    const done = all.flatMap((one) => one.done);
    for (const what of ["send", "again", "wait", "look", "crash", "restart", "retire"])
      expect(done.filter((each) => each === what).length, what).toBeGreaterThan(2);
  });

  // Copies are dropped by memory; what has left it is held against the store.
  it.each([
    ["noDedupe", 100_000],
    ["memoryOnly", SMALL.memorySpans],
  ] as const)("twin: %s is noticed", { timeout: 120_000 }, async (fault, memorySpans) => {
    for (let seed = 0; seed < 6; seed++) {
      const noticed = await run(seed, { sabotage: { [fault]: true }, memorySpans }).then(
        () => false,
        (error: unknown) => (error as Error).name === "AssertionError",
      );
      if (noticed) return;
    }
    expect.unreachable();
  });
});
