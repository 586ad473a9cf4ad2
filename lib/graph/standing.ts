// With whom a service stands in which relation, and who would fail with it: the numbers behind advice on its role. Topics are
// looked through; end users and calls of a service to itself do not count.
import type { Graph, GraphEdge, GraphNode } from "../contract/graph";
import type { NodeKind } from "../domain/node";
import { blastRadius } from "./blast-radius";
import { leadsTo } from "./reach";
import { messageWays } from "./topic-sides";

export interface Standing {
  /** Names, sorted. Who calls it, and who works on its messages. */
  readonly callers: readonly string[];
  readonly consumers: readonly string[];
  /** Those of the consumers that do not fail when it fails. */
  readonly waiting: readonly string[];
  /** What it calls, and whose messages it works on; what it stores in. */
  readonly callees: readonly string[];
  readonly producers: readonly string[];
  readonly stores: readonly string[];
  /** Those of the stores that are caches. */
  readonly caches: readonly string[];
  /** What it calls, stores too, with calls and failures of all its edges there; most failures first, then most calls. */
  readonly called: readonly {
    readonly name: string;
    readonly store: boolean;
    readonly calls: number;
    readonly errors: number;
  }[];
  /** How many more it needs through those. */
  readonly neededThrough: number;
  /** Services that fail when it fails, and the share of calls from outside that do; null when none comes in. */
  readonly failing: number;
  readonly entryShare: number | null;
  /** Whether end users call it. */
  readonly users: boolean;
}

const SERVICES: ReadonlySet<NodeKind> = new Set(["service", "gateway", "external", "mesh"]);
const CACHES: ReadonlySet<NodeKind> = new Set(["cache"]);
const STORES: ReadonlySet<NodeKind> = new Set(["database", "cache"]);

/** Null for what has no role: databases, topics, end users, and what the graph does not have. */
export function standingOf(graph: Graph, id: string): Standing | null {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const own = nodes.get(id);
  if (!own || !SERVICES.has(own.kind)) return null;
  const edges = graph.edges.filter(({ caller, callee }) => caller !== callee);
  const needed = edges.filter(({ kind }) => kind !== "async" && kind !== "entry");
  const names = (ids: Iterable<string>, kinds: ReadonlySet<NodeKind>): string[] =>
    [...new Set(ids)]
      .flatMap((other) => {
        const node = nodes.get(other);
        return node && other !== id ? [node] : [];
      })
      .filter(({ kind }) => kinds.has(kind))
      .map(({ name }) => name)
      .sort();
  const near = needed.filter(({ caller }) => caller === id).map(({ callee }) => callee);
  const all = leadsTo(
    needed.map((edge) => ({ id: edge.id, from: edge.caller, to: edge.callee })),
    [id],
  ).nodes;
  const radius = blastRadius(graph, id)!;
  const messages = edges.filter(({ kind }) => kind === "async");
  const isTopic = (other: string): boolean => nodes.get(other)?.kind === "topic";
  // A message that names no topic goes from service to service.
  const ways = [...messages.filter(({ via }) => via === null), ...messageWays(messages, isTopic)];
  const consuming = ways.filter(({ caller }) => caller === id).map(({ callee }) => callee);
  return {
    callers: names(
      needed.filter(({ callee }) => callee === id).map(({ caller }) => caller),
      SERVICES,
    ),
    consumers: names(consuming, SERVICES),
    waiting: names(
      consuming.filter((other) => !radius.reach.has(other)),
      SERVICES,
    ),
    callees: names(near, SERVICES),
    producers: names(
      ways.filter(({ callee }) => callee === id).map(({ caller }) => caller),
      SERVICES,
    ),
    stores: names(near, STORES),
    caches: names(near, CACHES),
    called: calledBy(needed, nodes, id),
    neededThrough: all.size - 1 - new Set(near).size,
    failing: [...radius.direct, ...radius.indirect].filter((other) => SERVICES.has(nodes.get(other)!.kind)).length,
    entryShare: radius.entryShare,
    users: graph.edges.some(({ kind, callee }) => kind === "entry" && callee === id),
  };
}

function calledBy(needed: readonly GraphEdge[], nodes: ReadonlyMap<string, GraphNode>, id: string): Standing["called"] {
  const totals = new Map<string, { calls: number; errors: number }>();
  for (const { caller, callee, calls, errors } of needed) {
    if (caller !== id) continue;
    const known = totals.get(callee) ?? { calls: 0, errors: 0 };
    totals.set(callee, { calls: known.calls + calls, errors: known.errors + errors });
  }
  return [...totals]
    .flatMap(([callee, total]) => {
      const node = nodes.get(callee);
      return node ? [{ name: node.name, store: STORES.has(node.kind), ...total }] : [];
    })
    .sort((a, b) => b.errors - a.errors || b.calls - a.calls || (a.name < b.name ? -1 : 1));
}
