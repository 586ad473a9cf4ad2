// Which services of a graph depend on themselves through others, by who calls whom alone. Topics are looked through: they are
// drawn, but they are no members. What kind of loop it is only traces can tell (type-cycle.ts).
import type { Graph, GraphEdge } from "../contract/graph";
import { hash32 } from "../domain/ids";
import { cheapestCut } from "./cheapest-cut";
import { components } from "./components";
import { shortestLoop } from "./shortest-loop";
import { type TopicSides, topicSides, unfollowed } from "./topic-sides";

/** One step from member to member; two edges through a topic whose messages were not followed. */
export interface Hop {
  readonly edges: readonly GraphEdge[];
  readonly caller: string;
  readonly callee: string;
  readonly via: string | null;
  readonly kind: "sync" | "async";
}

export interface Knot {
  readonly id: string;
  /** Node ids of the services that all depend on each other, by name. */
  readonly services: readonly string[];
  readonly names: ReadonlyMap<string, string>;
  /** Every step between them, by caller. */
  readonly hops: Hops;
  /** The shortest loop among them, in order, from the member with most calls from outside the loop. */
  readonly loop: readonly Hop[];
  readonly cut: { readonly edges: readonly GraphEdge[]; readonly exact: boolean };
  /** Gateways and meshes among the services. */
  readonly hubs: ReadonlySet<string>;
  /** It closes only through these. */
  readonly hubOnly: boolean;
  /** Topics with messages of which nobody knows which went where: no trace shows a way round through them. */
  readonly unfollowed: ReadonlySet<string>;
  /** Calls into each service, by caller. */
  readonly inbound: Inbound;
  /** Whether no loop is left without this edge. */
  breaks(edge: GraphEdge): boolean;
}

type Topics = ReadonlyMap<string, TopicSides<GraphEdge>>;
type Hops = ReadonlyMap<string, readonly Hop[]>;
/** Calls into each node, by who called. */
type Inbound = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface SelfCall {
  readonly node: string;
  readonly edges: readonly GraphEdge[];
  readonly via: string | null;
  readonly kind: "sync" | "async";
}

export const trafficOf = ({ calls, estimatedCalls }: GraphEdge): number => estimatedCalls ?? calls;

/** Only what was called in the window counts. Knots by the name of their first service, self-calls by calls. */
export function findCycles({ environment, nodes, edges }: Pick<Graph, "environment" | "nodes" | "edges">): {
  knots: Knot[];
  selfCalls: SelfCall[];
} {
  const live = edges.filter(({ calls, kind }) => calls > 0 && (kind === "sync" || kind === "async"));
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const byName = (a: string, b: string): number =>
    nameOf(a) === nameOf(b) ? compare(a, b) : compare(nameOf(a), nameOf(b));
  const isTopic = (id: string): boolean => kinds.get(id) === "topic";
  const inbound = inboundOf(edges);

  const topics = topicSides(live, isTopic);
  const arcs = arcsOf(live, topics);
  const vertices = [...new Set(arcs.flatMap(({ from, to }) => [from, to]))].sort(byName);
  const numbers = new Map(vertices.map((id, i) => [id, i]));
  const out: number[][] = vertices.map(() => []);
  for (const { from, to } of arcs) out[numbers.get(from)!]!.push(numbers.get(to)!);

  const knots: Knot[] = [];
  const selfCalls: SelfCall[] = live
    .filter(({ caller, callee }) => caller === callee)
    .map((edge) => ({ node: edge.caller, edges: [edge], via: edge.via, kind: kindOf(edge) }));
  for (const component of components(out)) {
    const ids = component.map((vertex) => vertices[vertex]!);
    const inside = new Set(ids);
    const hops = hopsOf(live, topics, inside);
    for (const { edges: pair, caller, callee, via, kind } of hops)
      if (caller === callee) selfCalls.push({ node: caller, edges: pair, via, kind });
    const services = ids.filter((id) => !isTopic(topicOf(id)));
    if (services.length > 1) {
      const between = hops.filter(({ caller, callee }) => caller !== callee);
      const within = arcs.filter(({ from, to }) => inside.has(from) && inside.has(to));
      knots.push(knotOf({ environment, services, names, kinds, ids, arcs: within, between, inbound, nameOf }));
    }
  }
  const callsOf = (self: SelfCall): number => Math.min(...self.edges.map(({ calls }) => calls));
  selfCalls.sort((a, b) => callsOf(b) - callsOf(a) || byName(a.node, b.node));
  return { knots, selfCalls };
}

interface Parts {
  readonly environment: string;
  readonly services: readonly string[];
  readonly names: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, string>;
  /** Services and the sides of topics between them whose messages were not followed. */
  readonly ids: readonly string[];
  readonly arcs: readonly Arc[];
  readonly between: readonly Hop[];
  readonly inbound: Inbound;
  nameOf(id: string): string;
}

function knotOf({ environment, services, names, kinds, ids, arcs, between, inbound, nameOf }: Parts): Knot {
  const vertex = new Map(ids.map((id, i) => [id, i]));
  const weighted = arcs.map(({ edge, from, to }) => ({
    from: vertex.get(from)!,
    to: vertex.get(to)!,
    weight: trafficOf(edge),
  }));
  const cut = cheapestCut(ids.length, weighted);
  // An edge that stands for several arcs is weighed at each of them.
  const once = new Set(arcs.map(({ edge }) => edge)).size === arcs.length;
  const member = new Map(services.map((id, i) => [id, i]));
  const out: number[][] = services.map(() => []);
  for (const { caller, callee } of between) out[member.get(caller)!]!.push(member.get(callee)!);
  const order = shortestLoop(out).map((i) => services[i]!);
  const hops = byCaller(between);
  const loop = order.map((caller, i) => hopBetween(hops, caller, order[(i + 1) % order.length]!));
  const left = (without: (edge: GraphEdge) => boolean): boolean => {
    const rest: number[][] = ids.map(() => []);
    for (const { edge, from, to } of arcs) if (!without(edge)) rest[vertex.get(from)!]!.push(vertex.get(to)!);
    return components(rest).length > 0;
  };
  const hubs = new Set(services.filter((id) => HUBS.has(kinds.get(id) ?? "")));
  return {
    id: idOf(environment, services),
    services,
    names,
    hops,
    loop: fromTheMostCalled(loop, inbound, nameOf),
    cut: { edges: [...new Set(cut.arcs.map((arc) => arcs[arc]!.edge))], exact: cut.exact && once },
    hubs,
    hubOnly: hubs.size > 0 && !left(({ caller, callee }) => hubs.has(caller) || hubs.has(callee)),
    unfollowed: new Set(between.flatMap(({ edges, via }) => (edges.length > 1 && via !== null ? [via] : []))),
    inbound,
    breaks: (edge) => !left((candidate) => candidate === edge),
  };
}

const HUBS: ReadonlySet<string> = new Set(["gateway", "mesh"]);

/** The same services of the same environment always get the same id. */
const idOf = (environment: string, services: readonly string[]): string => {
  const text = [environment, ...[...services].sort()].join("\0");
  return [1, 2].map((seed) => hash32(text, seed).toString(16).padStart(8, "0")).join("");
};

/** A way that an edge opens. Besides its services it may lead from or to a side of a topic (`sideOf`). */
interface Arc {
  readonly edge: GraphEdge;
  readonly from: string;
  readonly to: string;
}

/**
 * Vertices of a topic: what meets there without having been followed. `alone` sides meet each other; a producer never followed
 * meets those that read followed messages, a consumer never followed those that sent them.
 */
const sideOf = (topic: string, meets: "alone" | "readers" | "senders"): string => `${topic}\0${meets}`;
const topicOf = (vertex: string): string => vertex.split("\0", 1)[0]!;

function arcsOf(live: readonly GraphEdge[], topics: Topics): Arc[] {
  const sides = new Set<GraphEdge>();
  const arcs: Arc[] = [];
  for (const [topic, { followed, sent, read, onlySent, onlyRead }] of topics) {
    for (const edge of [...sent, ...read]) sides.add(edge);
    const [alone, readers, senders] = [sideOf(topic, "alone"), sideOf(topic, "readers"), sideOf(topic, "senders")];
    for (const edge of sent) arcs.push({ edge, from: edge.caller, to: alone });
    for (const edge of read) arcs.push({ edge, from: alone, to: edge.callee });
    if (followed.length === 0) continue;
    for (const edge of onlySent) arcs.push({ edge, from: edge.caller, to: readers });
    for (const edge of onlyRead) arcs.push({ edge, from: senders, to: edge.callee });
    for (const edge of followed) {
      if (onlySent.length > 0) arcs.push({ edge, from: readers, to: edge.callee });
      if (onlyRead.length > 0) arcs.push({ edge, from: edge.caller, to: senders });
    }
  }
  for (const edge of live)
    if (edge.caller !== edge.callee && !sides.has(edge)) arcs.push({ edge, from: edge.caller, to: edge.callee });
  return arcs;
}

/** Each edge between services of the component is a step, and so is each way through a topic that was not followed. */
function hopsOf(live: readonly GraphEdge[], topics: Topics, inside: ReadonlySet<string>): Hop[] {
  const within = ({ caller, callee }: { caller: string; callee: string }): boolean =>
    inside.has(caller) && inside.has(callee);
  const hops = live
    .filter((edge) => edge.caller !== edge.callee && within(edge))
    .map(
      (edge): Hop => ({ edges: [edge], caller: edge.caller, callee: edge.callee, via: edge.via, kind: kindOf(edge) }),
    );
  for (const via of new Set([...inside].map(topicOf))) {
    const sides = topics.get(via);
    for (const edges of sides ? unfollowed(sides) : []) {
      const [{ caller }, { callee }] = edges;
      if (within({ caller, callee })) hops.push({ edges, caller, callee, via, kind: "async" });
    }
  }
  return hops;
}

function byCaller(hops: readonly Hop[]): Hops {
  const found = new Map<string, Hop[]>();
  for (const hop of hops) {
    const list = found.get(hop.caller);
    if (list) list.push(hop);
    else found.set(hop.caller, [hop]);
  }
  return found;
}

const kindOf = ({ kind }: GraphEdge): Hop["kind"] => (kind === "async" ? "async" : "sync");
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The step between two services: of several a call before a message, then the one with most traffic.
 * @param kind only such a step, when there is one.
 * @throws RangeError when there is none at all.
 */
export function hopBetween(hops: Hops, caller: string, callee: string, kind?: Hop["kind"]): Hop {
  const all = (hops.get(caller) ?? []).filter((hop) => hop.callee === callee);
  const fitting = all.filter((hop) => hop.kind === (kind ?? "sync"));
  const traffic = (hop: Hop): number => Math.min(...hop.edges.map(trafficOf));
  const [best] = (fitting.length > 0 ? fitting : all).sort(
    (a, b) => traffic(b) - traffic(a) || compare(a.edges[0]!.id, b.edges[0]!.id),
  );
  if (!best) throw new RangeError(`no step from ${caller} to ${callee}`);
  return best;
}

/** The loop turned so that it begins at the member with most calls from outside the loop; ties by name. */
export function fromTheMostCalled(
  loop: readonly Hop[],
  inbound: Inbound,
  nameOf: (id: string) => string,
): readonly Hop[] {
  const inside = new Set(loop.map(({ caller }) => caller));
  let first = 0;
  for (let i = 1; i < loop.length; i++) {
    const [mine, best] = [loop[i]!.caller, loop[first]!.caller];
    const more = callsFromOutside(inbound, mine, inside) - callsFromOutside(inbound, best, inside);
    if (more > 0 || (more === 0 && compare(nameOf(mine), nameOf(best)) < 0)) first = i;
  }
  return [...loop.slice(first), ...loop.slice(0, first)];
}

export function callsFromOutside(inbound: Inbound, id: string, inside: ReadonlySet<string>): number {
  let calls = 0;
  for (const [caller, count] of inbound.get(id) ?? []) if (!inside.has(caller)) calls += count;
  return calls;
}

function inboundOf(edges: readonly GraphEdge[]): Inbound {
  const inbound = new Map<string, Map<string, number>>();
  for (const { caller, callee, calls } of edges) {
    const callers = inbound.get(callee) ?? new Map<string, number>();
    inbound.set(callee, callers);
    callers.set(caller, (callers.get(caller) ?? 0) + calls);
  }
  return inbound;
}
