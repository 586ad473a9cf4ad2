// Whom a service needs in order to answer: its direct callees. Consumers of what it publishes never count; the broker or topic
// that takes the message counts when somebody declared an objective for it, because the publish itself is a call.
import type { Graph, GraphEdge, GraphNode } from "../contract/graph";
import type { NotCounted } from "../contract/sla";
import type { NodeKind } from "../domain/node";
import type { Objectives } from "./objectives";

export interface Callee {
  readonly id: string;
  readonly name: string;
  readonly kind: NodeKind;
  /** Edges by which it is called; for a broker, the deliveries that it took. */
  readonly edges: readonly GraphEdge[];
  /** A message is handed in: nothing is observed of that call. */
  readonly publish: boolean;
}

export interface Callees {
  readonly counted: readonly Callee[];
  readonly notCounted: readonly NotCounted[];
}

/** The elements of a graph by what they are looked up by. */
export class GraphIndex {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  private readonly outgoing = new Map<string, GraphEdge[]>();

  constructor(graph: Graph) {
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    for (const edge of graph.edges) {
      const list = this.outgoing.get(edge.caller);
      if (list) list.push(edge);
      else this.outgoing.set(edge.caller, [edge]);
    }
  }

  /** Edges on which it is the caller or the producer. */
  edgesFrom(id: string): readonly GraphEdge[] {
    return this.outgoing.get(id) ?? [];
  }
}

/** The direct callees of a service, by id; each once, however many edges lead there. */
export function directCallees(graph: GraphIndex, service: string, objectives: Objectives): Callees {
  const counted = new Map<string, { callee: Omit<Callee, "edges">; edges: GraphEdge[] }>();
  const others = new Map<string, NotCounted>();
  const count = (callee: Omit<Callee, "edges">, edge: GraphEdge): void => {
    const known = counted.get(callee.id);
    if (known) known.edges.push(edge);
    else counted.set(callee.id, { callee, edges: [edge] });
  };
  for (const edge of graph.edgesFrom(service)) {
    const who = identify(graph, edge.callee);
    if (edge.kind === "async") {
      const taker = edge.calls > 0 ? takerOf(graph, edge, objectives) : null;
      if (taker) count({ ...taker, publish: true }, edge);
    }
    const reason = reasonAgainst(edge);
    if (reason === null) count({ ...who, publish: false }, edge);
    else {
      const known = others.get(who.id);
      others.set(who.id, { ...who, reason, edges: [...(known?.edges ?? []), edge.id] });
    }
  }
  return {
    counted: [...counted.values()].map(({ callee, edges }) => ({ ...callee, edges })).sort(byId),
    notCounted: [...others.values()].filter(({ id }) => !counted.has(id)).sort(byId),
  };
}

function reasonAgainst({ caller, callee, kind, calls }: GraphEdge): NotCounted["reason"] | null {
  if (caller === callee) return "self_call";
  if (kind === "async") return "async";
  return calls > 0 ? null : "no_calls";
}

/** Who takes a message in, if an objective is declared for it: the topic, else its broker. */
function takerOf(graph: GraphIndex, { via, callee }: GraphEdge, objectives: Objectives): Who | null {
  const topic = graph.nodes.get(via ?? callee);
  if (topic?.kind !== "topic") return null;
  if (isDeclared(objectives, topic.id)) return identify(graph, topic.id);
  const broker = brokerOf(topic);
  return isDeclared(objectives, broker) ? { id: broker, name: topic.system, kind: "topic" } : null;
}

/** Id under which an objective for the broker of a topic is declared. */
export const brokerOf = ({ system }: GraphNode): string => `topic:${system || "unknown"}`;

const isDeclared = (objectives: Objectives, id: string): boolean => (objectives.get(id)?.availability ?? null) !== null;

type Who = Pick<Callee, "id" | "name" | "kind">;

function identify(graph: GraphIndex, id: string): Who {
  const node = graph.nodes.get(id);
  return { id, name: node?.name ?? id, kind: node?.kind ?? "service" };
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
