// The simulator's shop as traffic for the end-to-end tests, with the truth about it.
import type { Span } from "@/lib/domain/span";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import type { Fault } from "@/lib/simulate/scenario";
import { Truth } from "@/lib/simulate/truth";

export interface ShopOptions {
  /** Chosen anew for each run unless given; a failing test says which it was, see `seed`. */
  readonly seed?: string;
  /** Requests from outside. */
  readonly requests?: number;
  /** When the first and the last of them begin, epoch milliseconds; by default two minutes up to the end of the last whole one. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly faults?: readonly Fault[];
}

export interface Shop {
  readonly seed: string;
  readonly spans: Span[];
  readonly truth: Truth;
}

const MINUTE_MS = 60_000;

/** So long before the running minute that what begins then is over before it: rates of that minute grow while a test looks. */
export const endOfLastMinute = (): number => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 5_000;

/** Requests spread evenly over a time. */
export function shop({
  seed = `shop ${Date.now()}`,
  requests = 300,
  toMs = endOfLastMinute(),
  fromMs = toMs - 120_000,
  faults = [],
}: ShopOptions = {}): Shop {
  const truth = new Truth();
  const simulation = new Simulation(ecommerce, seededRandom(seed), truth, faults);
  const stepUs = requests > 1 ? ((toMs - fromMs) * 1000) / (requests - 1) : 0;
  const spans = Array.from({ length: requests }, (_, i) => simulation.request(fromMs * 1000 + i * stepUs).spans).flat();
  return { seed, spans, truth };
}
