// What screens about the graph say of names: of headwater.yaml, and of those that were too many.
import type { Configuration } from "@/lib/contract/configuration";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { OTHER } from "@/lib/domain/node";

/** Errors of the file, one by one; nothing while it is as it should be. Notices are for the screen of uptime and the API. */
export function configurationNotices(configuration: Configuration | undefined): string[] {
  if (!configuration) return [];
  const { objectives, aliases, gateways, problems } = configuration;
  const holds =
    objectives + aliases + gateways > 0 ? "What it declared before is in force." : "Nothing of it is in force.";
  return problems.flatMap(({ severity, file, line, key, message }) => {
    if (severity !== "error") return [];
    const name = file.split("/").at(-1);
    if (line === null) return [`${name}: ${message}.`];
    return [`${[`${name}, line ${line}`, key, message].filter(Boolean).join(": ")}. ${holds}`];
  });
}

/** That an address names a node by an alias; nothing when it does not. */
export const aliasNotices = (asked: string | null, node: GraphNode | undefined): string[] =>
  node && asked !== null && asked !== node.id
    ? [`“${asked}” is an alias of ${node.name} in headwater.yaml: this is ${node.name}.`]
    : [];

/** That some of what is shown is not told apart; nothing while it is. */
export const overLimitNotices = ({ nodes, environment }: Pick<Graph, "nodes" | "environment">): string[] =>
  environment === OTHER || nodes.some(({ id }) => id === OTHER)
    ? [`More distinct names came in than are kept apart: the rest is counted under ${OTHER}. Sources says how many.`]
    : [];
