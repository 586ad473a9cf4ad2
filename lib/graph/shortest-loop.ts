// The shortest way from a vertex back to itself, over all vertices of a strongly connected component.

/**
 * @param out callees of each vertex within the component, by index.
 * @returns vertices in order, the first not repeated; of several loops of the same length the one that starts at the vertex
 * with the lowest index. Empty when nothing leads back.
 */
export function shortestLoop(out: readonly (readonly number[])[]): number[] {
  const size = out.length;
  const from = new Int32Array(size);
  const depth = new Int32Array(size);
  const queue = new Int32Array(size);
  // As many arcs as vertices are a ring, which is found from anywhere.
  const starts = out.reduce((arcs, { length }) => arcs + length, 0) === size ? 1 : size;
  let best: number[] = [];
  for (let start = 0; start < starts && best.length !== 2; start++) {
    depth.fill(-1);
    depth[start] = 0;
    queue[0] = start;
    let last = -1;
    search: for (let head = 0, tail = 1; head < tail; head++) {
      const at = queue[head]!;
      if (best.length > 0 && depth[at]! + 1 >= best.length) break;
      for (const to of out[at]!) {
        if (to === start && at !== start) {
          last = at;
          break search;
        }
        if (depth[to] !== -1) continue;
        depth[to] = depth[at]! + 1;
        from[to] = at;
        queue[tail++] = to;
      }
    }
    if (last === -1) continue;
    best = [];
    for (let at = last; at !== start; at = from[at]!) best.unshift(at);
    best.unshift(start);
  }
  return best;
}
