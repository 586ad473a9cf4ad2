// Spans of senders that go by two names: in every other trace a service, a host, a database or a topic has its second one.
import type { DeclaredNames } from "@/lib/domain/declared-names";
import { kindOfId } from "@/lib/domain/node-of-id";
import { type Attribute, type Span, SpanKind } from "@/lib/domain/span";
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
  const renamed = (attributes: readonly Attribute[], keys: ReadonlySet<string>, { traceId, kind }: Span): Attribute[] =>
    attributes.map(([key, value]) => {
      if (!keys.has(key) || typeof value !== "string") return [key, value];
      const choice = `${traceId} ${value}`;
      if (!chosen.has(choice)) chosen.set(choice, random.chance(0.5));
      if (!chosen.get(choice)) return [key, value];
      // Half of the callers that know a service by its second name know only the host that it is on.
      return key === "peer.service" && kind === SpanKind.CLIENT && random.chance(0.5)
        ? ["server.address", hostOf(value)]
        : [key, value + MARK];
    });
  return spans.map((span) => ({
    ...span,
    attributes: others ? renamed(span.attributes, OF_OTHERS, span) : span.attributes,
    resource: services
      ? { ...span.resource, attributes: renamed(span.resource.attributes, OF_SENDER, span) }
      : span.resource,
  }));
}

/** What has to be declared for the second names of these nodes to mean the first ones. */
export function declaredSeconds(ids: readonly string[]): DeclaredNames {
  const aliases = ids
    .filter((id) => !id.startsWith("entry:"))
    .flatMap((id) =>
      [second(id), ...(kindOfId(id) === "service" ? [`external:${hostOf(id)}`] : [])].map(
        (alias) => [alias, { canonical: id, line: 1 }] as const,
      ),
    );
  return { aliases: new Map(aliases), gateways: new Map() };
}

const hostOf = (service: string): string => `${service}.internal`;

function second(id: string): string {
  const port = /^(db:.*@.*)(:\d+)$/.exec(id);
  return port ? `${port[1]}${MARK}${port[2]}` : id + MARK;
}
