// Where each service stands: upstream, downstream, both, or alone. PRODUCT "The words": the meaning depends on the chosen
// perspective, so the answer does too; calls and arrows do not. Topics are looked through; databases, caches, entries and
// calls of a service to itself do not count; external hosts and gateways do.
import type { Perspective, ServiceRole } from "../contract/graph";
import type { EdgeKind, NodeKind } from "../domain/node";

export interface RoleNode {
  readonly id: string;
  readonly kind: NodeKind;
}

export interface RoleEdge {
  readonly caller: string;
  readonly callee: string;
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
  const flow = (from: string, to: string): void => {
    if (from === to) return;
    feeds.add(from);
    isFed.add(to);
  };

  const producers = new Map<string, string[]>();
  const consumers = new Map<string, string[]>();
  const note = (map: Map<string, string[]>, topic: string, service: string): void => {
    map.set(topic, [...(map.get(topic) ?? []), service]);
  };
  for (const { caller, callee, kind } of edges) {
    if (kind === "database" || kind === "entry") continue;
    if (kinds.get(callee) === "topic") note(producers, callee, caller);
    else if (kinds.get(caller) === "topic") note(consumers, caller, callee);
    else if (kind === "async") flow(caller, callee);
    else if (perspective === "data-flow") flow(callee, caller);
    else flow(caller, callee);
  }
  for (const [topic, from] of producers) {
    for (const producer of from) for (const consumer of consumers.get(topic) ?? []) flow(producer, consumer);
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
