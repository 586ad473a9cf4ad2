// The whole map as it is seen, to take along: where it lies, and as a vector file.
import { SvgPen } from "@/lib/export/svg-pen";
import type { Placement } from "./geometry";
import type { MapModel, MapNode } from "./map-model";
import { paintScene, type Scene, type Viewport } from "./painter";

export const PADDING = 36;
const LARGEST_PICTURE = 6_000;
/** Half of a name, about, by its characters. */
const HALF_CHARACTER = 3.4;
const LEAST_HALF_NAME = 46;

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A view of everything at zoom 1; large maps become smaller, because a canvas has its limits. */
export function pictureOf(bounds: Bounds): Viewport {
  const zoom = Math.min(1, LARGEST_PICTURE / Math.max(bounds.width, bounds.height));
  return {
    x: PADDING - bounds.x * zoom,
    y: PADDING - bounds.y * zoom,
    zoom,
    width: Math.ceil(bounds.width * zoom + 2 * PADDING),
    height: Math.ceil(bounds.height * zoom + 2 * PADDING),
    ratio: 2,
  };
}

/** Everything that is drawn, names included. */
export function boundsOf(model: MapModel, placement: Placement): Bounds {
  const places = model.nodes.flatMap((node) => {
    const at = placement.positions.get(node.id);
    return at ? [{ at, node }] : [];
  });
  const points = [...placement.bends.values()].flat();
  const half = ({ width, label }: MapNode): number =>
    Math.max(width / 2, LEAST_HALF_NAME, label.length * HALF_CHARACTER);
  const left = Math.min(...places.map(({ at, node }) => at.x - half(node)));
  const right = Math.max(...places.map(({ at, node }) => at.x + half(node)));
  const top = Math.min(...places.map(({ at, node }) => at.y - node.height / 2), ...points.map(({ y }) => y));
  const bottom = Math.max(...places.map(({ at, node }) => at.y + node.height / 2 + 34), ...points.map(({ y }) => y));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param widthOf a text in a font. */
export function vectorOf(scene: Scene, widthOf: (text: string, font: string) => number): string {
  const { model, placement, palette } = scene;
  const { x, y, width, height } = boundsOf(model, placement);
  const box = { x: x - PADDING, y: y - PADDING, width: width + 2 * PADDING, height: height + 2 * PADDING };
  const pen = new SvgPen(widthOf);
  paintScene(pen, scene, { x: -box.x, y: -box.y, zoom: 1, width: box.width, height: box.height, ratio: 1 });
  return pen.document(box, palette.canvas, `Service map of ${model.environment || "traces"}`);
}
