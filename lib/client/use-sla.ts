// What services may promise in the window, under the changes that somebody tries.
"use client";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Sla } from "../contract/sla";
import { type GraphParams, getSla, queryOf } from "./api";

const REFRESH_MS = 10_000;

export function useSla(
  params: GraphParams,
  whatIf: readonly string[],
  wanted: boolean,
  live: boolean,
): UseQueryResult<Sla> {
  return useQuery({
    queryKey: ["sla", queryOf(params), whatIf],
    queryFn: ({ signal }) => getSla(params, whatIf, signal),
    enabled: wanted,
    refetchInterval: live ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });
}
