// The simulator's shop with loops of every kind as traffic, with the truth about it.
import type { Span } from "@/lib/domain/span";
import { loops } from "@/lib/simulate/loops";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { endOfLastMinute } from "./shop";

export interface Loops {
  readonly seed: string;
  readonly spans: Span[];
  /** From the minute of the first span to that of the last: what rates are told over. */
  readonly minutes: number;
  /** Calls of one edge, as the simulator counted them. */
  calls(caller: string, callee: string): number;
}

/** Requests spread over two minutes, the last of which is over: over the one that runs, rates grow while a test looks. */
export function simulateLoops(requests = 300): Loops {
  const seed = `loops ${Date.now()}`;
  const truth = new Truth();
  const simulation = new Simulation(loops, seededRandom(seed), truth);
  const fromUs = (endOfLastMinute() - 120_000) * 1000;
  const stepUs = 120_000_000 / requests;
  const spans = Array.from({ length: requests }, (_, i) => simulation.request(fromUs + i * stepUs).spans).flat();
  const calls = (caller: string, callee: string): number =>
    truth.list().reduce((sum, edge) => sum + (edge.caller === caller && edge.callee === callee ? edge.calls : 0), 0);
  const minutesOf = spans.map(({ startNs }) => Number(startNs / 60_000_000_000n));
  return { seed, spans, minutes: Math.max(...minutesOf) - Math.min(...minutesOf) + 1, calls };
}
