// Calls of which edges are looked for in traces, to tell what a knot's loop is. A way round takes every edge of its loop, so the
// rarest shows most for the least traces; the edges of the cut show ways round elsewhere in the knot, and the other edges of the
// loop which operations call which.
import type { GraphEdge } from "../contract/graph";
import type { Hop, Knot } from "./find-cycles";

/** At most so many traces are looked at for one knot. */
export const MOST_TRACES = 200;
/** Of them for the other edges together, and for each. */
const MOST_OTHERS = 100;
const MOST_OF_ONE = 10;

export interface Probe {
  readonly edge: GraphEdge;
  /** At most so many traces. */
  readonly most: number;
}

/** The rarest edge of the loop first; none when the loop is only of messages that were not followed. */
export function probeEdges({ loop, hops, cut, names }: Pick<Knot, "loop" | "hops" | "cut" | "names">): Probe[] {
  // Of a message that was not followed only the sides are known: no trace holds both.
  const seen = (of: Iterable<Hop>): GraphEdge[] => [...of].flatMap(({ edges }) => (edges.length === 1 ? edges : []));
  const calls = seen(loop);
  const nameOf = ({ caller, callee }: GraphEdge): string => `${names.get(caller)}\0${names.get(callee)}`;
  const [rarest] = [...calls].sort(
    (a, b) => a.calls - b.calls || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0),
  );
  if (!rarest) return [];
  const shown = new Set(loop.flatMap(({ edges }) => edges));
  const followed = new Set(seen([...hops.values()].flat()));
  const elsewhere = cut.edges.filter((edge) => followed.has(edge) && !shown.has(edge));
  const others = [...new Set([...calls, ...elsewhere])].filter((edge) => edge !== rarest).slice(0, MOST_OTHERS);
  const each = others.length === 0 ? 0 : Math.min(MOST_OF_ONE, Math.floor(MOST_OTHERS / others.length));
  return [{ edge: rarest, most: MOST_TRACES - each * others.length }, ...others.map((edge) => ({ edge, most: each }))];
}
