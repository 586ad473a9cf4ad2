// How much the key proofs try: what every change can wait for, and what a release is worth. HEADWATER_TEST_FULL=1 takes the
// second; `npm run test:full` sets it. A single figure can be set by its own variable.

/** [fast tier, long tier] */
const FIGURES = {
  /** Mutated inputs per decoder. */
  HEADWATER_TEST_MUTATIONS: [20_000, 1_000_000],
  /** Random deliveries of spans whose counts are compared with the oracle. */
  HEADWATER_TEST_SEEDS: [240, 2_000],
  /** Random runs of everything that can happen to an engine, held against a model. */
  HEADWATER_TEST_RUNS: [10, 300],
  /** Times that a server under load is killed with -9. */
  HEADWATER_TEST_KILLS: [5, 50],
  /** Distinct service names that a hostile sender invents. */
  HEADWATER_TEST_SERVICES: [20_000, 100_000],
  /** Seconds for which a server is held under hostile connections. */
  HEADWATER_TEST_SIEGE_SECONDS: [8, 120],
  /** Seconds for which a server is offered ten times what it can take. */
  HEADWATER_TEST_OVERLOAD_SECONDS: [5, 120],
  /** Seconds for which a server is watched under a steady load. */
  HEADWATER_TEST_SOAK_SECONDS: [60, 1_800],
} as const;

export const isFull = process.env.HEADWATER_TEST_FULL === "1";

export function effort(name: keyof typeof FIGURES): number {
  const [fast, full] = FIGURES[name];
  const value = Number(process.env[name] ?? (isFull ? full : fast));
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} has to be a whole number above 0`);
  return value;
}
