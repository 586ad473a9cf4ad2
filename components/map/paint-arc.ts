// Draws one arc: line, head, halo when selected, and the plate with its number.
import type { Curve } from "./geometry";
import type { MapArc } from "./map-model";
import { paintSign } from "./paint-sign";
import type { Palette, Role } from "./palette";

const DASH = [7, 4];
const HALO = 9;
const PLATE_FONT = '11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const PLATE_STRONG = '600 11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';

const COLOUR: Record<MapArc["display"]["level"], Role> = { ok: "ok-line", warn: "warn", bad: "bad", none: "none" };

export function paintArc(
  context: CanvasRenderingContext2D,
  arc: MapArc,
  curve: Curve,
  colours: Palette,
  selected: boolean,
): void {
  if (selected) {
    context.save();
    context.globalAlpha *= 0.28;
    context.strokeStyle = colours.accent;
    context.lineWidth = arc.width + HALO;
    context.lineCap = "round";
    context.stroke(curve.path);
    context.restore();
  }
  const colour = colours[COLOUR[arc.display.level]];
  context.strokeStyle = colour;
  context.lineWidth = arc.width;
  context.setLineDash(arc.message ? DASH : []);
  context.stroke(curve.stroke);
  context.setLineDash([]);
  context.fillStyle = arc.inferred ? colours.canvas : colour;
  context.fill(curve.head);
  context.lineWidth = 1.3;
  context.lineJoin = "round";
  context.stroke(curve.head);
}

/** The arc's number on its middle: bordered and signed where something is wrong, plain otherwise. */
export function paintPlate(context: CanvasRenderingContext2D, arc: MapArc, curve: Curve, colours: Palette): void {
  const { level, text } = arc.display;
  const strong = level === "bad" || level === "warn" ? level : null;
  context.font = strong ? PLATE_STRONG : PLATE_FONT;
  const width = context.measureText(text).width + (strong ? 12 : 0) + 8;
  const { x, y } = curve.middle;
  context.beginPath();
  context.roundRect(x - width / 2, y - 8, width, 16, 3);
  context.fillStyle = strong ? colours.surface : colours.canvas;
  context.fill();
  if (strong) {
    context.strokeStyle = colours[strong];
    context.lineWidth = 0.75;
    context.stroke();
    paintSign(context, strong, x - width / 2 + 9, y, 3.6, colours);
  }
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = strong ? colours[`${strong}-text`] : colours["ink-3"];
  context.fillText(text, x + (strong ? 6 : 0), y + 0.5);
}
