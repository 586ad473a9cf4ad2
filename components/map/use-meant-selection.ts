"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type GraphParams, getEdge, queryOf } from "@/lib/client/api";
import type { Graph } from "@/lib/contract/graph";
import { nodeMeant } from "@/lib/graph/node-meant";
import type { Selection } from "../shell/use-view";

/**
 * What an address selects, by the ids that the graph has: an alias means its node, an edge of an alias the one that it is
 * counted on. What the graph knows neither way stays as it is. Edges have ids made of names, so the server is asked for those.
 */
export function useMeantSelection(graph: Graph, selection: Selection | null, params: GraphParams): Selection | null {
  const old =
    selection?.kind === "edge" &&
    graph.nodes.some(({ aliases }) => aliases) &&
    !graph.edges.some(({ id }) => id === selection.id)
      ? selection.id
      : null;
  const asked = { ...params, env: graph.environment };
  const answer = useQuery({
    queryKey: ["edge meant", queryOf(asked), old],
    queryFn: () => getEdge(asked, old!),
    enabled: old !== null,
    retry: false,
  });
  const { kind, id } = selection ?? {};
  const meant = kind === "node" ? nodeMeant(graph, id!)?.id : old === null ? undefined : answer.data?.edge.id;
  // The same object as long as it says the same: what is drawn depends on it.
  return useMemo(() => (kind === undefined ? null : { kind, id: meant ?? id! }), [kind, id, meant]);
}
