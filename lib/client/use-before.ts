// The graph of the window of the same length before the one that is shown.
"use client";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Graph } from "../contract/graph";
import { getGraph } from "./api";

export function useBefore(graph: Graph | undefined, wanted: boolean): UseQueryResult<Graph> {
  const window = graph && beforeOf(graph.window);
  const params = graph && window && { ...window, env: graph.environment, perspective: graph.perspective };
  return useQuery({
    queryKey: ["before", params],
    queryFn: ({ signal }) => getGraph(params!, signal),
    enabled: wanted && params !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

function beforeOf({ from, to }: Graph["window"]): { from: string; to: string } {
  const start = Date.parse(from);
  return { from: new Date(start - (Date.parse(to) - start)).toISOString(), to: from };
}
