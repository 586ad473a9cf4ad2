// Where each service stands: upstream, downstream, both, or alone. PRODUCT "The words": the meaning depends on the chosen
// perspective, so the answer does too; calls and arrows do not. Topics are looked through; databases, caches, entries and
// calls of a service to itself do not count; external hosts and gateways do.
import type { Graph, Perspective, ServiceRole } from "../contract/graph";
import type { EdgeKind, NodeKind } from "../domain/node";

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

  const topics = new Map<string, { producers: Set<string>; consumers: Set<string> }>();
  for (const { caller, callee, via, kind } of edges) {
    const topic = via ?? [callee, caller].find((id) => kinds.get(id) === "topic");
    if (topic !== undefined) {
      const sides = topics.get(topic) ?? { producers: new Set(), consumers: new Set() };
      topics.set(topic, sides);
      sides.producers.add(caller);
      sides.consumers.add(callee);
    } else if (kind === "async" || perspective === "request-flow") flow(caller, callee);
    else flow(callee, caller);
  }
  // A side that was never seen stands here as the topic itself, which does not count.
  for (const { producers, consumers } of topics.values()) {
    for (const producer of producers) for (const consumer of consumers) flow(producer, consumer);
  }

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
