// Nodes of the graph and their ids. An id is data that people copy into URLs and configuration, so it is made in one place.

export const NODE_KINDS = ["service", "database", "cache", "topic", "external", "gateway", "entry", "mesh"] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export const EDGE_KINDS = ["sync", "async", "database", "entry"] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** A node as it is known before any numbers: who it is, and in which environment. */
export interface NodeIdentity {
  readonly kind: NodeKind;
  readonly id: string;
  /** Short name for labels. */
  readonly name: string;
  /** "" when the sender did not say. */
  readonly environment: string;
  /** Technology: `postgresql`, `kafka`, a runtime; "" when unknown. */
  readonly system: string;
  /** Other ids under which it was seen, by headwater.yaml; left out without any. */
  readonly aliases?: readonly string[];
}

/** What sends spans of its own. */
export const SENDING_KINDS: ReadonlySet<NodeKind> = new Set(["service", "gateway", "mesh"]);

/** Environment of the demo traffic: real ones go before it. */
export const DEMO_ENVIRONMENT = "demo";
/** Environment of the traces with which the product watches itself: outside every count and list that people see. */
export const CANARY_ENVIRONMENT = "headwater.canary";
export const UNKNOWN_SERVICE = "unknown_service";
/** The name under which everything is counted that exceeds a limit of distinct names. */
export const OTHER = "__other__";

export const serviceId = (name: string, namespace: string): string => (namespace ? `${namespace}/${name}` : name);

const CACHES = new Set([
  "redis",
  "valkey",
  "memcached",
  "keydb",
  "dragonfly",
  "dragonflydb",
  "hazelcast",
  "ehcache",
  "infinispan",
]);

/** `db:system/namespace@host:port`, of which the parts that are known; caches differ from databases only in kind. */
export function databaseNode(
  system: string,
  namespace: string,
  host: string,
  port: string,
  environment: string,
): NodeIdentity {
  const where = host ? `@${host}${port ? `:${port}` : ""}` : "";
  return {
    kind: CACHES.has(system) ? "cache" : "database",
    id: `db:${system}${namespace ? `/${namespace}` : ""}${where}`,
    name: namespace && !/^\d+$/.test(namespace) ? namespace : host || system,
    environment,
    system,
  };
}

/** `topic:system/name`; a topic that nobody named is the system's. */
export const topicNode = (system: string, name: string, environment: string): NodeIdentity => ({
  kind: "topic",
  id: name ? `topic:${system || "unknown"}/${name}` : `topic:${system || "unknown"}`,
  name: name || system || "unknown topic",
  environment,
  system,
});

export const externalNode = (host: string, environment: string): NodeIdentity => ({
  kind: "external",
  id: `external:${host}`,
  name: host,
  environment,
  system: "",
});

export const serviceNode = (name: string, namespace: string, environment: string, system = ""): NodeIdentity => ({
  kind: "service",
  id: serviceId(name, namespace),
  name,
  environment,
  system,
});

export const entryNode = (environment: string): NodeIdentity => ({
  kind: "entry",
  id: "entry:user",
  name: "end users",
  environment,
  system: "",
});
