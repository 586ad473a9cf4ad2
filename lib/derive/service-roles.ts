// Where each service stands: upstream, downstream, both, or alone. PRODUCT "The words": the meaning depends on the chosen
// perspective, so the answer does too; calls and arrows do not. Topics are looked through; databases, caches, entries and
// calls of a service to itself do not count; external hosts and gateways do.
import type { Graph, Perspective, ServiceRole } from "../contract/graph";
import type { EdgeKind, NodeKind } from "../domain/node";
import { messageWays } from "../graph/topic-sides";

export interface RoleNode {
  readonly id: string;
  readonly kind: NodeKind;
}

export interface RoleEdge {
  readonly caller: string;
  readonly callee: string;
  /** The topic of a delivery whose both sides were seen, else null. */
  readonly via: string | null;
  readonly kind: EdgeKind;
}

const COUNTED: ReadonlySet<NodeKind> = new Set(["service", "gateway", "external", "mesh"]);

/** The role of every node that can have one; nodes that cannot are left out. */
export function serviceRoles(
  nodes: readonly RoleNode[],
  edges: readonly RoleEdge[],
  perspective: Perspective,
): Map<string, ServiceRole> {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const isFed = new Set<string>();
  const feeds = new Set<string>();
  const counts = (id: string): boolean => COUNTED.has(kinds.get(id)!);
  const flow = (from: string, to: string): void => {
    if (from === to || !counts(from) || !counts(to)) return;
    feeds.add(from);
    isFed.add(to);
  };

  const isTopic = (id: string): boolean => kinds.get(id) === "topic";
  for (const { caller, callee, via, kind } of edges) {
    if (via !== null || isTopic(caller) || isTopic(callee)) continue;
    if (kind === "async" || perspective === "request-flow") flow(caller, callee);
    else flow(callee, caller);
  }
  for (const { caller, callee } of messageWays(edges, isTopic)) flow(caller, callee);

  const roles = new Map<string, ServiceRole>();
  for (const { id, kind } of nodes) {
    if (!COUNTED.has(kind)) continue;
    const giving = feeds.has(id);
    const taking = isFed.has(id);
    roles.set(id, giving && taking ? "both" : giving ? "upstream" : taking ? "downstream" : "isolated");
  }
  return roles;
}

/** The same graph under another perspective: only the roles are others. */
export function inPerspective(graph: Graph, perspective: Perspective): Graph {
  const roles = serviceRoles(graph.nodes, graph.edges, perspective);
  return { ...graph, perspective, nodes: graph.nodes.map((node) => ({ ...node, role: roles.get(node.id) ?? null })) };
}
