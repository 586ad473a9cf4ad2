// Filters as people type them: `payments, errors > 1 %, p99 > 500 ms`. Terms are joined by commas and all must hold; a term
// without a comparison is looked for in the names.

export interface TermFilter<T> {
  readonly matches: (item: T) => boolean;
  /** What could not be understood; null when all was. */
  readonly problem: string | null;
}

/** Values in base units: shares of one, milliseconds, calls a minute; null where nothing was measured. */
export type Fields<T> = ReadonlyMap<string, (item: T) => number | null>;

const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({ error: "errors", err: "errors", latency: "p99" }),
);
const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({ "": 1, "%": 0.01, ms: 1, s: 1000, us: 0.001, µs: 0.001, k: 1000, "/min": 1 }),
);
const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
};
const COMPARISON = /^([a-z0-9]+)\s*(>=|<=|>|<|=)\s*([\d.]+)\s*(\S*)$/i;

/** An item without a measurement of a compared field does not match: missing is not zero. */
export function termFilter<T>(text: string, fields: Fields<T>, namesOf: (item: T) => readonly string[]): TermFilter<T> {
  const tests: ((item: T) => boolean)[] = [];
  let problem: string | null = null;
  for (const term of text.split(",").map((part) => part.trim())) {
    if (term === "") continue;
    if (!/[<>=]/.test(term)) {
      const wanted = term.toLowerCase();
      tests.push((item) => namesOf(item).some((name) => name.toLowerCase().includes(wanted)));
      continue;
    }
    const [, name = "", comparison = "", number = "", unit = ""] = COMPARISON.exec(term) ?? [];
    const field = fields.get(ALIASES.get(name.toLowerCase()) ?? name.toLowerCase());
    const compare = COMPARISONS[comparison];
    const factor = UNITS.get(unit.toLowerCase());
    if (!field || !compare || factor === undefined || Number.isNaN(Number(number))) {
      problem = `“${term}” is not understood: write ${[...fields.keys()].join(", ")}, then > or <, then a number with %, ms or s.`;
      continue;
    }
    const limit = Number(number) * factor;
    tests.push((item) => {
      const value = field(item);
      return value !== null && compare(value, limit);
    });
  }
  return { matches: (item) => tests.every((test) => test(item)), problem };
}

/** Null when there is nothing to take a share of. */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
