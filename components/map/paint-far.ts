// The map from far away: too small for names and rings. Nodes are dots of a size that the eye finds, what is wrong stands out
// and keeps its name; calls that go well recede.
import type { Hue } from "@/lib/overlays/overlay";
import type { Curve, Point } from "./geometry";
import type { MapArc, MapNode } from "./map-model";
import type { NodeMarks } from "./paint-node";
import { paintSign } from "./paint-sign";
import { coloursOf, type Palette } from "./palette";
import type { Pen } from "./pen";
import { circle, shape } from "./shapes";

const NAME_FONT = (size: number): string => `600 ${size}px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif`;
/** Screen pixels. */
const DOT = { least: 2.2, wrong: 4.5 };
const LINE = { ok: 0.6, wrong: 1.6 };
const QUIET = 0.4;

/** @param meant whether it is on the paths or the loop that somebody looks at. */
export function paintFarArc(
  context: Pen,
  { display, width }: MapArc,
  curve: Curve,
  colours: Palette,
  hue: Hue,
  zoom: number,
  meant: boolean,
): void {
  const wrong = display.level === "bad" || display.level === "warn" || (hue !== "health" && meant && display.marked);
  context.save();
  if (!wrong) context.globalAlpha *= QUIET;
  context.strokeStyle = coloursOf(display, hue, colours).mark;
  context.lineWidth = Math.max(width, (wrong ? LINE.wrong : LINE.ok) / zoom);
  context.stroke(curve.path);
  context.restore();
}

const radiusOf = (node: MapNode, zoom: number): number => Math.max(node.width / 2, DOT.least / zoom);

export function paintFarNode(
  context: Pen,
  node: MapNode,
  at: Point,
  colours: Palette,
  { selected, hue, zoom }: NodeMarks,
): void {
  const { level } = node.display;
  const radius = radiusOf(node, zoom);
  context.save();
  context.translate(at.x, at.y);
  if (selected) {
    context.strokeStyle = colours.accent;
    context.lineWidth = 2 / zoom;
    context.stroke(shape(circle(0, 0, radius + 4 / zoom)));
  }
  if (level === "bad" || level === "warn") paintSign(context, level, 0, 0, Math.max(radius, DOT.wrong / zoom), colours);
  else {
    context.fillStyle = hue === "health" && level === "ok" ? colours.ok : coloursOf(node.display, hue, colours).mark;
    context.fill(shape(circle(0, 0, radius)));
  }
  context.restore();
}

export function paintFarName(context: Pen, node: MapNode, at: Point, colours: Palette, zoom: number): void {
  const { level } = node.display;
  const x = at.x + Math.max(radiusOf(node, zoom), DOT.wrong / zoom) + 4 / zoom;
  context.font = NAME_FONT(11 / zoom);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3 / zoom;
  context.lineJoin = "round";
  context.strokeStyle = colours.canvas;
  context.strokeText(node.label, x, at.y);
  context.fillStyle = level === "bad" ? colours["bad-text"] : level === "warn" ? colours["warn-text"] : colours.ink;
  context.fillText(node.label, x, at.y);
}
