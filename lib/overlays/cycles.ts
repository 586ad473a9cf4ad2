// Circular dependencies: one loop as a band with its members numbered and its cheapest cut marked, or all of them at once.
import type { Cycle, Cycles, CycleType } from "../contract/cycles";
import type { GraphEdge, GraphNode } from "../contract/graph";
import { asText, formatRate, plural } from "../domain/format-number";
import {
  type Band,
  type Display,
  type LegendEntry,
  NO_SHARE,
  type OverlayFacts,
  type OverlayKind,
  PLAIN,
} from "./overlay";

const MARKED: Display = { level: "none", text: "", share: NO_SHARE, absence: null, marked: true };

/** Loops that a request takes by itself are drawn as a broad band; the others are only in the structure, or not proved. */
const BROAD: ReadonlySet<CycleType> = new Set(["reentrant", "async"]);

/** The cycle that a URL names, by its id or by its place in the list from 1; undefined when there is none such. */
export function cycleNamed({ cycles }: Pick<Cycles, "cycles">, name: string | null): Cycle | undefined {
  if (name === null) return undefined;
  return cycles.find(({ id }) => id === name) ?? (/^[1-9]\d{0,3}$/.test(name) ? cycles[Number(name) - 1] : undefined);
}

/** The band of one loop. Edges of the cut that lie off the shortest loop are marked too. */
function bandOf({ members, hops, cut, type }: Cycle, numbered: boolean): Band {
  return {
    members: members.map(({ id }) => id),
    topics: hops.flatMap(({ via }) => via ?? []),
    edges: new Set(hops.flatMap(({ edges }) => edges)),
    cut: new Set(cut.edges),
    broad: BROAD.has(type),
    numbered,
  };
}

/** The kinds that there are, each as its band is drawn. */
function legendOf(all: readonly Cycle[]): LegendEntry[] {
  if (all.length === 0) return [];
  const titles = new Map(all.map(({ type, words }) => [type, words.title]));
  const kinds = [...titles].map(([type, text]): LegendEntry => {
    const sign = type === "async" ? "band-message" : BROAD.has(type) ? "band" : "band-thin";
    return { level: "none", sign, text };
  });
  return [...kinds, { level: "none", sign: "cut", text: "cheapest cut" }];
}

export const cycles: OverlayKind = {
  id: "cycles",
  label: "Cycles",
  hue: "cycle",
  needsCycles: true,
  make({ cycles: answer, cycle, graph }: OverlayFacts) {
    const all = answer?.cycles ?? [];
    const chosen = answer ? cycleNamed(answer, cycle) : undefined;
    const shown = chosen ? [chosen] : all;
    const bands = shown.map((one) => bandOf(one, chosen !== undefined));
    const edges = new Set(bands.flatMap((band) => [...band.edges, ...band.cut]));
    const nodes = new Set(bands.flatMap(({ members, topics }) => [...members, ...topics]));
    for (const { id, caller, callee, via } of graph.edges)
      if (edges.has(id)) for (const node of [caller, callee, via]) if (node !== null) nodes.add(node);
    return {
      id: "cycles",
      label: "Cycles",
      hue: "cycle",
      legend: legendOf(all),
      note: !answer
        ? "cycles are being looked for"
        : all.length === 0
          ? "no service depends on itself through others"
          : "shortest loop of each group of services",
      bands,
      spotlight:
        shown.length === 0
          ? null
          : {
              nodes,
              edges,
              text: chosen
                ? `cycle ${all.indexOf(chosen) + 1} of ${all.length}, ${plural(chosen.members.length, "member")}`
                : plural(all.length, "cycle"),
            },
      node: (node: GraphNode): Display => (nodes.has(node.id) ? MARKED : PLAIN),
      edge({ id, calls, estimatedCalls }: GraphEdge, minutes: number): Display {
        return edges.has(id) ? { ...MARKED, text: asText(formatRate(estimatedCalls ?? calls, minutes)) } : PLAIN;
      },
    };
  },
};
