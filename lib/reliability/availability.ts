// Availabilities as numbers: read from text, kept to fifteen decimals, and what they mean as downtime.
import type { SlaFigure } from "../contract/sla";

const DECIMAL = /^(\d+(?:\.\d+)?)\s*(%?)$/;
const MINUTES_PER_30_DAYS = 43_200;
const HOURS_PER_YEAR = 8_760;

/** Differences below it are noise of binary fractions, not statements about uptime. */
export const NOISE = 1e-12;

/** Without the noise that binary fractions add: 1 − 0.995 is 0.005. */
export const exact = (value: number): number => Math.round(value * 1e15) / 1e15;

/** Multiples, minutes and hours, to nine decimals. */
export const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

/**
 * Reads `99.9%`, or a ratio such as `0.999`. The decimal point is moved in the text, so that 99.9 % is 0.999.
 * @returns the ratio in (0, 1], or what is wrong as half a sentence.
 */
export function readAvailability(text: string): number | string {
  const [, digits, percent] = DECIMAL.exec(text.trim()) ?? [];
  if (digits === undefined) {
    return /^\d+,\d+\s*%?$/.test(text.trim())
      ? `has a decimal comma; write "${text.trim().replace(",", ".")}"`
      : 'must be a percentage such as "99.9%"';
  }
  const value = Number(percent ? `${digits}e-2` : digits);
  if (!percent && value > 1) return `is a ratio above 1; write "${digits}%" for a percentage`;
  return value > 0 && value <= 1 ? value : "must be more than 0 % and at most 100 %";
}

export const figureOf = (availability: number): SlaFigure => ({
  availability: exact(availability),
  minutesPer30Days: rounded(exact(1 - availability) * MINUTES_PER_30_DAYS),
  hoursPerYear: rounded(exact(1 - availability) * HOURS_PER_YEAR),
});
