// A filter over edges as people type it: `payments, errors > 1 %, p99 > 500 ms`. Terms are joined by commas and all must hold;
// a term without a comparison is looked for in the names.
import type { Graph, GraphEdge } from "../contract/graph";
import { coveredMinutes } from "./covered-minutes";

export interface EdgeFilter {
  readonly matches: (edge: GraphEdge) => boolean;
  /** What could not be understood; null when all was. */
  readonly problem: string | null;
}

type Field = (edge: GraphEdge, minutes: number) => number | null;

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Values in base units: shares of one, milliseconds, calls a minute. */
const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries<Field>({
    errors: (edge) => share(edge.errors, edge.calls),
    fault: (edge) => share(edge.errorsBy.callee, edge.calls),
    rate: (edge, minutes) => edge.calls / minutes,
    p50: (edge) => edge.latency.client.p50Ms ?? edge.latency.server.p50Ms,
    p90: (edge) => edge.latency.client.p90Ms ?? edge.latency.server.p90Ms,
    p99: (edge) => edge.latency.client.p99Ms ?? edge.latency.server.p99Ms,
    paired: (edge) => share(edge.confidence.paired, edge.confidence.n),
  }),
);
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

/** An edge without a measurement of a compared field does not match: missing is not zero. */
export function edgeFilter(text: string, graph: Graph): EdgeFilter {
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  const minutes = coveredMinutes(graph);
  const tests: ((edge: GraphEdge) => boolean)[] = [];
  let problem: string | null = null;
  for (const term of text.split(",").map((part) => part.trim())) {
    if (term === "") continue;
    if (!/[<>=]/.test(term)) {
      const wanted = term.toLowerCase();
      tests.push(({ caller, callee, via }) =>
        [caller, callee, via ?? ""].some((id) => `${id} ${names.get(id) ?? ""}`.toLowerCase().includes(wanted)),
      );
      continue;
    }
    const [, name = "", comparison = "", number = "", unit = ""] = COMPARISON.exec(term) ?? [];
    const field = FIELDS.get(ALIASES.get(name.toLowerCase()) ?? name.toLowerCase());
    const compare = COMPARISONS[comparison];
    const factor = UNITS.get(unit.toLowerCase());
    if (!field || !compare || factor === undefined || Number.isNaN(Number(number))) {
      problem = `“${term}” is not understood: write ${[...FIELDS.keys()].join(", ")}, then > or <, then a number with %, ms or s.`;
      continue;
    }
    const limit = Number(number) * factor;
    tests.push((edge) => {
      const value = field(edge, minutes);
      return value !== null && compare(value, limit);
    });
  }
  return { matches: (edge) => tests.every((test) => test(edge)), problem };
}
