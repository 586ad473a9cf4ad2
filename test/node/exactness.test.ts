import { describe, expect, it } from "vitest";
import type { Span } from "@/lib/domain/span";
import type { EngineOptions } from "@/lib/engine/engine-options";
import { seededRandom } from "@/lib/simulate/random";
import { effort } from "@/test/helpers/effort";
import { type Delivery, EngineRig, expectedCounts } from "@/test/helpers/engine-rig";
import { shuffled, tangledSpans } from "@/test/helpers/tangled-spans";

/** Ids held in memory: from "hardly anything fits" to "some traces do". */
const WINDOWS = [12, 20, 36, 80];
/** Traces remembered of what has left memory: from a part of them to all. */
const LOST_TRACES = [2, 4, 1024];

interface Scenario {
  readonly name: string;
  readonly window: number;
  readonly lostTraces: number;
  readonly spans: Span[];
  readonly delivered: Delivery[];
  /** Index of the delivery before which the server is restarted; -1 for none. */
  readonly restartAt: number;
}

/**
 * Spans as a bad network brings them: each at the end of its work plus a delay that is sometimes minutes, half of them twice,
 * in requests of a few spans.
 */
function scenario(seed: number): Scenario {
  const name = `exact ${seed}`;
  const random = seededRandom(name);
  const spans = tangledSpans(random, { traces: 8 + random.below(8), spansPerTrace: 10, spreadUs: 240_000_000 });
  const lateness = 0.45 + random.next() * 0.5;
  const arrivals = [...spans, ...spans.filter(() => random.chance(0.5))].map((span) => {
    const delay = random.chance(lateness) ? random.below(400_000) : random.below(2_000);
    return { span, at: Number(span.startNs / 1_000_000n) + 500 + delay };
  });
  arrivals.sort((a, b) => a.at - b.at);
  const delivered: Delivery[] = [];
  while (arrivals.length > 0) {
    const part = arrivals.splice(0, 1 + random.below(14));
    delivered.push({
      atMs: part[part.length - 1]!.at,
      spans: shuffled(
        part.map(({ span }) => span),
        random,
      ),
    });
  }
  const restartAt = random.chance(0.25) ? random.below(delivered.length) : -1;
  const window = WINDOWS[seed % WINDOWS.length]!;
  return { name, window, lostTraces: LOST_TRACES[seed % LOST_TRACES.length]!, spans, delivered, restartAt };
}

async function run(
  { delivered, window, lostTraces, restartAt }: Scenario,
  options: Partial<EngineOptions> = {},
): Promise<{ counts: string[]; derivations: number }> {
  const rig = await EngineRig.open({ settleMs: 5_000, memorySpans: window, lostTraces, ...options });
  try {
    for (const [i, delivery] of delivered.entries()) {
      if (i === restartAt) await rig.restart();
      await rig.deliver([delivery]);
    }
    return { counts: await rig.counts(), derivations: (await rig.engine.status()).derivations };
  } finally {
    await rig.close();
  }
}

const pairedOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Number(/\bpaired=(\d+)/.exec(line)?.[1] ?? 0), 0);

describe("the graph on real DuckDB: spans split, late, shuffled, half of them twice, with restarts", () => {
  const SEEDS = effort("HEADWATER_TEST_SEEDS");

  it(`equals one look at all distinct spans (${SEEDS} seeds)`, { timeout: 1_200_000 + SEEDS * 2_000 }, async () => {
    const seeds = Array.from({ length: SEEDS }, (_, i) => i);
    const runner = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const chosen = scenario(seed);
        const { counts } = await run(chosen);
        expect(counts, `${chosen.name}, window ${chosen.window}, restart at ${chosen.restartAt}`).toEqual(
          expectedCounts(chosen.spans),
        );
      }
    };
    await Promise.all([runner(), runner(), runner()]);
  });

  it("keeps most minutes without deriving them again when little comes late", async () => {
    let minutes = 0;
    let derivations = 0;
    for (let seed = 3; seed < 40; seed += 8) {
      const chosen = { ...scenario(seed), restartAt: -1, window: 400 };
      const result = await run(chosen);
      expect(result.counts).toEqual(expectedCounts(chosen.spans));
      minutes += new Set(result.counts.map((line) => line.split(" ")[0])).size;
      derivations += result.derivations;
    }
    expect(minutes).toBeGreaterThan(20);
    expect(derivations).toBeLessThan(minutes / 2);
  });

  it("cannot be had from memory: at least 30 % of the pairs never meet there", async () => {
    let found = 0;
    let all = 0;
    for (let seed = 0; seed < 12; seed++) {
      const chosen = { ...scenario(seed), restartAt: -1 };
      all += pairedOf(expectedCounts(chosen.spans));
      found += pairedOf((await run(chosen, { sabotage: { memoryOnly: true } })).counts);
    }
    expect(all).toBeGreaterThan(100);
    expect(found / all).toBeLessThan(0.7);
  });

  it("is wrong when the store is not looked into, and when copies are not dropped", async () => {
    const chosen = { ...scenario(1), restartAt: -1 };
    const expected = expectedCounts(chosen.spans);
    expect((await run(chosen, { sabotage: { memoryOnly: true } })).counts).not.toEqual(expected);
    expect((await run({ ...chosen, window: 100_000 }, { sabotage: { noDedupe: true } })).counts).not.toEqual(expected);
  });
});
