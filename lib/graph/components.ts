// Strongly connected components of a directed graph: which vertices can reach each other. Tarjan's algorithm with a stack of
// its own, so that a chain of any length is no trouble.
// Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972.

/**
 * @param out callees of each vertex, by index.
 * @returns components of two vertices and more, each in ascending order; vertices that stand alone are left out.
 */
export function components(out: readonly (readonly number[])[]): number[][] {
  const size = out.length;
  const index = new Int32Array(size);
  const low = new Int32Array(size);
  const next = new Int32Array(size);
  const open = new Uint8Array(size);
  const stack: number[] = [];
  const path: number[] = [];
  const found: number[][] = [];
  let counter = 0;
  for (let root = 0; root < size; root++) {
    if (index[root] !== 0) continue;
    path.push(root);
    while (path.length > 0) {
      const at = path[path.length - 1]!;
      if (index[at] === 0) {
        index[at] = low[at] = ++counter;
        open[at] = 1;
        stack.push(at);
      }
      const to = out[at]![next[at]!];
      if (to !== undefined) {
        if (index[to] === 0) path.push(to);
        else {
          if (open[to] === 1) low[at] = Math.min(low[at]!, low[to]!);
          next[at]!++;
        }
        continue;
      }
      path.pop();
      if (low[at] !== index[at]) continue;
      const component = stack.splice(stack.lastIndexOf(at));
      for (const vertex of component) open[vertex] = 0;
      if (component.length > 1) found.push(component.sort((a, b) => a - b));
    }
  }
  return found.sort((a, b) => a[0]! - b[0]!);
}
