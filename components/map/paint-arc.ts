// Draws one arc: line, head, halo when selected, and the plate with its number.

import type { Hue } from "@/lib/overlays/overlay";
import type { Curve } from "./geometry";
import type { MapArc } from "./map-model";
import { paintSign } from "./paint-sign";
import { coloursOf, type Palette } from "./palette";

const DASH = [7, 4];
const HALO = 9;
const PLATE_FONT = '11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const PLATE_STRONG = '600 11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';

export function paintArc(
  context: CanvasRenderingContext2D,
  arc: MapArc,
  curve: Curve,
  colours: Palette,
  hue: Hue,
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
  const colour = coloursOf(arc.display, hue, colours).mark;
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

/** The arc's number on its middle: bordered where it says something of its own, signed where something is wrong. */
export function paintPlate(
  context: CanvasRenderingContext2D,
  arc: MapArc,
  curve: Curve,
  colours: Palette,
  hue: Hue,
): void {
  const { level, text, marked = false } = arc.display;
  const sign = level === "bad" || level === "warn" ? level : null;
  const strong = sign !== null || (hue !== "health" && marked);
  const colour = sign ? { mark: colours[sign], text: colours[`${sign}-text`] } : coloursOf(arc.display, hue, colours);
  context.font = strong ? PLATE_STRONG : PLATE_FONT;
  const width = context.measureText(text).width + (sign ? 12 : 0) + 8;
  const { x, y } = curve.middle;
  context.beginPath();
  context.roundRect(x - width / 2, y - 8, width, 16, 3);
  context.fillStyle = strong ? colours.surface : colours.canvas;
  context.fill();
  if (strong) {
    context.strokeStyle = colour.mark;
    context.lineWidth = 0.75;
    context.stroke();
  }
  if (sign) paintSign(context, sign, x - width / 2 + 9, y, 3.6, colours);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour.text;
  context.fillText(text, x + (sign ? 6 : 0), y + 0.5);
}
