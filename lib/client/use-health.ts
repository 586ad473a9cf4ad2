// Whether the server takes spans, and what else should be known of its store.
"use client";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Health } from "../contract/sources";
import { getHealth } from "./api";

const REFRESH_MS = 5_000;

export function useHealth(): UseQueryResult<Health> {
  return useQuery({ queryKey: ["health"], queryFn: getHealth, refetchInterval: REFRESH_MS, retry: false });
}
