// How much a measured availability says, given the requests behind it.
import type { ServiceSla } from "../contract/sla";
import { exact, NOISE } from "./availability";

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;
const DOUBT = 0.05;

/** Wilson's 95 % interval of a success rate; nulls without requests. */
export function wilson(requests: number, failures: number): { low: number | null; high: number | null } {
  if (requests === 0) return { low: null, high: null };
  const rate = (requests - failures) / requests;
  const square = (Z * Z) / requests;
  const centre = (rate + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((rate * (1 - rate)) / requests + square / (4 * requests));
  return { low: exact(Math.max(0, centre - half)), high: exact(Math.min(1, centre + half)) };
}

/** Requests without one failure after which a success rate of `target` is confirmed with 95 %; null where no number is enough. */
export const requestsNeeded = (target: number): number | null =>
  target < 1 - NOISE ? Math.ceil(Math.log(DOUBT) / Math.log(target)) : null;

export function confidenceOf(
  requests: number,
  failures: number,
  target: number | null,
): ServiceSla["observed"]["confidence"] {
  const needed = target === null ? null : requestsNeeded(target);
  return {
    requests,
    ...wilson(requests, failures),
    requestsNeeded: needed,
    enough: target === null ? null : needed !== null && requests >= needed,
  };
}
