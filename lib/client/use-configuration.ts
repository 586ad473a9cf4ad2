// What headwater.yaml declares, and what is wrong with it.
"use client";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Configuration } from "../contract/configuration";
import { type GraphParams, getConfiguration, queryOf } from "./api";

const REFRESH_MS = 10_000;

/** Asked again also where the window is in the past: the file may be edited meanwhile. */
export function useConfiguration(params: GraphParams): UseQueryResult<Configuration> {
  return useQuery({
    queryKey: ["configuration", queryOf(params)],
    queryFn: ({ signal }) => getConfiguration(params, signal),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}
