import type { Graph } from "@/lib/contract/graph";
import { asText, formatRate, formatShare, plural } from "@/lib/domain/format-number";
import { coveredMinutes, minutesBegun } from "@/lib/graph/covered-minutes";
import type { MapModel } from "./map-model";
import type { Emphasis } from "./painter";

/** What is on the map, how much of it was seen from both sides, and whether counts are exact. */
export function MapNote({ graph, model, emphasis }: { graph: Graph; model: MapModel; emphasis: Emphasis | null }) {
  return (
    <p className="pointer-events-none absolute bottom-2.5 left-3 rounded-xs bg-canvas px-1 py-0.5 text-2xs text-ink-3">
      {emphasis ? ofSelection(emphasis) : ofMap(graph, model)}
    </p>
  );
}

function ofSelection(emphasis: Emphasis): string {
  if (emphasis.text !== undefined) return emphasis.text;
  const what = emphasis.selectedNode === null ? "call" : "node";
  return `${plural(emphasis.arcs.size, "edge")} on paths through this ${what} · Esc clears`;
}

function ofMap(graph: Graph, model: MapModel): string {
  const { stats, window } = graph;
  const clients = stats.paired + stats.unpairedClients;
  const largest = Math.max(0, ...graph.nodes.map(({ calls }) => calls));
  return [
    `${plural(model.nodes.length, "node")}${largest > 0 ? `, largest ${asText(formatRate(largest, coveredMinutes(graph)))}` : ""}`,
    plural(graph.edges.length, "edge"),
    minutesBegun(graph) < window.minutes && `data of ${minutesBegun(graph)} of ${window.minutes} min`,
    clients > 0 && `${asText(formatShare(stats.paired, clients))} of client spans paired`,
    stats.orphans > 0 && `${plural(stats.orphans, "span")} whose parent was never seen`,
    graph.sample.weightsKnown ? null : "sampling unknown, counts are as seen",
  ]
    .filter(Boolean)
    .join(" · ");
}
