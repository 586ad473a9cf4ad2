// The ceiling from everything that a request can reach over calls, each service once with its own availability: a shared
// callee costs once, and a loop costs what its members cost. Nothing recurses.
import { exact } from "./availability";
import type { GraphIndex } from "./callees";

export interface Reach {
  readonly id: string;
  /** Share of the failures there that a caller's failure follows from: chance of the call, less what a fallback takes. */
  readonly weight: number;
}

/**
 * @param callees whom a node calls; empty for what calls nobody.
 * @param own availability of a node itself; null when unknown, which limits nothing.
 * @returns Π (1 − chance to be reached × (1 − own)) over all but `start`; the chance is that of the likeliest path.
 */
export function reachableCeiling(
  graph: GraphIndex,
  start: string,
  callees: (id: string) => readonly Reach[],
  own: (id: string) => number | null,
): number {
  let left = 1;
  for (const [id, chance] of reached(start, callees)) {
    if (id !== start && graph.nodes.has(id)) left *= 1 - chance * (1 - (own(id) ?? 1));
  }
  return exact(left);
}

/** Chance to be reached, by node: the largest product along any path. A longer way round a loop is never likelier. */
function reached(start: string, callees: (id: string) => readonly Reach[]): Map<string, number> {
  const chances = new Map([[start, 1]]);
  const open = [start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const chance = chances.get(id)!;
    for (const { id: next, weight } of callees(id)) {
      const along = chance * weight;
      if (along <= (chances.get(next) ?? 0)) continue;
      chances.set(next, along);
      open.push(next);
    }
  }
  return chances;
}
