// Reachability in a directed graph given as edges. Breadth first; loops are no trouble.

export interface Arc {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface Reach {
  readonly nodes: ReadonlySet<string>;
  readonly arcs: ReadonlySet<string>;
}

/** Everything on a path through one of the nodes: what leads to them, and what they lead to, themselves included. */
export function pathsThrough(arcs: readonly Arc[], starts: readonly string[]): Reach {
  const ahead = walk(
    arcs,
    starts,
    ({ from }) => from,
    ({ to }) => to,
  );
  const behind = walk(
    arcs,
    starts,
    ({ to }) => to,
    ({ from }) => from,
  );
  return { nodes: new Set([...ahead.nodes, ...behind.nodes]), arcs: new Set([...ahead.arcs, ...behind.arcs]) };
}

/** Everything on a path through an arc. */
export function pathsThroughArc(arcs: readonly Arc[], arc: Arc): Reach {
  const ahead = walk(
    arcs,
    [arc.to],
    ({ from }) => from,
    ({ to }) => to,
  );
  const behind = walk(
    arcs,
    [arc.from],
    ({ to }) => to,
    ({ from }) => from,
  );
  return {
    nodes: new Set([...ahead.nodes, ...behind.nodes]),
    arcs: new Set([...ahead.arcs, ...behind.arcs, arc.id]),
  };
}

/** Everything that the starts lead to, themselves included. */
export const leadsTo = (arcs: readonly Arc[], starts: readonly string[]): Reach =>
  walk(
    arcs,
    starts,
    ({ from }) => from,
    ({ to }) => to,
  );

function walk(
  arcs: readonly Arc[],
  starts: readonly string[],
  near: (arc: Arc) => string,
  far: (arc: Arc) => string,
): { nodes: Set<string>; arcs: Set<string> } {
  const byNear = new Map<string, Arc[]>();
  for (const arc of arcs) {
    const list = byNear.get(near(arc));
    if (list) list.push(arc);
    else byNear.set(near(arc), [arc]);
  }
  const nodes = new Set(starts);
  const used = new Set<string>();
  const queue = [...starts];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const arc of byNear.get(at) ?? []) {
      used.add(arc.id);
      const next = far(arc);
      if (nodes.has(next)) continue;
      nodes.add(next);
      queue.push(next);
    }
  }
  return { nodes, arcs: used };
}
