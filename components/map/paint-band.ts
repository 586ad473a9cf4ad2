// A way round as one shape: a band under its calls and around its members, the members' numbers, and scissors at its cut.
import type { Band } from "@/lib/overlays/overlay";
import type { Curve, Placement } from "./geometry";
import type { MapModel } from "./map-model";
import type { Palette } from "./palette";
import type { Pen } from "./pen";
import { circle, roundRect, shape } from "./shapes";

const WIDTH = { broad: 24, thin: 10 };
/** From far away a band is still this broad on the screen. */
const LEAST_SEEN = 5;
/** From a member's edge to the middle of the band around it. */
const ROOM = 9;
const NUMBER_FONT = '600 11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
/** Lucide's scissors, on a grid of 24. */
const SCISSORS =
  "M3 6A3 3 0 1 0 9 6A3 3 0 1 0 3 6ZM8.12 8.12L12 12M20 4L8.12 15.88M3 18A3 3 0 1 0 9 18A3 3 0 1 0 3 18ZM14.8 14.8L20 20";

interface Scene {
  readonly model: MapModel;
  readonly placement: Placement;
  readonly curves: ReadonlyMap<string, Curve>;
  readonly palette: Palette;
}

const onBand = (model: MapModel, edges: ReadonlySet<string>) =>
  model.arcs.filter((arc) => arc.edges.some(({ id }) => edges.has(id)));

/** What carries the scissors: a message is cut where it goes into its topic, not on both hops. */
export const cutArcs = (model: MapModel, { cut }: Band) =>
  onBand(model, cut).filter(({ message, from }) => !message || model.nodeById.get(from)?.node.kind !== "topic");

/** Under everything else. The colour is opaque, so that crossing parts do not add up. */
export function paintBand(
  context: Pen,
  { members, topics, edges, broad }: Band,
  { model, placement, curves, palette }: Scene,
  zoom: number,
): void {
  const width = Math.max(broad ? WIDTH.broad : WIDTH.thin, LEAST_SEEN / zoom);
  context.save();
  context.globalAlpha = 1;
  context.strokeStyle = palette["cycle-band"];
  context.fillStyle = palette["cycle-band"];
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  // A message may stand for what its consumer reads from others: where it comes from is not on the way.
  const nodes = new Set([...members, ...topics]);
  for (const arc of onBand(model, edges)) {
    const curve = curves.get(arc.id);
    if (curve && nodes.has(arc.from) && nodes.has(arc.to)) context.stroke(curve.path);
  }
  for (const id of nodes) {
    const at = placement.positions.get(id);
    const node = model.nodeById.get(id);
    if (!at || !node) continue;
    const [w, h] = [node.width / 2 + ROOM, node.height / 2 + ROOM];
    const around = shape(
      node.node.kind === "topic" ? roundRect(at.x - w, at.y - h, 2 * w, 2 * h, h) : circle(at.x, at.y, w),
    );
    context.fill(around);
    context.stroke(around);
  }
  context.restore();
}

/** Over everything else. @param scale how much larger than the map they are. */
export function paintBandMarks(
  context: Pen,
  band: Band,
  { model, placement, curves, palette }: Scene,
  scale: number,
): void {
  const { members, numbered } = band;
  context.globalAlpha = 1;
  if (numbered)
    for (const [index, id] of members.entries()) {
      const at = placement.positions.get(id);
      const node = model.nodeById.get(id);
      if (at && node)
        paintNumber(context, index + 1, at.x - node.width / 2 - 1, at.y - node.height / 2, palette, scale);
    }
  for (const arc of cutArcs(model, band)) {
    const curve = curves.get(arc.id);
    if (curve) paintScissors(context, curve.cut.x, curve.cut.y, palette);
  }
}

function paintNumber(context: Pen, number: number, x: number, y: number, palette: Palette, scale: number): void {
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.fillStyle = palette.cycle;
  context.fill(shape(circle(0, 0, 9)));
  context.font = NUMBER_FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = palette["ink-inverse"];
  context.fillText(String(number), 0, 0.5);
  context.restore();
}

function paintScissors(context: Pen, x: number, y: number, palette: Palette): void {
  const disc = shape(circle(x, y, 11));
  context.fillStyle = palette.surface;
  context.fill(disc);
  context.strokeStyle = palette.cycle;
  context.lineWidth = 1.5;
  context.stroke(disc);
  context.save();
  context.translate(x - 7, y - 7);
  context.scale(14 / 24, 14 / 24);
  context.strokeStyle = palette["cycle-text"];
  context.lineWidth = 2.4;
  context.lineCap = "round";
  context.stroke(shape(SCISSORS));
  context.restore();
}
