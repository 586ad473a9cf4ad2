// What there is at all, for a window that shows nothing: whether spans have ever come, and where the newest of them lie.
"use client";
import { useQuery } from "@tanstack/react-query";
import type { Graph } from "../contract/graph";
import { getGraph } from "./api";

/** As far back as the API answers in one go. */
const EVERYTHING = "400d";
const REFRESH_MS = 3_000;

/** The graph of everything stored, asked for while the one shown is empty; null when it is not, and until it is known. */
export function useStored(shown: Pick<Graph, "nodes"> | null): Graph | null {
  const empty = shown?.nodes.length === 0;
  const { data } = useQuery({
    queryKey: ["graph of everything"],
    queryFn: ({ signal }) => getGraph({ last: EVERYTHING }, signal),
    enabled: empty,
    refetchInterval: ({ state }) => (state.data === undefined || isFirstRun(state.data) ? REFRESH_MS : false),
  });
  return (empty && data) || null;
}

/** Whether nothing is stored. @param stored null is not known. */
export const isFirstRun = (stored: Graph | null): boolean => stored?.environments.length === 0;

const MS_PER_MINUTE = 60_000;
const WIDEST_MS = 60 * MS_PER_MINUTE;

/** The last hour with data, in whole minutes; null without any. */
export function newestWindow({ nodes }: Pick<Graph, "nodes">): { from: string; to: string } | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { firstSeen, lastSeen } of nodes) {
    if (firstSeen) first = Math.min(first, Date.parse(firstSeen));
    if (lastSeen) last = Math.max(last, Date.parse(lastSeen));
  }
  if (last < first) return null;
  const to = last + MS_PER_MINUTE;
  return { from: new Date(Math.max(first, to - WIDEST_MS)).toISOString(), to: new Date(to).toISOString() };
}
