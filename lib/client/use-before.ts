// The graph of the window of the same length before the one that is shown.
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Graph } from "../contract/graph";
import { getGraph } from "./api";

/** Null until it is there, and when nothing asks for it. */
export function useBefore(graph: Graph | undefined, wanted: boolean): Graph | null {
  const window = graph && beforeOf(graph.window);
  const params = graph && window && { ...window, env: graph.environment, perspective: graph.perspective };
  const query = useQuery({
    queryKey: ["before", params],
    queryFn: ({ signal }) => getGraph(params!, signal),
    enabled: wanted && params !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return (wanted && query.data) || null;
}

function beforeOf({ from, to }: Graph["window"]): { from: string; to: string } {
  const start = Date.parse(from);
  return { from: new Date(start - (Date.parse(to) - start)).toISOString(), to: from };
}
