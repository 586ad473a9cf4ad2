// Lines of the outline: nodes by name, and under an open one its neighbours in groups, as deep as somebody walks.
import { levelWord } from "@/components/ui/sign";
import type { Display, Hue } from "@/lib/overlays/overlay";
import type { MapArc, MapModel, MapNode } from "../map/map-model";
import { byName, countedRelations, relationsOf } from "../map/relations";
import { ROLE_WORDS } from "../words";

export interface Item {
  readonly kind: "item";
  /** Where it stands in the tree; unique. */
  readonly path: string;
  readonly parent: string | null;
  readonly depth: number;
  readonly node: MapNode;
  /** How it was reached; null at the top. */
  readonly arc: MapArc | null;
  /** The arc's display where it was reached by one, else the node's. */
  readonly display: Display;
  /** How many neighbours it opens to. */
  readonly branches: number;
  /** `checkout calls payments`; "" at the top. */
  readonly relation: string;
  readonly position: string;
  readonly summary: string;
}

interface GroupLine {
  readonly kind: "group";
  readonly path: string;
  readonly depth: number;
  readonly text: string;
  readonly size: string;
}

export type Line = Item | GroupLine;

export function branchesOf(model: MapModel, open: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  const add = (
    node: MapNode,
    arc: MapArc | null,
    parent: Item | null,
    step: string,
    relation: string,
    position: string,
  ): void => {
    const path = parent ? `${parent.path}\n${step}` : node.id;
    const groups = relationsOf(model, node.id);
    const item: Item = {
      kind: "item",
      path,
      parent: parent?.path ?? null,
      depth: parent ? parent.depth + 1 : 0,
      node,
      arc,
      display: arc?.display ?? node.display,
      branches: groups.reduce((sum, { relations }) => sum + relations.length, 0),
      relation,
      position,
      summary: groups.map(({ verb, relations }) => `${verb} ${countedRelations(relations)}`).join(", "),
    };
    lines.push(item);
    if (!open.has(path)) return;
    for (const group of groups) {
      const name = node.node.name;
      const text = `${group.word}: ${name} ${group.verb}`;
      lines.push({
        kind: "group",
        path: `${path}\n${group.id}`,
        depth: item.depth + 1,
        text,
        size: countedRelations(group.relations),
      });
      for (const [at, { arc: next, other }] of group.relations.entries())
        add(
          other,
          next,
          item,
          `${group.id} ${next.id}`,
          `${name} ${group.verb} ${other.node.name}`,
          `${at + 1} of ${group.relations.length}`,
        );
    }
  };
  for (const node of [...model.nodes].sort(byName)) add(node, null, null, "", "", "");
  return lines;
}

/** The line as it is read out. Below another one its side is told by the relation, so only at the top stands its role. */
export function sentenceOf(item: Item, hue: Hue): string {
  const { arc, display, node } = item;
  const role = arc === null && node.node.role !== null && ROLE_WORDS[node.node.role];
  const text = hue === "health" && display.text.endsWith("%") ? `${display.text} errors` : display.text;
  const state = display.absence
    ? text
    : [text, display.level !== "none" && levelWord(display.level)].filter(Boolean).join(", ");
  const parts = [
    [node.node.name, role].filter(Boolean).join(", "),
    [item.relation, state].filter(Boolean).join(", "),
    item.position,
    item.summary && `${node.node.name} ${item.summary}`,
  ];
  return `${parts.filter(Boolean).join(". ")}.`;
}
