import type { GraphEdge } from "@/lib/contract/graph";
import { pathsThrough, pathsThroughArc } from "@/lib/graph/reach";
import type { Spotlight } from "@/lib/overlays/overlay";
import type { MapModel } from "./map-model";
import type { Emphasis } from "./painter";

export type Selected = { readonly kind: "node" | "edge"; readonly id: string };

/** Everything on a path through what is selected. Null when nothing is, or when it is not on the map. */
export function emphasisOf(model: MapModel, selected: Selected | null): Emphasis | null {
  if (!selected) return null;
  if (selected.kind === "node") {
    if (!model.nodeById.has(selected.id)) return null;
    const { nodes, arcs } = pathsThrough(model.arcs, [selected.id]);
    return { nodes, arcs, selectedNode: selected.id, selectedArcs: new Set() };
  }
  const hops = arcsOfEdge(model, selected.id);
  if (hops.length === 0) return null;
  const reaches = hops.map((arc) => pathsThroughArc(model.arcs, arc));
  return {
    nodes: new Set(reaches.flatMap(({ nodes }) => [...nodes])),
    arcs: new Set(reaches.flatMap(({ arcs }) => [...arcs])),
    selectedNode: null,
    selectedArcs: new Set(hops.map(({ id }) => id)),
  };
}

/** What an overlay lights up, and what is selected. */
export function emphasisOfSpotlight(
  model: MapModel,
  { nodes, edges, text }: Spotlight,
  selected: Selected | null,
): Emphasis {
  const arcs = model.arcs.filter((arc) => arc.edges.some(({ id }) => edges.has(id)));
  return {
    nodes,
    arcs: new Set(arcs.map(({ id }) => id)),
    selectedNode: selected?.kind === "node" ? selected.id : null,
    selectedArcs: new Set(selected?.kind === "edge" ? arcsOfEdge(model, selected.id).map(({ id }) => id) : []),
    ...(text !== undefined && { text }),
  };
}

const arcsOfEdge = (model: MapModel, id: GraphEdge["id"]) =>
  model.arcs.filter(({ edges }) => edges.some((edge) => edge.id === id));
