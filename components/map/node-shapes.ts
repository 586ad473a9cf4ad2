// Outlines of nodes by kind, around the origin. Shares of the ring begin at the top and run clockwise.
import type { MapNode } from "./map-model";
import { circle, n, polygon, roundRect, type Shape, shape } from "./shapes";

export const CORNER = 0.27;
const CLOUD_WIDTH = 36;

const PIPE = "M0-11H23A6 11 0 0 1 23 11H-23A6 11 0 0 1-23-11Z";

const square = ({ width }: MapNode): string =>
  roundRect(-width / 2, -width / 2, width, width, Math.min(10, width * CORNER));

const squareLength = ({ width }: MapNode): number => 4 * width - Math.min(10, width * CORNER) * (8 - 2 * Math.PI);

function cylinder({ width }: MapNode): string {
  const r = width / 2;
  const [w, e] = [r * 0.84, r * 0.3];
  const cap = (sweepX: number, y: number): string => `A${n(w)} ${n(e)} 0 0 1 ${n(sweepX)} ${n(y)}`;
  return `M0 ${n(-r)}${cap(w, -r + e)}V${n(r - e)}${cap(0, r)}${cap(-w, r - e)}V${n(-r + e)}${cap(0, -r)}Z`;
}

function hexagon({ width }: MapNode): string {
  const q = (width / 2) * 1.06;
  const [x, y] = [q * 0.52, q * 0.9];
  return polygon([0, -y], [x, -y], [q, 0], [x, y], [-x, y], [-q, 0], [-x, -y]);
}

/** The cloud's path data with every number scaled; flags of arcs are no lengths. */
function cloud({ width }: MapNode): string {
  const k = width / CLOUD_WIDTH;
  const arc = (r: number, x: number, y: number): string => `a${n(r * k)} ${n(r * k)} 0 0 1 ${n(x * k)} ${n(y * k)}`;
  return `M${n(-10 * k)} ${n(12 * k)}${arc(8, -1.5, -15.6)}${arc(11, 20.5, -3.4)}${arc(9.6, 2, 19)}Z`;
}

interface Kind {
  readonly outline: (node: MapNode) => string;
  /** Length of the outline, roughly: what the shares of the ring are taken of. */
  readonly length: (node: MapNode) => number;
}

const SQUARE: Kind = { outline: square, length: squareLength };
const CYLINDER: Kind = { outline: cylinder, length: ({ width }) => 3.35 * width };
const KINDS: Record<MapNode["node"]["kind"], Kind> = {
  service: SQUARE,
  mesh: SQUARE,
  entry: { outline: ({ width }) => circle(0, 0, width / 2), length: ({ width }) => Math.PI * width },
  gateway: { outline: hexagon, length: ({ width }) => 3.2 * width },
  database: CYLINDER,
  cache: CYLINDER,
  topic: { outline: () => PIPE, length: () => 146 },
  external: { outline: cloud, length: ({ width }) => 2.65 * width },
};

/** There are few sizes and kinds, and they are drawn in every frame. */
const known = new Map<string, Shape>();

export function nodeOutline(node: MapNode): Shape {
  const key = `${node.node.kind} ${node.width}`;
  let outline = known.get(key);
  if (!outline) {
    outline = shape(KINDS[node.node.kind].outline(node));
    known.set(key, outline);
  }
  return outline;
}

export const outlineLength = (node: MapNode): number => KINDS[node.node.kind].length(node);

/** The back rim of round bodies, thin; null for the others. */
export function nodeRim(node: MapNode): Shape | null {
  const r = node.width / 2;
  if (node.node.kind === "topic") return shape("M23 11A6 11 0 0 1 23-11");
  if (node.node.kind !== "database" && node.node.kind !== "cache") return null;
  const y = n(-r + r * 0.3);
  return shape(`M${n(r * 0.84)} ${y}A${n(r * 0.84)} ${n(r * 0.3)} 0 0 1 ${n(-r * 0.84)} ${y}`);
}
