// Where nodes go: layers by ELK in a worker, so that left to right is the way the perspective reads. Messages run from publisher
// to consumer in both.
import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api.js";
import type { Placement, Point } from "./geometry";
import type { MapArc, MapModel } from "./map-model";
import { NAME_FONT } from "./paint-node";

const LABEL_HEIGHT = 34;
/** A wide, low map leaves room above and below, which it takes up to this factor. */
const ASPECT = 2;
const MOST_STRETCH = 1.5;
const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "POLYLINE",
  "elk.layered.spacing.nodeNodeBetweenLayers": "84",
  "elk.spacing.nodeNode": "26",
  "elk.spacing.edgeNode": "22",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.componentComponent": "60",
  "elk.aspectRatio": "1.9",
};

/** The straightest lines; takes more than ten seconds for 450 arcs. */
const CAREFUL = {
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};
/** Half a second for 1,500 arcs, and compact. */
const QUICK = {
  "elk.layered.nodePlacement.strategy": "SIMPLE",
  "elk.layered.thoroughness": "1",
  "elk.layered.crossingMinimization.greedySwitch.type": "OFF",
};
const MOST_CAREFUL_ARCS = 120;

let elk: Elk | null = null;
const engine = (): Elk => {
  elk ??= new ELK({
    workerFactory: () => new Worker(new URL("elkjs/lib/elk-worker.min.js", import.meta.url)),
  });
  return elk;
};

/** Label widths need a canvas; everything else of the input is pure. */
function labelWidths(model: MapModel): Map<string, number> {
  const context = document.createElement("canvas").getContext("2d")!;
  context.font = NAME_FONT;
  return new Map(model.nodes.map(({ id, label }) => [id, context.measureText(label).width]));
}

export async function layOut(model: MapModel): Promise<Placement> {
  const labels = labelWidths(model);
  const flipped = (arc: MapArc): boolean => model.perspective === "data-flow" && !arc.message;
  const sorted = [...model.nodes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const input: ElkNode = {
    id: "map",
    layoutOptions: { ...OPTIONS, ...(model.arcs.length <= MOST_CAREFUL_ARCS ? CAREFUL : QUICK) },
    children: sorted.map(({ id, width, height }) => ({
      id,
      width: Math.max(width, labels.get(id) ?? 0) + 8,
      height: height + LABEL_HEIGHT,
    })),
    edges: [...model.arcs]
      .filter(({ from, to }) => from !== to)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((arc) => {
        const [left, right] = flipped(arc) ? [arc.to, arc.from] : [arc.from, arc.to];
        return { id: arc.id, sources: [left], targets: [right] };
      }),
  };
  const output = await engine().layout(input);
  const stretch = Math.min(MOST_STRETCH, Math.max(1, (output.width ?? 1) / (output.height ?? 1) / ASPECT));
  const positions = new Map<string, Point>();
  for (const child of output.children ?? []) {
    const { height } = model.nodeById.get(child.id)!;
    positions.set(child.id, { x: (child.x ?? 0) + (child.width ?? 0) / 2, y: (child.y ?? 0) * stretch + height / 2 });
  }
  const bends = new Map<string, Point[]>();
  for (const edge of output.edges ?? []) {
    const points = (edge.sections?.[0]?.bendPoints ?? []).map(({ x, y }) => ({ x, y: y * stretch }));
    if (points.length > 0) bends.set(edge.id, flipped(model.arcById.get(edge.id)!) ? [...points].reverse() : points);
  }
  return { positions, bends };
}
