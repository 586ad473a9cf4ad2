// The adjusted count of a span from its W3C tracestate: how many spans it stands for.
// Source: opentelemetry-specification trace/tracestate-probability-sampling.md (`th`) and OTEP 168 (`p`).

const THRESHOLD_DIGITS = 14;
const ALL = 2 ** 56;

/** The weight that the `ot` entry states, or NaN when it states none: unknown is not 1. */
export function samplingWeight(traceState: string): number {
  const entry = traceState.split(",").find((part) => part.trimStart().startsWith("ot="));
  if (!entry || entry.length > 300) return Number.NaN;
  for (const part of entry.trim().slice(3).split(";")) {
    if (part.startsWith("th:")) {
      const digits = part.slice(3);
      if (!/^[0-9a-f]{1,14}$/.test(digits)) return Number.NaN;
      return ALL / (ALL - Number.parseInt(digits.padEnd(THRESHOLD_DIGITS, "0"), 16));
    }
    if (part.startsWith("p:")) {
      const p = Number(part.slice(2));
      if (!Number.isInteger(p) || p < 0 || p > 63) return Number.NaN;
      return p === 63 ? 0 : 2 ** p;
    }
  }
  return Number.NaN;
}
