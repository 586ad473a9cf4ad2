// The graph of the earlier window that the one which is shown is compared with.
"use client";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Graph } from "../contract/graph";
import { type Baseline, baselineWindow } from "../overlays/baseline";
import { getGraph } from "./api";

/** @param baseline which window; null asks for none. */
export function useBefore(graph: Graph | undefined, baseline: Baseline | null): UseQueryResult<Graph> {
  const params = graph &&
    baseline && {
      ...baselineWindow(graph.window, baseline),
      env: graph.environment,
      perspective: graph.perspective,
    };
  return useQuery({
    queryKey: ["before", baseline, params],
    queryFn: ({ signal }) => getGraph(params!, signal),
    enabled: !!params,
    staleTime: Number.POSITIVE_INFINITY,
    // Of another minute the numbers are as good; of another comparison they are not.
    placeholderData: (previous, query) => (query?.queryKey[1] === baseline ? previous : undefined),
  });
}
