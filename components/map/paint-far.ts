// The map from far away: too small for names and rings. Nodes are dots of a size that the eye finds, what is wrong stands out
// and keeps its name; calls that go well recede.
import type { Hue } from "@/lib/overlays/overlay";
import type { Curve, Point } from "./geometry";
import type { MapArc, MapNode } from "./map-model";
import { paintSign } from "./paint-sign";
import { coloursOf, type Palette } from "./palette";
import type { Pen } from "./pen";
import { circle, shape } from "./shapes";

const NAME_FONT = (size: number): string => `600 ${size}px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif`;
/** Screen pixels. */
const DOT = { least: 2.2, wrong: 4.5 };
const LINE = { ok: 0.6, wrong: 1.6 };
const QUIET = 0.4;

export function paintFarArc(context: Pen, arc: MapArc, curve: Curve, colours: Palette, hue: Hue, zoom: number): void {
  const wrong =
    hue === "health" ? arc.display.level === "bad" || arc.display.level === "warn" : arc.display.marked === true;
  context.save();
  if (!wrong) context.globalAlpha *= QUIET;
  context.strokeStyle = coloursOf(arc.display, hue, colours).mark;
  context.lineWidth = Math.max(arc.width, (wrong ? LINE.wrong : LINE.ok) / zoom);
  context.stroke(curve.path);
  context.restore();
}

/** @param named whether there is room for the name of what is wrong. */
export function paintFarNode(
  context: Pen,
  node: MapNode,
  at: Point,
  colours: Palette,
  hue: Hue,
  zoom: number,
  marks: { readonly selected: boolean; readonly named: boolean },
): void {
  const { level } = node.display;
  const radius = Math.max(node.width / 2, DOT.least / zoom);
  context.save();
  context.translate(at.x, at.y);
  if (marks.selected) {
    context.strokeStyle = colours.accent;
    context.lineWidth = 2 / zoom;
    context.stroke(shape(circle(0, 0, radius + 4 / zoom)));
  }
  if (level === "bad" || level === "warn") paintSign(context, level, 0, 0, Math.max(radius, DOT.wrong / zoom), colours);
  else {
    context.fillStyle = hue === "health" && level === "ok" ? colours.ok : coloursOf(node.display, hue, colours).mark;
    context.fill(shape(circle(0, 0, radius)));
  }
  if (marks.named) {
    const size = 11 / zoom;
    context.font = NAME_FONT(size);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineWidth = 3 / zoom;
    context.lineJoin = "round";
    context.strokeStyle = colours.canvas;
    const x = Math.max(radius, DOT.wrong / zoom) + 4 / zoom;
    const name = node.label;
    context.strokeText(name, x, 0);
    context.fillStyle = level === "bad" ? colours["bad-text"] : level === "warn" ? colours["warn-text"] : colours.ink;
    context.fillText(name, x, 0);
  }
  context.restore();
}
