// Numbers for people: three significant digits and a unit, always. A dash is "not measured"; 0 is a measurement.

export interface Quantity {
  readonly value: string;
  /** "" for plain counts. */
  readonly unit: string;
}

/** Stands where nothing was measured. */
export const DASH = "–";
export const NOTHING: Quantity = { value: DASH, unit: "" };

/** Three significant digits, thousands separated, no exponent. */
function significant(value: number): string {
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(0, 2 - magnitude);
  const text = value.toFixed(Math.min(decimals, 12));
  // Rounding may have carried into the next magnitude: 9.996 is 10.0, not 10.00.
  const carried = Math.abs(Number(text)) >= 10 ** (magnitude + 1) && decimals > 0;
  const digits = carried ? value.toFixed(decimals - 1) : text;
  const [whole = "", fraction] = digits.split(".");
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/** `12.4 ms`, `1.24 s`, `2.05 min`, `640 µs`. */
export function formatMs(ms: number | null): Quantity {
  if (ms === null) return NOTHING;
  if (ms === 0) return { value: "0", unit: "ms" };
  if (ms < 0.1) return { value: significant(ms * 1000), unit: "µs" };
  if (ms < 999.5) return { value: significant(ms), unit: "ms" };
  if (ms < 119_500) return { value: significant(ms / 1000), unit: "s" };
  return ms < 7_170_000
    ? { value: significant(ms / 60_000), unit: "min" }
    : { value: significant(ms / 3_600_000), unit: "h" };
}

/** A share as a percentage: `0.004 %`, `1.87 %`. Null when there is nothing to take a share of. */
export function formatShare(part: number, whole: number): Quantity {
  if (whole === 0) return NOTHING;
  return { value: significant((part / whole) * 100), unit: "%" };
}

/** Events per minute: `3.1 k/min` keeps three digits as `3.10 k`, `48.6 /min`. */
export function formatRate(count: number, minutes: number): Quantity {
  if (minutes <= 0) return NOTHING;
  const rate = count / minutes;
  if (rate < 1000) return { value: significant(rate), unit: "/min" };
  const { value, unit } = formatCount(rate);
  return { value, unit: `${unit}/min` };
}

/** A count, with k, M or G from a thousand on; below, exactly when it is whole. */
export function formatCount(count: number): Quantity {
  const steps = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  for (const [size, unit] of steps) {
    if (count >= size * (size === 1e3 ? 1 : 0.9995)) return { value: significant(count / size), unit };
  }
  return { value: Number.isInteger(count) ? String(count) : significant(count), unit: "" };
}

/** Bytes in binary steps: `1.20 GiB`. */
export function formatBytes(bytes: number): Quantity {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step++;
  }
  return { value: step === 0 ? String(value) : significant(value), unit: units[step]! };
}

/** A quantity as one text; a thin space keeps the unit with its number. */
export const asText = ({ value, unit }: Quantity): string => (unit ? `${value} ${unit}` : value);

/** A period that somebody has set, in the unit in which it is whole: `90 min`, `24 h`, `7 d`. */
export function formatPeriod(minutes: number): Quantity {
  const [size, unit] =
    minutes % 1440 === 0 && minutes > 1440 ? [1440, "d"] : minutes % 60 === 0 ? [60, "h"] : [1, "min"];
  return { value: String(minutes / size), unit };
}

/** `3,394`: exactly, thousands separated. */
export const formatWhole = (count: number): string => grouped(String(count));

/** `3 calls`, `1 call`, `3,394 calls`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatWhole(count)} ${count === 1 ? one : many}`;

/** Minutes as people say them: `43.2 min`, `5 h 02 min`, `3 d 04 h`. */
export function formatDowntime(minutes: number): string {
  if (minutes < 60) return asText({ value: significant(minutes), unit: "min" });
  const whole = Math.round(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 1440) return `${Math.floor(whole / 60)} h ${two(whole % 60)} min`;
  return `${Math.floor(whole / 1440)} d ${two(Math.floor((whole % 1440) / 60))} h`;
}

/** Hours a year: `61.2 h`. */
export const formatHours = (hours: number): string => asText({ value: significant(hours), unit: "h" });
