// The adjusted count of a span from its W3C tracestate: how many spans it stands for.
// Source: opentelemetry-specification trace/tracestate-probability-sampling.md (`th`) and OTEP 168 (`p`).

/** A threshold is 56 bits, 14 digits: two halves of these. */
const HALF = 2 ** 28;

/** The weight that the `ot` entry states, or NaN when it states none: unknown is not 1. */
export function samplingWeight(traceState: string): number {
  const entry = traceState.split(",").find((part) => part.trimStart().startsWith("ot="));
  if (!entry || entry.length > 300) return Number.NaN;
  for (const part of entry.trim().slice(3).split(";")) {
    if (part.startsWith("th:")) {
      const digits = part.slice(3);
      if (!/^[0-9a-f]{1,14}$/.test(digits)) return Number.NaN;
      // Subtracted in halves: a double holds 53 of the 56 bits, and of the largest thresholds nothing would be left.
      const high = Number.parseInt(digits.slice(0, 7).padEnd(7, "0"), 16);
      const low = Number.parseInt(digits.slice(7).padEnd(7, "0"), 16);
      return HALF ** 2 / ((HALF - high) * HALF - low);
    }
    if (part.startsWith("p:")) {
      const p = Number(part.slice(2));
      if (!Number.isInteger(p) || p < 0 || p > 63) return Number.NaN;
      return p === 63 ? 0 : 2 ** p;
    }
  }
  return Number.NaN;
}
