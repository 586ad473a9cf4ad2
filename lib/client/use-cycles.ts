// Circular dependencies of the window, typed by their traces.
"use client";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Cycles } from "../contract/cycles";
import { type GraphParams, getCycles, queryOf } from "./api";

const REFRESH_MS = 15_000;

export function useCycles(params: GraphParams, wanted: boolean, live: boolean): UseQueryResult<Cycles> {
  return useQuery({
    queryKey: ["cycles", queryOf(params)],
    queryFn: () => getCycles(params),
    enabled: wanted,
    refetchInterval: live ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });
}
