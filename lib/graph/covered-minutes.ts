import type { Graph } from "../contract/graph";

const MS_PER_MINUTE = 60_000;

/**
 * Minutes of the window for which there can be data: from when the environment was first seen to when it was last seen. Rates
 * divide by these, because a minute before the first span is a minute without data, not one without calls. The minute that is
 * running counts as far as it has come. At least 1, at most the window's length.
 */
export function coveredMinutes({ window, nodes }: Pick<Graph, "window" | "nodes">): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { firstSeen, lastSeen } of nodes) {
    if (firstSeen) first = Math.min(first, Date.parse(firstSeen));
    if (lastSeen) last = Math.max(last, Date.parse(lastSeen));
  }
  const from = Math.max(Date.parse(window.from), first);
  const to = Math.min(Date.parse(window.until), last + MS_PER_MINUTE);
  return Math.min(window.minutes, Math.max(1, (to - from) / MS_PER_MINUTE));
}

/** The same as people count: a minute that is running is one. */
export const minutesBegun = (graph: Pick<Graph, "window" | "nodes">): number => Math.ceil(coveredMinutes(graph));
