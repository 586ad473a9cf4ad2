// Upstream and downstream exist only in words shown to people, and follow the perspective that the team has chosen. Beside
// each word stands the plain one: calls, is called by, publishes to, consumes from.

/** Which way "upstream" points; the same values as in the API. */
export type PerspectiveName = "data-flow" | "request-flow";

export interface PerspectiveWords {
  readonly label: string;
  /** What stands on the left of the map, and on its right. */
  readonly left: { readonly word: string; readonly plain: string };
  readonly right: { readonly word: string; readonly plain: string };
  readonly flow: string;
  /** The word for what a service calls, and for what calls it. */
  readonly callee: "upstream" | "downstream";
  readonly caller: "upstream" | "downstream";
}

const WORDS: Record<PerspectiveName, PerspectiveWords> = {
  "data-flow": {
    label: "Data flow",
    left: { word: "Upstream", plain: "provides data · is called" },
    right: { word: "Downstream", plain: "consumes data · calls" },
    flow: "data flows",
    callee: "upstream",
    caller: "downstream",
  },
  "request-flow": {
    label: "Request flow",
    left: { word: "Upstream", plain: "sends requests · calls" },
    right: { word: "Downstream", plain: "receives requests · is called" },
    flow: "requests flow",
    callee: "downstream",
    caller: "upstream",
  },
};

export const perspectiveWords = (perspective: PerspectiveName): PerspectiveWords => WORDS[perspective];
export const PERSPECTIVES = Object.keys(WORDS) as PerspectiveName[];
