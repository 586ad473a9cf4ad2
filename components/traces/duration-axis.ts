// Where ticks stand on an axis of durations, pure.
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
/** From a minute on, what clocks count in. */
const LONG_STEPS = [1, 2, 5, 10, 20, 30].map((n) => n * MINUTE).concat([1, 2, 3, 6, 12, 24].map((n) => n * HOUR));
const MOST_TICKS = 6;

/** Milliseconds from 0 to at most `totalMs`, on round numbers: six at most. [0] for nothing. */
export function durationTicks(totalMs: number): number[] {
  if (!(totalMs > 0)) return [0];
  const step = stepOf(totalMs / (MOST_TICKS - 1));
  return Array.from({ length: Math.floor(totalMs / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** The next of 1, 2, 5, 10 … at or above, below a minute; then whole minutes, hours and days. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const decimal =
    [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? 10 * power;
  if (decimal <= 20 * SECOND) return decimal;
  return LONG_STEPS.find((step) => step >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
}
