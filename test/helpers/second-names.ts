// Spans of senders that go by two names: in every other trace a service, a host, a database or a topic has its second one.
import type { DeclaredNames } from "@/lib/domain/declared-names";
import type { Attribute, Span } from "@/lib/domain/span";
import type { Random } from "@/lib/simulate/random";

/** What stands after a second name; it sorts where the first one does. */
const MARK = "~";
/** Attributes by which a sender is named, and by which it names others. */
const OF_SENDER = new Set(["service.name"]);
const OF_OTHERS = new Set(["peer.service", "server.address", "messaging.destination.name"]);

export interface SecondNames {
  readonly services: boolean;
  /** Hosts, databases, topics, and services that others name. */
  readonly others: boolean;
}

/** The same spans, of which some have second names; within one trace a name is always the same. */
export function withSecondNames(spans: readonly Span[], random: Random, { services, others }: SecondNames): Span[] {
  const chosen = new Map<string, boolean>();
  const renamed = (attributes: readonly Attribute[], keys: ReadonlySet<string>, traceId: string): Attribute[] =>
    attributes.map(([key, value]) => {
      if (!keys.has(key) || typeof value !== "string") return [key, value];
      const choice = `${traceId} ${value}`;
      if (!chosen.has(choice)) chosen.set(choice, random.chance(0.5));
      return [key, chosen.get(choice) ? value + MARK : value];
    });
  return spans.map((span) => ({
    ...span,
    attributes: others ? renamed(span.attributes, OF_OTHERS, span.traceId) : span.attributes,
    resource: services
      ? { ...span.resource, attributes: renamed(span.resource.attributes, OF_SENDER, span.traceId) }
      : span.resource,
  }));
}

/** What has to be declared for the second names of these nodes to mean the first ones. */
export function declaredSeconds(ids: readonly string[]): DeclaredNames {
  const aliases = ids
    .filter((id) => !id.startsWith("entry:"))
    .map((id) => [second(id), { canonical: id, line: 1 }] as const);
  return { aliases: new Map(aliases), gateways: new Map() };
}

function second(id: string): string {
  const port = /^(db:.*@.*)(:\d+)$/.exec(id);
  return port ? `${port[1]}${MARK}${port[2]}` : id + MARK;
}
