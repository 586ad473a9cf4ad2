// Blast radius of one node: who fails with it, and with what share of their requests.
import type { GraphEdge, GraphNode } from "../contract/graph";
import { asText, formatShare } from "../domain/format-number";
import { blastRadius } from "../graph/blast-radius";
import {
  absenceOf,
  absentDisplay,
  type Display,
  NO_SHARE,
  type OverlayFacts,
  type OverlayKind,
  PLAIN,
} from "./overlay";

export const BLAST_ASSUMPTION =
  "structure only: every call is taken as needed, calls of one request as independent, messages as not needed";

export const blast: OverlayKind = {
  id: "blast",
  label: "Blast radius",
  hue: "blast",
  make({ graph, subject }: OverlayFacts) {
    const radius = subject === null ? null : blastRadius(graph, subject);
    return {
      id: "blast",
      label: "Blast radius",
      hue: "blast",
      legend: [{ level: "none", marked: true, text: "fails with it: share of its requests" }],
      note: radius ? BLAST_ASSUMPTION : "select a node: who fails with it?",
      spotlight: radius && { nodes: new Set(radius.reach.keys()), edges: radius.edges },
      node(node: GraphNode): Display {
        const share = radius?.reach.get(node.id);
        if (share === undefined) return node.calls === 0 && node.state !== "active" ? absentDisplay(node.state) : PLAIN;
        const text = node.id === radius?.node ? "fails" : node.kind === "entry" ? "" : asText(formatShare(share, 1));
        return { level: "none", text, share: NO_SHARE, absence: null, marked: true };
      },
      edge(edge: GraphEdge): Display {
        if (edge.calls === 0) return absentDisplay(absenceOf(edge.state));
        return radius?.edges.has(edge.id) ? { ...PLAIN, marked: true } : PLAIN;
      },
    };
  },
};
