// What stands for a node where people read: its short name, or its id where that name alone could mean two nodes.
import type { Graph, GraphNode } from "../contract/graph";
import { oneLine } from "../domain/issue";

const LONGEST = 120;
// Marks that turn the direction of text, or take no room: with them a name can look like another one.
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A sender's text on one line, without what would steer a terminal or deceive a reader; at most 120 characters. */
export const plainText = (text: string): string => oneLine(text.replace(INVISIBLE, ""), LONGEST);

/** The label of each node of a graph, by node id; distinct wherever the ids are. An id that is no node stands for itself. */
export function labelsOf({ nodes }: Graph): (id: string) => string {
  const owners = new Map<string, number>();
  for (const { name } of nodes) owners.set(name, (owners.get(name) ?? 0) + 1);
  const label = ({ id, name }: GraphNode): string => (name === "" || owners.get(name) !== 1 ? id : name);
  const labels = new Map(nodes.map((node) => [node.id, plainText(label(node))]));
  return (id) => labels.get(id) ?? plainText(id);
}

/** The environment as people read it: spans that name none are in one of their own. */
export const environmentLabel = (environment: string): string => plainText(environment) || "(no environment)";
