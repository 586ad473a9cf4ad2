// Which arcs to remove so that no loop is left, at the least traffic (a minimum feedback arc set): exact for up to 12 vertices,
// else greedy.

export interface WeightedArc {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

export interface Cut {
  /** Indices into the arcs, ascending. */
  readonly arcs: readonly number[];
  /** There is no cut of less weight. */
  readonly exact: boolean;
}

const MOST_EXACT = 12;

/** @param size vertices 0 … size - 1 are strongly connected; arcs from a vertex to itself must not be among `arcs`. */
export function cheapestCut(size: number, arcs: readonly WeightedArc[]): Cut {
  if (arcs.length === size) return { arcs: [lightest(arcs)], exact: true }; // a ring
  return size <= MOST_EXACT
    ? { arcs: byOrder(size, arcs), exact: true }
    : { arcs: byKeepingTheBusiest(size, arcs), exact: false };
}

const lightest = (arcs: readonly WeightedArc[]): number =>
  arcs.reduce((best, { weight }, arc) => (weight < arcs[best]!.weight ? arc : best), 0);

/** Best order of the vertices by dynamic programming over the sets of those that come first; the cut is what points back. */
function byOrder(size: number, arcs: readonly WeightedArc[]): number[] {
  const sets = 1 << size;
  /** Weight from one vertex into a set. */
  const into = Array.from({ length: size }, () => new Float64Array(sets));
  for (const { from, to, weight } of arcs) into[from]![1 << to]! += weight;
  for (const row of into) {
    for (let set = 1; set < sets; set++) {
      const low = set & -set;
      if (set !== low) row[set] = row[low]! + row[set ^ low]!;
    }
  }
  const cost = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
  const last = new Int8Array(sets);
  cost[0] = 0;
  for (let set = 1; set < sets; set++) {
    for (let vertex = 0; vertex < size; vertex++) {
      if ((set & (1 << vertex)) === 0) continue;
      const before = set ^ (1 << vertex);
      const total = cost[before]! + into[vertex]![before]!;
      if (total < cost[set]!) {
        cost[set] = total;
        last[set] = vertex;
      }
    }
  }
  const position = new Int32Array(size);
  for (let set = sets - 1, at = size - 1; set > 0; at--) {
    position[last[set]!] = at;
    set ^= 1 << last[set]!;
  }
  return arcs.flatMap(({ from, to }, arc) => (position[from]! > position[to]! ? [arc] : []));
}

/**
 * Keeps the busiest arcs as long as they close no loop; the rest is the cut. The order of the kept graph is maintained as arcs
 * come (D. Pearce and P. Kelly, "A dynamic topological sort algorithm", 2006).
 */
function byKeepingTheBusiest(size: number, arcs: readonly WeightedArc[]): number[] {
  const position = Int32Array.from({ length: size }, (_, vertex) => vertex);
  const out: number[][] = Array.from({ length: size }, () => []);
  const back: number[][] = Array.from({ length: size }, () => []);
  const seen = new Int32Array(size).fill(-1);
  const cut: number[] = [];
  const byWeight = arcs.map((_, arc) => arc).sort((a, b) => arcs[b]!.weight - arcs[a]!.weight || a - b);
  for (const arc of byWeight) {
    const { from, to } = arcs[arc]!;
    const walk = (start: number, along: readonly number[][], within: (vertex: number) => boolean): number[] => {
      const reached = [start];
      seen[start] = arc;
      for (let head = 0; head < reached.length; head++) {
        for (const next of along[reached[head]!]!) {
          if (seen[next] === arc || !within(next)) continue;
          seen[next] = arc;
          reached.push(next);
        }
      }
      return reached;
    };
    if (position[to]! < position[from]!) {
      const highest = position[from]!;
      const lowest = position[to]!;
      const ahead = walk(to, out, (vertex) => position[vertex]! <= highest);
      if (seen[from] === arc) {
        cut.push(arc);
        continue;
      }
      const behind = walk(from, back, (vertex) => position[vertex]! >= lowest);
      const byPosition = (a: number, b: number): number => position[a]! - position[b]!;
      const moved = [...behind.sort(byPosition), ...ahead.sort(byPosition)];
      const places = moved.map((vertex) => position[vertex]!).sort((a, b) => a - b);
      for (const [i, vertex] of moved.entries()) position[vertex] = places[i]!;
    }
    out[from]!.push(to);
    back[to]!.push(from);
  }
  return cut.sort((a, b) => a - b);
}
