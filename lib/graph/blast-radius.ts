// Who fails when one node fails, from the structure alone: every call is taken as needed, the calls of one request as
// independent of each other, and messages as not needed by their publisher.
// Source: docs/architecture.md, "Blast radius"; the classic reachability bound with call probabilities.
import type { Graph, GraphEdge } from "../contract/graph";

export interface Entry {
  /** Caller and callee ids of the calls that come in. */
  readonly caller: string;
  readonly callee: string;
  readonly calls: number;
  /** Share of them that reaches the node, in [0, 1]. */
  readonly share: number;
}

export interface BlastRadius {
  readonly node: string;
  /** Who calls it, ids sorted. */
  readonly direct: readonly string[];
  /** Who needs it through others, ids sorted. */
  readonly indirect: readonly string[];
  /** Share of a node's requests that reaches the failing one, for every node that needs it, itself included with 1. */
  readonly reach: ReadonlyMap<string, number>;
  /** Ids of edges over which the failure spreads. */
  readonly edges: ReadonlySet<string>;
  /** Share of all calls from outside that reaches it; null when nothing comes in from outside. */
  readonly entryShare: number | null;
  /** Largest contribution first. */
  readonly entries: readonly Entry[];
}

const MOST_ROUNDS = 200;
const CLOSE = 1e-9;

/** Null when the graph does not have the node. */
export function blastRadius(graph: Graph, node: string): BlastRadius | null {
  if (!graph.nodes.some(({ id }) => id === node)) return null;
  const needed = graph.edges.filter(
    ({ kind, calls, caller, callee }) => kind !== "async" && calls > 0 && caller !== callee,
  );
  const requests = requestsOf(graph, needed);
  const byCaller = new Map<string, GraphEdge[]>();
  for (const edge of needed) byCaller.set(edge.caller, [...(byCaller.get(edge.caller) ?? []), edge]);
  const chance = (edge: GraphEdge): number => Math.min(1, edge.calls / (requests.get(edge.caller) || edge.calls));

  // From nothing upwards: each round lets the failure spread by one hop, loops settle.
  const reach = new Map([[node, 1]]);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = 0;
    for (const [caller, edges] of byCaller) {
      if (caller === node) continue;
      const spared = edges.reduce((product, edge) => product * (1 - chance(edge) * (reach.get(edge.callee) ?? 0)), 1);
      const next = 1 - spared;
      moved = Math.max(moved, next - (reach.get(caller) ?? 0));
      if (next > 0) reach.set(caller, next);
    }
    if (moved < CLOSE) break;
  }

  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
  // What consumes messages works for somebody inside, at another time.
  const inbound = new Set(graph.edges.filter(({ calls }) => calls > 0).map(({ callee }) => callee));
  const fromOutside = ({ caller }: GraphEdge): boolean => kinds.get(caller) === "entry" || !inbound.has(caller);
  const incoming = needed.filter((edge) => fromOutside(edge) && edge.caller !== node);
  const entries = incoming
    .map(({ caller, callee, calls }) => ({ caller, callee, calls, share: reach.get(callee) ?? 0 }))
    .sort((a, b) => b.calls * b.share - a.calls * a.share || (a.callee < b.callee ? -1 : 1));
  const total = entries.reduce((sum, { calls }) => sum + calls, 0);
  const direct = new Set(needed.filter(({ callee }) => callee === node).map(({ caller }) => caller));
  return {
    node,
    direct: [...direct].sort(),
    indirect: [...reach.keys()].filter((id) => id !== node && !direct.has(id)).sort(),
    reach,
    edges: new Set(needed.filter(({ callee, caller }) => reach.has(callee) && reach.has(caller)).map(({ id }) => id)),
    entryShare: total === 0 ? null : entries.reduce((sum, { calls, share }) => sum + calls * share, 0) / total,
    entries: entries.filter(({ share }) => share > 0),
  };
}

/** Requests that a node handles: what it recorded, or the calls that reached it. */
function requestsOf(graph: Graph, needed: readonly GraphEdge[]): Map<string, number> {
  const inbound = new Map<string, number>();
  for (const { callee, calls } of needed) inbound.set(callee, (inbound.get(callee) ?? 0) + calls);
  return new Map(graph.nodes.map(({ id, calls }) => [id, calls || (inbound.get(id) ?? 0)]));
}
