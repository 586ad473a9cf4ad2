import type { Cycles } from "../contract/cycles";
import type { Graph, GraphEdge, GraphNode } from "../contract/graph";
import type { Sla } from "../contract/sla";

/** How an element stands under an overlay. Each level has a second sign beside its colour. */
export type Level = "ok" | "warn" | "bad" | "none";

/** Why an element has no number; drawn differently each. */
export type Absence = "no_calls" | "no_data" | "not_instrumented";

/** Which family of colours an overlay has. Health has one per level, every other one a single hue and grey. */
export type Hue = "health" | "latency" | "sla" | "blast" | "change" | "cycle";

export interface Display {
  readonly level: Level;
  /** The one number of the element, with unit. */
  readonly text: string;
  /** Shares of the ring from the top, in [0, 1]. */
  readonly share: { readonly bad: number; readonly warn: number };
  readonly absence: Absence | null;
  /** It is what the overlay is about, so it has the overlay's hue. Without meaning for health. */
  readonly marked?: boolean;
}

export interface LegendEntry {
  readonly level: Level;
  /** Shown in the overlay's hue instead of the level's colour. */
  readonly marked?: boolean;
  /** Drawn instead of the level: bands as the map draws them, and the scissors. */
  readonly sign?: "band" | "band-message" | "band-thin" | "cut";
  readonly text: string;
}

/** A way round that is drawn as one shape under its calls and around its members. */
export interface Band {
  /** Node ids in the order of the loop. */
  readonly members: readonly string[];
  /** Node ids of topics on the way, which are no members. */
  readonly topics: readonly string[];
  /** Edge ids. */
  readonly edges: ReadonlySet<string>;
  /** Edge ids that carry the scissors. */
  readonly cut: ReadonlySet<string>;
  readonly broad: boolean;
  /** Whether members carry their number, from 1. */
  readonly numbered: boolean;
}

/** Elements that stand out while nothing is selected; the rest is faded. */
export interface Spotlight {
  readonly nodes: ReadonlySet<string>;
  /** Edge ids. */
  readonly edges: ReadonlySet<string>;
  /** What stands out, in words; what leads through the selected node where there is none. */
  readonly text?: string;
}

/** A way of looking at the graph: pure, the same graph gives the same display. It returns levels, never colours. */
export interface Overlay {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  /** With the real thresholds. */
  readonly legend: readonly LegendEntry[];
  /** What counts, in one line. */
  readonly note: string;
  readonly spotlight?: Spotlight | null;
  readonly bands?: readonly Band[];
  /** @param minutes length of the window. */
  node(node: GraphNode, minutes: number): Display;
  edge(edge: GraphEdge, minutes: number): Display;
}

/** What an overlay may look at. */
export interface OverlayFacts {
  readonly graph: Graph;
  /** The earlier window that it is compared with; null when it was not asked for or has not come yet. */
  readonly before: Graph | null;
  /** One of the kind's comparisons; its first where absent. */
  readonly against?: string | null;
  /** What services may promise; null when it was not asked for or has not come yet. */
  readonly sla: Sla | null;
  /** Circular dependencies; null when they were not asked for or have not come yet. */
  readonly cycles: Cycles | null;
  /** The one of them that is looked at, as the URL names it; null for all. */
  readonly cycle: string | null;
  /** One of the kind's options. */
  readonly option: string;
  /** Node that the overlay is about, for those that need one. */
  readonly subject: string | null;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** An entry of the overlay menu: makes the overlay from the facts. */
export interface OverlayKind {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  /** Choices within the overlay, the first by default. */
  readonly options?: readonly Choice[];
  /** Whether it needs the answer about uptime. */
  readonly needsSla?: boolean;
  /** Whether it needs the circular dependencies. */
  readonly needsCycles?: boolean;
  /** What it can compare with; a choice that is a `Baseline` needs that earlier window. */
  readonly comparisons?: readonly Choice[];
  /** Which of them it is, of what the URL says: an unknown one, or none, is the default for these facts. */
  against?(facts: Pick<OverlayFacts, "sla" | "option" | "against">): Choice;
  make(facts: OverlayFacts): Overlay;
}

const ABSENCE_TEXT: Record<Absence, string> = {
  no_calls: "no calls",
  no_data: "no data",
  not_instrumented: "client side only",
};

export const NO_SHARE = { bad: 0, warn: 0 } as const;

/** The display of what has no number, with the reason. */
export const absentDisplay = (absence: Absence): Display => ({
  level: "none",
  text: ABSENCE_TEXT[absence],
  share: NO_SHARE,
  absence,
});

/** Of an edge or node without calls in the window: which absence it is. */
export const absenceOf = (state: GraphEdge["state"]): Absence => (state === "active" ? "no_calls" : state);

/** The display of what an overlay has nothing to say about. */
export const PLAIN: Display = { level: "none", text: "", share: NO_SHARE, absence: null };
