// Axes of a chart over time, pure: where ticks stand and what they say.
const MS_PER_MINUTE = 60_000;
/** Minutes between ticks: what people count in. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880];
const MOST_TICKS = 6;
const DAY = 1440;

export interface TimeTick {
  /** Unix minute. */
  readonly minute: number;
  readonly label: string;
}

/** Ticks of [from, to) on round times, UTC; with the day where steps are days. */
export function timeTicks(from: number, to: number): TimeTick[] {
  const step =
    STEPS.find((minutes) => (to - from) / minutes <= MOST_TICKS) ?? Math.ceil((to - from) / MOST_TICKS / DAY) * DAY;
  const ticks: TimeTick[] = [];
  for (let minute = Math.ceil(from / step) * step; minute < to; minute += step) {
    const iso = new Date(minute * MS_PER_MINUTE).toISOString();
    ticks.push({ minute, label: step >= DAY ? iso.slice(5, 10) : iso.slice(11, 16) });
  }
  return ticks;
}

/** The next of 1, 2, 5, 10, 20 … at or above; 1 for nothing. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}
