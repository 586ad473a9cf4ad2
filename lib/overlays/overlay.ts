import type { GraphEdge, GraphNode } from "../contract/graph";

/** How an element stands under an overlay. Each level has a second sign beside its colour. */
export type Level = "ok" | "warn" | "bad" | "none";

/** Why an element has no number; drawn differently each. */
export type Absence = "no_calls" | "no_data" | "not_instrumented";

export interface Display {
  readonly level: Level;
  /** The one number of the element, with unit. */
  readonly text: string;
  /** Shares of the ring from the top, in [0, 1]. */
  readonly share: { readonly bad: number; readonly warn: number };
  readonly absence: Absence | null;
}

export interface LegendEntry {
  readonly level: Level;
  readonly text: string;
}

/** A way of looking at the graph: pure, the same graph gives the same display. It returns levels, never colours. */
export interface Overlay {
  readonly id: string;
  readonly label: string;
  /** With the real thresholds. */
  readonly legend: readonly LegendEntry[];
  /** What counts, in one line. */
  readonly note: string;
  /** @param minutes length of the window. */
  node(node: GraphNode, minutes: number): Display;
  edge(edge: GraphEdge, minutes: number): Display;
}
