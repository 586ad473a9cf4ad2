// A Graphviz digraph. Source: Graphviz, "DOT language" (quoted strings) and "escString" (a backslash in a label means more
// than itself).
import type { Graph } from "../contract/graph";
import type { NodeKind } from "../domain/node";
import type { GraphExport } from "./graph-export";
import { hopLabel, hopsOf } from "./hops";
import { environmentLabel, labelsOf, plainText } from "./names";

const SHAPES: Record<NodeKind, string> = {
  service: "box",
  database: "cylinder",
  cache: "cylinder",
  topic: "cds",
  external: "hexagon",
  gateway: "component",
  entry: "circle",
  mesh: "note",
};

/** Also in labels: a doubled backslash is one. The ampersand would begin an entity. */
const quoted = (text: string): string =>
  `"${text.replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export const dot: GraphExport = {
  id: "dot",
  label: "Graphviz DOT",
  extension: "dot",
  mediaType: "text/vnd.graphviz; charset=utf-8",
  write(graphs) {
    const lines = ["digraph headwater {", "  rankdir=LR;", '  node [fontname="sans-serif"];'];
    let count = 0;
    for (const [i, graph] of graphs.entries()) {
      const ids = new Map(graph.nodes.map(({ id }) => [id, `n${count++}`]));
      const grouped = graphs.length > 1;
      if (grouped) lines.push(`  subgraph cluster_${i} {`, `    label=${quoted(environmentLabel(graph.environment))};`);
      lines.push(...drawing(graph, ids).map((line) => `${grouped ? "    " : "  "}${line}`));
      if (grouped) lines.push("  }");
    }
    return `${[...lines, "}"].join("\n")}\n`;
  },
};

function drawing(graph: Graph, ids: ReadonlyMap<string, string>): string[] {
  const label = labelsOf(graph);
  const nodes = graph.nodes.map(
    ({ id, kind }) =>
      `${ids.get(id)} [label=${quoted(label(id))}, shape=${SHAPES[kind]}, tooltip=${quoted(plainText(id))}];`,
  );
  const lines = hopsOf(graph).map((hop) => {
    const dashed = hop.kind === "async" || hop.inferred;
    return `${ids.get(hop.from)} -> ${ids.get(hop.to)} [label=${quoted(hopLabel(hop))}${dashed ? ", style=dashed" : ""}];`;
  });
  return [...nodes, ...lines];
}
