// What a node has to do with its neighbours, grouped and worded: calls, is called by, publishes to, consumes from. Requests read
// by the perspective; a publisher is upstream of its consumers in both.
import { plural } from "@/lib/domain/format-number";
import { type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";
import type { MapArc, MapModel, MapNode } from "./map-model";

export interface Relation {
  readonly arc: MapArc;
  readonly other: MapNode;
}

export interface RelationGroup {
  readonly id: "calls" | "publishes" | "consumes" | "called-by" | "published-by" | "consumed-by";
  readonly word: "Upstream" | "Downstream";
  /** `calls`, `is called by` … after the node's name. */
  readonly verb: string;
  readonly relations: readonly Relation[];
}

interface Rule {
  readonly verb: string;
  readonly outgoing: boolean;
  readonly message: boolean;
  readonly word: (perspective: PerspectiveName) => "upstream" | "downstream";
}

const SERVICE_RULES: readonly (Rule & { id: RelationGroup["id"] })[] = [
  { id: "calls", verb: "calls", outgoing: true, message: false, word: (p) => perspectiveWords(p).callee },
  { id: "consumes", verb: "consumes from", outgoing: false, message: true, word: () => "upstream" },
  { id: "called-by", verb: "is called by", outgoing: false, message: false, word: (p) => perspectiveWords(p).caller },
  { id: "publishes", verb: "publishes to", outgoing: true, message: true, word: () => "downstream" },
];
const TOPIC_RULES: readonly (Rule & { id: RelationGroup["id"] })[] = [
  { id: "published-by", verb: "is published to by", outgoing: false, message: true, word: () => "upstream" },
  { id: "consumed-by", verb: "is consumed by", outgoing: true, message: true, word: () => "downstream" },
];

/** Groups that have members, upstream first; busiest and worst neighbours first. */
export function relationsOf(model: MapModel, id: string): RelationGroup[] {
  const node = model.nodeById.get(id);
  if (!node) return [];
  const rules = node.node.kind === "topic" ? TOPIC_RULES : SERVICE_RULES;
  return rules
    .map((rule) => ({
      id: rule.id,
      verb: rule.verb,
      word: rule.word(model.perspective) === "upstream" ? ("Upstream" as const) : ("Downstream" as const),
      relations: model.arcs
        .filter((arc) => arc.message === rule.message && (rule.outgoing ? arc.from : arc.to) === id)
        .map((arc) => ({ arc, other: model.nodeById.get(rule.outgoing ? arc.to : arc.from)! }))
        .sort((a, b) => SEVERITY[b.arc.display.level] - SEVERITY[a.arc.display.level] || byName(a.other, b.other)),
    }))
    .filter(({ relations }) => relations.length > 0)
    .sort((a, b) => Number(a.word === "Downstream") - Number(b.word === "Downstream"));
}

const STORES: ReadonlySet<MapNode["node"]["kind"]> = new Set(["database", "cache"]);

/** Stores and end users are counted apart: advice on a role means services. */
export function countsOf(relations: readonly Relation[]): { stores: number; users: boolean; others: number } {
  const kinds = relations.map(({ other }) => other.node.kind);
  const stores = kinds.filter((kind) => STORES.has(kind)).length;
  const users = kinds.filter((kind) => kind === "entry").length;
  return { stores, users: users > 0, others: kinds.length - stores - users };
}

/** `4`, `3 others and 1 store`, `1 other and end users`. */
export function countedRelations(relations: readonly Relation[]): string {
  const { stores, users, others } = countsOf(relations);
  if (others === relations.length) return `${others}`;
  return [others > 0 && plural(others, "other"), stores > 0 && plural(stores, "store"), users && "end users"]
    .filter(Boolean)
    .join(" and ");
}

const SEVERITY: Record<MapArc["display"]["level"], number> = { none: 0, ok: 1, warn: 2, bad: 3 };

export const byName = (a: MapNode, b: MapNode): number =>
  a.node.name < b.node.name ? -1 : a.node.name > b.node.name ? 1 : a.id < b.id ? -1 : 1;
