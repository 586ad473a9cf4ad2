// Versions of services, as their senders name them.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { getSources } from "@/lib/client/api";
import type { GraphNode } from "@/lib/contract/graph";
import type { Sources } from "@/lib/contract/sources";

const REFRESH_MS = 30_000;

/** By service: each version once, the one that spans came from last first. Services that name none are not in it. */
export function versionsOf(senders: Sources["senders"], environment: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const latestFirst = senders
    .filter((sender) => sender.environment === environment && sender.version !== "")
    .sort((a, b) => (a.lastAt === b.lastAt ? 0 : a.lastAt < b.lastAt ? 1 : -1));
  for (const { service, version } of latestFirst) {
    const known = found.get(service);
    if (!known) found.set(service, [version]);
    else if (!known.includes(version)) known.push(version);
  }
  return found;
}

/** Of a node under every name that it has, its own first. */
export const versionsOfNode = (
  versions: ReadonlyMap<string, readonly string[]>,
  { id, aliases = [] }: Pick<GraphNode, "id" | "aliases">,
): readonly string[] => [...new Set([id, ...aliases].flatMap((name) => versions.get(name) ?? []))];

/** The same since the server started; empty until they are known. */
export function useVersions(environment: string): ReadonlyMap<string, readonly string[]> {
  const { data } = useQuery({ queryKey: ["sources"], queryFn: getSources, refetchInterval: REFRESH_MS });
  return useMemo(() => versionsOf(data?.senders ?? [], environment), [data, environment]);
}
