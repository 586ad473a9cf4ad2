// The graph of the traces that a search finds.
"use client";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { TracesGraph } from "../contract/trace";
import { type GraphParams, getTracesGraph, type MappedParams, queryOf } from "./api";

const REFRESH_MS = 15_000;

/** @param conditions null asks nothing. */
export function useTracesGraph(
  params: GraphParams,
  conditions: MappedParams | null,
  live: boolean,
): UseQueryResult<TracesGraph> {
  return useQuery({
    queryKey: ["traces graph", queryOf(params), conditions && queryOf(conditions)],
    queryFn: ({ signal }) => getTracesGraph({ ...params, ...conditions }, signal),
    enabled: conditions !== null,
    refetchInterval: live ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });
}
