// Availabilities for people: three decimals of a percentage, and more where three would round to 100.
import { NOTHING, type Quantity } from "./format-number";

const DECIMALS = 3;
const MOST_DECIMALS = 12;

/** `99.301 %`, `99.99999 %`; only 1 is `100 %`. */
export function formatAvailability(availability: number | null): Quantity {
  if (availability === null) return NOTHING;
  if (availability === 1) return { value: "100", unit: "%" };
  return { value: (availability * 100).toFixed(decimalsOf(availability)), unit: "%" };
}

/** One that has to be reached, rounded up: what is read there is enough. */
export function formatNeeded(availability: number): Quantity {
  const decimals = decimalsOf(availability);
  const step = 10 ** decimals;
  const noise = 1e-6;
  return { value: (Math.ceil(availability * 100 * step - noise) / step).toFixed(decimals), unit: "%" };
}

function decimalsOf(availability: number): number {
  const lost = (1 - availability) * 100;
  return Math.min(MOST_DECIMALS, Math.max(DECIMALS, Math.ceil(-Math.log10(lost) - 1e-9)));
}
