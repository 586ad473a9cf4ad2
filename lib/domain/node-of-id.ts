// What an id says of its node, for names that people wrote and nobody was seen under.
import {
  databaseNode,
  entryNode,
  externalNode,
  type NodeIdentity,
  type NodeKind,
  serviceNode,
  topicNode,
} from "./node";

const PREFIXES: readonly (readonly [prefix: string, kind: NodeKind])[] = [
  ["db:", "database"],
  ["topic:", "topic"],
  ["external:", "external"],
  ["entry:", "entry"],
];

/** The kind of node that an id is of; caches are databases, and what has no prefix is a service. */
export const kindOfId = (id: string): NodeKind => PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? "service";

/** A node of which nothing is known but its id. */
export const nodeOfId = (id: string, environment: string): NodeIdentity => ({ ...readId(id, environment), id });

function readId(id: string, environment: string): NodeIdentity {
  const kind = kindOfId(id);
  if (kind === "entry") return entryNode(environment);
  if (kind === "service") {
    const at = id.lastIndexOf("/");
    return serviceNode(id.slice(at + 1), id.slice(0, Math.max(0, at)), environment);
  }
  const rest = id.slice(id.indexOf(":") + 1);
  if (kind === "external") return externalNode(rest, environment);
  if (kind === "topic") {
    const [system = "", ...name] = rest.split("/");
    return topicNode(system, name.join("/"), environment);
  }
  const [, system = rest, namespace = "", host = "", port = ""] =
    /^([^/@]*)(?:\/([^@]*))?(?:@(.*?)(?::(\d+))?)?$/.exec(rest) ?? [];
  return databaseNode(system, namespace, host, port, environment);
}
