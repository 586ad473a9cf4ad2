// Availabilities for people: three decimals of a percentage, and more where three would round to 100.
import { NOTHING, type Quantity } from "./format-number";

const DECIMALS = 3;

/** `99.301 %`, `99.99999 %`; only 1 is `100 %`. */
export function formatAvailability(availability: number | null): Quantity {
  if (availability === null) return NOTHING;
  if (availability === 1) return { value: "100", unit: "%" };
  const lost = (1 - availability) * 100;
  const decimals = Math.min(12, Math.max(DECIMALS, Math.ceil(-Math.log10(lost) - 1e-9)));
  return { value: (availability * 100).toFixed(decimals), unit: "%" };
}
