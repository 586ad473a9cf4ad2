// What a node id is of, in messages.
import type { NodeKind } from "../domain/node";

export const KIND_WORDS: Record<NodeKind, string> = {
  service: "a service",
  database: "a database",
  cache: "a cache",
  topic: "a topic",
  external: "an external host",
  gateway: "a gateway",
  entry: "where end users come in",
  mesh: "a mesh",
};
