// Draws one node: a quiet body, a ring that shows shares from the top, a tag inside, name and number below.
import type { Hue } from "@/lib/overlays/overlay";
import type { Point } from "./geometry";
import type { MapNode } from "./map-model";
import { paintSign } from "./paint-sign";
import { coloursOf, type Palette } from "./palette";

const SMALLEST_SHARE = 0.07;
const CORNER = 0.27;
const LONGEST_NAME = 28;
export const NAME_FONT = '550 12px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const METRIC_FONT = '11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const METRIC_STRONG = '600 11px "IBM Plex Sans Variable", "IBM Plex Sans", sans-serif';
const TAG_FONT = '500 10px "IBM Plex Mono", monospace';

export interface NodeMarks {
  readonly selected: boolean;
  readonly focused: boolean;
  readonly hue: Hue;
  readonly names: boolean;
  readonly numbers: boolean;
}

export const shownName = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 13)}…${name.slice(-12)}`;

/** Draws around the origin. */
const SHAPES: Record<MapNode["node"]["kind"], (path: Path2D, node: MapNode) => void> = {
  service: roundRect,
  mesh: roundRect,
  entry: (path, { width }) => path.arc(0, 0, width / 2, -Math.PI / 2, 1.5 * Math.PI),
  gateway: (path, { width }) => {
    const q = (width / 2) * 1.06;
    path.moveTo(0, -q * 0.9);
    path.lineTo(q * 0.52, -q * 0.9);
    path.lineTo(q, 0);
    path.lineTo(q * 0.52, q * 0.9);
    path.lineTo(-q * 0.52, q * 0.9);
    path.lineTo(-q, 0);
    path.lineTo(-q * 0.52, -q * 0.9);
    path.closePath();
  },
  database: cylinder,
  cache: cylinder,
  topic: (path) => {
    path.moveTo(0, -11);
    path.lineTo(23, -11);
    path.ellipse(23, 0, 6, 11, 0, -Math.PI / 2, Math.PI / 2);
    path.lineTo(-23, 11);
    path.ellipse(-23, 0, 6, 11, 0, Math.PI / 2, 1.5 * Math.PI);
    path.closePath();
  },
  external: (path, { width }) => {
    const k = width / 36;
    path.addPath(
      new Path2D("M-10 12a8 8 0 0 1-1.500-15.600a11 11 0 0 1 20.500-3.400a9.600 9.600 0 0 1 2 19Z"),
      new DOMMatrix([k, 0, 0, k, 0, 0]),
    );
  },
};

function roundRect(path: Path2D, { width }: MapNode): void {
  const r = width / 2;
  const corner = Math.min(10, width * CORNER);
  path.moveTo(0, -r);
  path.lineTo(r - corner, -r);
  path.arcTo(r, -r, r, r, corner);
  path.arcTo(r, r, -r, r, corner);
  path.arcTo(-r, r, -r, -r, corner);
  path.arcTo(-r, -r, r, -r, corner);
  path.closePath();
}

function cylinder(path: Path2D, { width }: MapNode): void {
  const r = width / 2;
  const w = r * 0.84;
  const e = r * 0.3;
  path.moveTo(0, -r);
  path.ellipse(0, -r + e, w, e, 0, -Math.PI / 2, 0);
  path.lineTo(w, r - e);
  path.ellipse(0, r - e, w, e, 0, 0, Math.PI);
  path.lineTo(-w, -r + e);
  path.ellipse(0, -r + e, w, e, 0, Math.PI, 1.5 * Math.PI);
  path.closePath();
}

/** The back rim of round bodies, thin. */
function rim(node: MapNode): Path2D | null {
  const path = new Path2D();
  const r = node.width / 2;
  if (node.node.kind === "topic") path.ellipse(23, 0, 6, 11, 0, Math.PI / 2, 1.5 * Math.PI);
  else if (node.node.kind === "database" || node.node.kind === "cache")
    path.ellipse(0, -r + r * 0.3, r * 0.84, r * 0.3, 0, 0, Math.PI);
  else return null;
  return path;
}

/** Length of an outline, roughly: what the shares of the ring are taken of. */
const OUTLINE: Record<MapNode["node"]["kind"], (node: MapNode) => number> = {
  service: ({ width }) => 4 * width - Math.min(10, width * CORNER) * (8 - 2 * Math.PI),
  mesh: ({ width }) => 4 * width - Math.min(10, width * CORNER) * (8 - 2 * Math.PI),
  entry: ({ width }) => Math.PI * width,
  gateway: ({ width }) => 3.2 * width,
  database: ({ width }) => 3.35 * width,
  cache: ({ width }) => 3.35 * width,
  topic: () => 146,
  external: ({ width }) => 2.65 * width,
};

export function nodeOutline(node: MapNode): Path2D {
  const path = new Path2D();
  SHAPES[node.node.kind](path, node);
  return path;
}

export function paintNode(
  context: CanvasRenderingContext2D,
  node: MapNode,
  at: Point,
  colours: Palette,
  marks: NodeMarks,
): void {
  const { display } = node;
  const outline = nodeOutline(node);
  context.save();
  context.translate(at.x, at.y);
  if (marks.selected || marks.focused) paintSelection(context, node, colours);
  context.fillStyle = colours.surface;
  context.fill(outline);
  paintRing(context, node, outline, colours, marks.hue);
  paintInside(context, node, colours);
  if (display.level === "bad" || display.level === "warn") paintBadge(context, node, display.level, colours);
  if (marks.names) paintLabel(context, node, colours, marks);
  context.restore();
}

function paintSelection(context: CanvasRenderingContext2D, node: MapNode, colours: Palette): void {
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.beginPath();
  if (node.node.kind === "entry" || node.node.kind === "external")
    context.arc(0, 0, node.width / 2 + 7, 0, 2 * Math.PI);
  else {
    const [w, h] = [node.width / 2 + 5, node.height / 2 + 5];
    context.roundRect(-w, -h, 2 * w, 2 * h, Math.min(10, node.height * CORNER) + 5);
  }
  context.stroke();
}

function paintRing(
  context: CanvasRenderingContext2D,
  node: MapNode,
  outline: Path2D,
  colours: Palette,
  hue: Hue,
): void {
  const { display, node: facts } = node;
  const quiet = display.absence !== null || (hue !== "health" && !display.marked);
  context.strokeStyle = quiet ? colours.none : hue === "health" ? colours.ok : colours[hue];
  context.lineWidth = quiet ? 1.5 : facts.kind === "external" ? 1.8 : 2.5;
  context.setLineDash(display.absence === "not_instrumented" && facts.kind !== "external" ? [3, 3] : []);
  context.stroke(outline);
  context.setLineDash([]);
  const back = rim(node);
  if (back) {
    context.save();
    context.globalAlpha *= 0.7;
    context.lineWidth = 1.5;
    context.stroke(back);
    context.restore();
  }
  const length = OUTLINE[facts.kind](node);
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

const INSIDE: Partial<Record<MapNode["node"]["kind"], { x: number; y: number }>> = {
  database: { x: 0, y: 3 },
  cache: { x: 0, y: 3 },
  topic: { x: -4, y: 0 },
};

function paintInside(context: CanvasRenderingContext2D, node: MapNode, colours: Palette): void {
  if (node.display.absence === "no_data") slash(context, node, colours.none);
  if (node.node.kind === "entry") {
    context.strokeStyle = colours["ink-3"];
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(0, -4, 4.6, 0, 2 * Math.PI);
    context.moveTo(-8, 10);
    context.ellipse(0, 10, 8, 7.4, 0, Math.PI, 2 * Math.PI);
    context.stroke();
  } else if (node.tag) {
    const { x, y } = INSIDE[node.node.kind] ?? { x: 0, y: 0 };
    context.font = TAG_FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = colours["ink-3"];
    context.fillText(node.tag, x, y + 0.5, node.width - 6);
  }
}

function slash(context: CanvasRenderingContext2D, node: MapNode, colour: string): void {
  const r = Math.min(node.width, node.height) / 2 - 5;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(-r, r);
  context.lineTo(r, -r);
  context.stroke();
}

function paintBadge(context: CanvasRenderingContext2D, node: MapNode, level: "bad" | "warn", colours: Palette): void {
  const inset = node.node.kind === "external" ? 5 : 1;
  const x = node.width / 2 - inset;
  const y = -node.height / 2 + (node.node.kind === "external" ? 8 : 1);
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.fillStyle = colours.surface;
  context.fill();
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.stroke();
  paintSign(context, level, x, y, level === "warn" ? 5 : 3.8, colours);
}

/** Where the name's baseline is, below the centre. */
const below = (node: MapNode): number => (node.node.kind === "external" ? node.height * 0.36 : node.height / 2) + 15;

function paintLabel(context: CanvasRenderingContext2D, node: MapNode, colours: Palette, marks: NodeMarks): void {
  const y = below(node) + (marks.selected ? 4 : 0);
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.strokeStyle = colours.canvas;
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.font = NAME_FONT;
  const name = shownName(node.node.name);
  context.strokeText(name, 0, y);
  context.fillStyle = node.display.absence !== null ? colours["ink-2"] : colours.ink;
  context.fillText(name, 0, y);
  const { level, text, marked = false } = node.display;
  const sign = level === "bad" || level === "warn" ? level : null;
  const strong = sign !== null || (marks.hue !== "health" && marked);
  if (!text || !(marks.numbers || strong)) return;
  context.font = strong ? METRIC_STRONG : METRIC_FONT;
  context.strokeText(text, 0, y + 13.5);
  context.fillStyle = sign ? colours[`${sign}-text`] : coloursOf(node.display, marks.hue, colours).text;
  context.fillText(text, 0, y + 13.5);
}
