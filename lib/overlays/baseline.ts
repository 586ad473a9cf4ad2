// Earlier windows that a window is compared with.

export type Baseline = "before" | "hour";

export interface BaselineChoice {
  readonly value: Baseline;
  readonly label: string;
  /** For sentences: `slower than in …`. */
  readonly words: string;
}

export const BASELINES: readonly BaselineChoice[] = [
  { value: "before", label: "window before", words: "the window before" },
  { value: "hour", label: "hour before", words: "the hour before" },
];

interface Window {
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
}

const HOUR_MS = 3_600_000;

/** The window of the same length that ends where this one begins, or the hour that does. */
export function baselineWindow({ from, to }: Window, baseline: Baseline): Window {
  const start = Date.parse(from);
  const length = baseline === "hour" ? HOUR_MS : Date.parse(to) - start;
  return { from: new Date(start - length).toISOString(), to: from };
}

/** `the hour before, 09:00–10:00 UTC`; with days where there are two. "… is being asked for" while it is not there. */
export function baselineWords(baseline: BaselineChoice, window: Window | undefined): string {
  if (!window) return `${baseline.words} is being asked for`;
  const { from, to } = window;
  const oneDay = from.slice(0, 10) === to.slice(0, 10);
  const time = (iso: string): string => (oneDay ? iso.slice(11, 16) : iso.slice(0, 16).replace("T", " "));
  return `${baseline.words}, ${time(from)}–${time(to)} UTC`;
}
