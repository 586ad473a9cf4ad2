// Draws one node: a quiet body, a ring that shows shares from the top, a tag inside, name and number below.
import type { Hue } from "@/lib/overlays/overlay";
import type { Point } from "./geometry";
import { magnified } from "./legible";
import type { MapNode } from "./map-model";
import { CORNER, nodeOutline, nodeRim, outlineLength } from "./node-shapes";
import { paintSign } from "./paint-sign";
import { coloursOf, type Palette } from "./palette";
import type { Pen } from "./pen";
import { circle, n, roundRect, type Shape, shape } from "./shapes";

const SMALLEST_SHARE = 0.07;
/** Model pixels. */
export const NAME_SIZE = 12;
export const NAME_FONT = `550 ${NAME_SIZE}px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif`;
const METRIC_FONT = '11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const METRIC_STRONG = '600 11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const TAG_SIZE = 10;
const TAG_FONT = (size: number): string => `500 ${size}px "IBM Plex Mono", monospace`;

export interface NodeMarks {
  readonly selected: boolean;
  readonly focused: boolean;
  readonly hue: Hue;
  readonly named: boolean;
  readonly numbers: boolean;
  /** How much larger than the map the name is, so that it can be read. */
  readonly magnified: number;
  readonly zoom: number;
}

export function paintNode(context: Pen, node: MapNode, at: Point, colours: Palette, marks: NodeMarks): void {
  const { display } = node;
  const outline = nodeOutline(node);
  context.save();
  context.translate(at.x, at.y);
  if (marks.selected || marks.focused) paintSelection(context, node, colours);
  context.fillStyle = colours.surface;
  context.fill(outline);
  paintRing(context, node, outline, colours, marks.hue);
  paintInside(context, node, colours, marks);
  if (display.level === "bad" || display.level === "warn") paintBadge(context, node, display.level, colours);
  context.restore();
}

function paintSelection(context: Pen, node: MapNode, colours: Palette): void {
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  const [w, h] = [node.width / 2 + 5, node.height / 2 + 5];
  const round = node.node.kind === "entry" || node.node.kind === "external";
  context.stroke(
    shape(
      round
        ? circle(0, 0, node.width / 2 + 7)
        : roundRect(-w, -h, 2 * w, 2 * h, Math.min(10, node.height * CORNER) + 5),
    ),
  );
}

function paintRing(context: Pen, node: MapNode, outline: Shape, colours: Palette, hue: Hue): void {
  const { display, node: facts } = node;
  const quiet = display.absence !== null || (hue !== "health" && !display.marked);
  context.strokeStyle = quiet ? colours.none : hue === "health" ? colours.ok : colours[hue];
  context.lineWidth = quiet ? 1.5 : facts.kind === "external" ? 1.8 : 2.5;
  context.setLineDash(display.absence === "not_instrumented" && facts.kind !== "external" ? [3, 3] : []);
  context.stroke(outline);
  context.setLineDash([]);
  const back = nodeRim(node);
  if (back) {
    context.save();
    context.globalAlpha *= 0.7;
    context.lineWidth = 1.5;
    context.stroke(back);
    context.restore();
  }
  const length = outlineLength(node);
  let done = 0;
  for (const level of ["bad", "warn"] as const) {
    if (display.share[level] === 0) continue;
    const share = Math.min(1 - done, Math.max(SMALLEST_SHARE, display.share[level]));
    context.strokeStyle = colours[level];
    context.lineWidth = 3.6;
    context.setLineDash([share * length, 2 * length]);
    context.lineDashOffset = -done * length;
    context.stroke(outline);
    done += share;
  }
  context.setLineDash([]);
  context.lineDashOffset = 0;
}

/** A head and shoulders. */
const FIGURE = `${circle(0, -4, 4.6)}M-8 10A8 7.4 0 0 1 8 10`;
const INSIDE: Partial<Record<MapNode["node"]["kind"], { x: number; y: number }>> = {
  database: { x: 0, y: 3 },
  cache: { x: 0, y: 3 },
  topic: { x: -4, y: 0 },
};

function paintInside(context: Pen, node: MapNode, colours: Palette, { numbers, zoom }: NodeMarks): void {
  if (node.display.absence === "no_data") slash(context, node, colours.none);
  if (node.node.kind === "entry") {
    context.strokeStyle = colours["ink-3"];
    context.lineWidth = 1.5;
    context.stroke(shape(FIGURE));
  } else if (node.tag && numbers) {
    const { x, y } = INSIDE[node.node.kind] ?? { x: 0, y: 0 };
    context.font = TAG_FONT(TAG_SIZE * magnified(zoom, TAG_SIZE));
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = colours["ink-3"];
    context.fillText(node.tag, x, y + 0.5, node.width - 6);
  }
}

function slash(context: Pen, node: MapNode, colour: string): void {
  const r = Math.min(node.width, node.height) / 2 - 5;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke(shape(`M${n(-r)} ${n(r)}L${n(r)} ${n(-r)}`));
}

function paintBadge(context: Pen, node: MapNode, level: "bad" | "warn", colours: Palette): void {
  const inset = node.node.kind === "external" ? 5 : 1;
  const x = node.width / 2 - inset;
  const y = -node.height / 2 + (node.node.kind === "external" ? 8 : 1);
  const disc = shape(circle(x, y, 8));
  context.fillStyle = colours.surface;
  context.fill(disc);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.stroke(disc);
  paintSign(context, level, x, y, level === "warn" ? 5 : 3.8, colours);
}

/** Where the name's baseline is, below the centre. */
const below = (node: MapNode): number => (node.node.kind === "external" ? node.height * 0.36 : node.height / 2) + 15;

/** Name and number. */
export function paintName(context: Pen, node: MapNode, at: Point, colours: Palette, marks: NodeMarks): void {
  const y = below(node) + (marks.selected ? 4 : 0);
  context.save();
  context.translate(at.x, at.y);
  if (marks.magnified !== 1) {
    context.translate(0, node.height / 2);
    context.scale(marks.magnified, marks.magnified);
    context.translate(0, -node.height / 2);
  }
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.strokeStyle = colours.canvas;
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.font = NAME_FONT;
  const name = node.label;
  context.strokeText(name, 0, y);
  context.fillStyle = node.display.absence !== null ? colours["ink-2"] : colours.ink;
  context.fillText(name, 0, y);
  paintMetric(context, node, y + 13.5, colours, marks);
  context.restore();
}

function paintMetric(context: Pen, node: MapNode, y: number, colours: Palette, marks: NodeMarks): void {
  const { level, text, marked = false } = node.display;
  const sign = level === "bad" || level === "warn" ? level : null;
  const strong = sign !== null || (marks.hue !== "health" && marked);
  if (!text || !(marks.numbers || strong)) return;
  context.font = strong ? METRIC_STRONG : METRIC_FONT;
  context.strokeText(text, 0, y);
  context.fillStyle = sign ? colours[`${sign}-text`] : coloursOf(node.display, marks.hue, colours).text;
  context.fillText(text, 0, y);
}
