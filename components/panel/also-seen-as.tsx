import type { GraphNode } from "@/lib/contract/graph";

/** The other names that headwater.yaml counts as this node; nothing without any. */
export function AlsoSeenAs({ node }: { node: GraphNode }) {
  if (!node.aliases) return null;
  return (
    <p className="mt-0.5 text-xs text-ink-2 [overflow-wrap:anywhere]">
      also seen as <span className="font-mono text-2xs">{node.aliases.join(", ")}</span>
    </p>
  );
}
