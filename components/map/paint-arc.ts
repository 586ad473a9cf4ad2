// Draws one arc: line, head, halo when selected, and the plate with its number.

import type { Hue } from "@/lib/overlays/overlay";
import type { Curve } from "./geometry";
import type { MapArc } from "./map-model";
import { paintSign } from "./paint-sign";
import { coloursOf, type Palette } from "./palette";
import type { Pen } from "./pen";
import { PLATE_HEIGHT, type Plate } from "./plates";
import { roundRect, shape } from "./shapes";

const DASH = [7, 4];
const HALO = 9;
const PLATE_FONT = '11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const PLATE_STRONG = '600 11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';

export function paintArc(context: Pen, arc: MapArc, curve: Curve, colours: Palette, hue: Hue, selected: boolean): void {
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

const signOf = ({ display: { level } }: MapArc): "bad" | "warn" | null =>
  level === "bad" || level === "warn" ? level : null;

/** What says something of its own is never left out. */
export const isStrong = (arc: MapArc, hue: Hue): boolean =>
  signOf(arc) !== null || (hue !== "health" && arc.display.marked === true);

export function plateWidth(context: Pen, arc: MapArc, hue: Hue): number {
  context.font = isStrong(arc, hue) ? PLATE_STRONG : PLATE_FONT;
  return context.measureText(arc.display.text).width + (signOf(arc) ? 12 : 0) + 8;
}

/**
 * The arc's number on its line: bordered where it says something of its own, signed where something is wrong.
 * @param scale how much larger than the map it is.
 */
export function paintPlate(context: Pen, { arc, at }: Plate, colours: Palette, hue: Hue, scale: number): void {
  context.save();
  context.translate(at.x, at.y);
  context.scale(scale, scale);
  const { text } = arc.display;
  const sign = signOf(arc);
  const strong = isStrong(arc, hue);
  const colour = sign ? { mark: colours[sign], text: colours[`${sign}-text`] } : coloursOf(arc.display, hue, colours);
  const width = plateWidth(context, arc, hue);
  const plate = shape(roundRect(-width / 2, -PLATE_HEIGHT / 2, width, PLATE_HEIGHT, 3));
  context.fillStyle = strong ? colours.surface : colours.canvas;
  context.fill(plate);
  if (strong) {
    context.strokeStyle = colour.mark;
    context.lineWidth = 0.75;
    context.stroke(plate);
  }
  if (sign) paintSign(context, sign, -width / 2 + 9, 0, 3.6, colours);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour.text;
  context.fillText(text, sign ? 6 : 0, 0.5);
  context.restore();
}
