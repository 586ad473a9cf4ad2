// The far side of a span, by the span's own attributes: which node it names, and which messaging operation it is.
// Order of trust: named service > messaging destination > database > host of the server > host of a URL > bare address.
// Source: semantic-conventions (attributes), DECISIONS "Node ids" in docs/formats.md.
import { databaseNode, externalNode, type NodeIdentity, serviceNode, topicNode } from "../../domain/node";
import { Role, roleOf } from "../../domain/role";
import { SpanKind } from "../../domain/span";
import type { KnownKeyName } from "./attribute-keys";

export type PeerAttributes = Partial<Record<KnownKeyName, string>>;

export interface Peer {
  /** null when the span names nobody. */
  readonly node: NodeIdentity | null;
  readonly role: Role;
  /** The far side is a database or cache. */
  readonly database: boolean;
}

/** Present names of systems by older ones. A Map: senders choose the keys, and `constructor` is one too. */
const SYSTEM_NAMES = new Map([
  ["mssql", "microsoft.sql_server"],
  ["oracle", "oracle.db"],
  ["db2", "ibm.db2"],
  ["hanadb", "sap.hana"],
  ["dynamodb", "aws.dynamodb"],
  ["redshift", "aws.redshift"],
  ["cosmosdb", "azure.cosmosdb"],
  ["spanner", "gcp.spanner"],
  ["postgres", "postgresql"],
]);

/** Resolves one combination of attributes; a pure function of its arguments, so that callers can remember the answer. */
export function resolvePeer(kind: SpanKind, attributes: PeerAttributes, environment: string): Peer {
  if (kind === SpanKind.UNSPECIFIED || kind === SpanKind.INTERNAL) {
    return { node: null, role: Role.INTERNAL, database: false };
  }
  const a = (key: KnownKeyName): string => attributes[key] ?? "";
  const destination =
    a("messaging.destination.template") ||
    a("messaging.destination.name") ||
    a("messaging.source.name") ||
    a("messaging.destination") ||
    a("message_bus.destination") ||
    a("kafka.topic");
  const system = a("messaging.system") || (a("kafka.topic") ? "kafka" : "");
  const role = roleOf(
    kind,
    a("messaging.operation.type") || a("messaging.operation"),
    system !== "" || destination !== "",
  );
  const service = a("service.peer.name") || a("peer.service");

  if (isMessaging(kind, system, destination)) {
    // A broker that is only known as a remote service (Zipkin) is the topic's system.
    return { node: topicNode(system || service, destination, environment), role, database: false };
  }
  const dbSystem = a("db.system.name") || a("db.system");
  if (dbSystem !== "" && kind !== SpanKind.SERVER) {
    const namespace = a("db.namespace") || a("db.name") || a("db.redis.database_index") || a("db.cassandra.keyspace");
    const host = a("server.address") || a("net.peer.name") || a("peer.hostname") || hostOf(attributes) || service;
    const port = a("server.port") || a("net.peer.port");
    const name = SYSTEM_NAMES.get(dbSystem) ?? dbSystem;
    return { node: databaseNode(name, namespace, host, port, environment), role, database: true };
  }
  if (service !== "")
    return { node: serviceNode(service, a("service.peer.namespace"), environment), role, database: false };
  // The peer of a server span is its client: an address there is no service that anybody named.
  if (kind === SpanKind.SERVER) return { node: null, role, database: false };
  const host =
    a("server.address") ||
    a("net.peer.name") ||
    a("peer.hostname") ||
    withoutPort(a("http.host")) ||
    hostOf(attributes);
  return { node: host ? externalNode(host, environment) : null, role, database: false };
}

function isMessaging(kind: SpanKind, system: string, destination: string): boolean {
  if (kind === SpanKind.PRODUCER || kind === SpanKind.CONSUMER) return true;
  return kind === SpanKind.CLIENT && (system !== "" || destination !== "");
}

/** The host that the less trusted attributes name; "" when none does. */
function hostOf(attributes: PeerAttributes): string {
  const url = attributes["url.full"] || attributes["http.url"];
  return (
    (url ? hostOfUrl(url) : "") ||
    attributes["net.sock.peer.name"] ||
    attributes["network.peer.address"] ||
    attributes["net.sock.peer.addr"] ||
    attributes["net.peer.ip"] ||
    withoutPort(attributes["peer.address"] ?? "")
  );
}

/** The host of an absolute URL, without user, port and brackets; "" when it is not absolute. */
export function hostOfUrl(url: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  return authority === undefined ? "" : withoutPort(authority.slice(authority.lastIndexOf("@") + 1));
}

function withoutPort(authority: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(authority);
  if (bracketed) return bracketed[1]!;
  const colon = authority.indexOf(":");
  return colon >= 0 && colon === authority.lastIndexOf(":") ? authority.slice(0, colon) : authority;
}
