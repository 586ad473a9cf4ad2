// A Mermaid flowchart. Ids in it are numbers of ours and every label is quoted with all but a few characters encoded, so a
// name is only ever text. Source: Mermaid's flowchart syntax ("Special characters that break syntax", "Entity codes").
import type { Graph } from "../contract/graph";
import type { NodeKind } from "../domain/node";
import type { GraphExport } from "./graph-export";
import { hopLabel, hopsOf } from "./hops";
import { environmentLabel, labelsOf } from "./names";

/** What stands before and after a node's label. */
const SHAPES: Record<NodeKind, readonly [string, string]> = {
  service: ["[", "]"],
  database: ["[(", ")]"],
  cache: ["[(", ")]"],
  topic: ["([", "])"],
  external: ["{{", "}}"],
  gateway: ["[[", "]]"],
  entry: ["((", "))"],
  mesh: [">", "]"],
};

/** Letters and digits of every script, and what means nothing to Mermaid. */
const UNSAFE = /[^\p{L}\p{N} ._/@,%()-]/gu;

const quoted = (text: string): string => `"${text.replace(UNSAFE, (char) => `#${char.codePointAt(0)};`)}"`;

export const mermaid: GraphExport = {
  id: "mermaid",
  label: "Mermaid",
  extension: "mmd",
  mediaType: "text/vnd.mermaid; charset=utf-8",
  write(graphs) {
    const lines = ["flowchart LR"];
    let count = 0;
    for (const [i, graph] of graphs.entries()) {
      const ids = new Map(graph.nodes.map(({ id }) => [id, `n${count++}`]));
      const grouped = graphs.length > 1;
      if (grouped) lines.push(`  subgraph e${i}[${quoted(environmentLabel(graph.environment))}]`);
      lines.push(...drawing(graph, ids).map((line) => `${grouped ? "    " : "  "}${line}`));
      if (grouped) lines.push("  end");
    }
    return `${lines.join("\n")}\n`;
  },
};

function drawing(graph: Graph, ids: ReadonlyMap<string, string>): string[] {
  const label = labelsOf(graph);
  const nodes = graph.nodes.map(({ id, kind }) => {
    const [before, after] = SHAPES[kind];
    return `${ids.get(id)}${before}${quoted(label(id) || "(no name)")}${after}`;
  });
  const lines = hopsOf(graph).map((hop) => {
    const text = hopLabel(hop);
    const arrow = hop.kind === "async" || hop.inferred ? "-.->" : "-->";
    return `${ids.get(hop.from)} ${arrow}${text ? `|${quoted(text)}|` : ""} ${ids.get(hop.to)}`;
  });
  return [...nodes, ...lines];
}
