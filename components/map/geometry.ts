// Curves of arcs: cubic segments with horizontal tangents through the points that the layout gave, from shape to shape.
import type { MapArc, MapModel, MapNode } from "./map-model";
import { n, polygon, type Shape, shape } from "./shapes";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything is. Bends are points that an arc passes, in the direction from caller to callee. */
export interface Placement {
  readonly positions: ReadonlyMap<string, Point>;
  readonly bends: ReadonlyMap<string, readonly Point[]>;
}

type Cubic = readonly [Point, Point, Point, Point];

export interface Curve {
  /** The whole line, for hit-testing and the halo. */
  readonly path: Shape;
  /** The line without its last bit, which the head covers. */
  readonly stroke: Shape;
  readonly head: Shape;
  /** Along the line, from caller to callee. */
  readonly points: readonly Point[];
  /** Where the scissors sit, nearer to the callee. */
  readonly cut: Point;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const GAP = { from: 3, to: 4 };
const MOST_SPREAD = 7;
/** Bends nearer to an end than this would only make the line wriggle. */
const ROOM = 48;
const STEPS = 16;
const CUT_AT = 0.72;

/** Half of what a node takes on the level of its centre. */
const halfWidth = (node: MapNode): number => node.width / 2;

/** Curves of all arcs whose ends are placed, by arc id. */
export function curvesOf(model: MapModel, placement: Placement): Map<string, Curve> {
  const offsets = spread(model, placement);
  const curves = new Map<string, Curve>();
  for (const arc of model.arcs) {
    const from = placement.positions.get(arc.from);
    const to = placement.positions.get(arc.to);
    if (!from || !to) continue;
    const offset = offsets.get(arc.id) ?? { from: 0, to: 0 };
    curves.set(arc.id, curveOf(segmentsOf(arc, model, placement, from, to, offset), arc.width));
  }
  return curves;
}

function segmentsOf(
  arc: MapArc,
  model: MapModel,
  placement: Placement,
  from: Point,
  to: Point,
  offset: { from: number; to: number },
): Cubic[] {
  const a = model.nodeById.get(arc.from)!;
  const b = model.nodeById.get(arc.to)!;
  if (arc.from === arc.to) return [loop(from, a)];
  const { out, into } = sidesOf(from, to);
  const start = { x: from.x + out * (halfWidth(a) + GAP.from), y: from.y + offset.from };
  const end = { x: to.x + into * (halfWidth(b) + GAP.to), y: to.y + offset.to };
  const via = (placement.bends.get(arc.id) ?? []).filter(
    ({ x }) => (x - start.x) * out > ROOM && (end.x - x) * out > ROOM,
  );
  const points = [start, ...via, end];
  if (out === into) return [bow(start, end, out)];
  return points.slice(1).map((next, at) => {
    const last = points[at]!;
    const reach = (next.x - last.x) / 2;
    return [last, { x: last.x + reach, y: last.y }, { x: next.x - reach, y: next.y }, next];
  });
}

/** On which side an arc leaves its caller and enters its callee; between nodes of one column both on the right. */
function sidesOf(from: Point, to: Point): { out: 1 | -1; into: 1 | -1 } {
  if (Math.abs(to.x - from.x) < 8) return { out: 1, into: 1 };
  return to.x < from.x ? { out: -1, into: 1 } : { out: 1, into: -1 };
}

function bow(start: Point, end: Point, side: number): Cubic {
  const reach = side * Math.min(90, 30 + Math.abs(end.y - start.y) / 4);
  return [start, { x: start.x + reach, y: start.y }, { x: end.x + reach, y: end.y }, end];
}

function loop(at: Point, node: MapNode): Cubic {
  const top = at.y - node.height / 2 - GAP.to;
  return [
    { x: at.x - 6, y: top },
    { x: at.x - 22, y: top - 30 },
    { x: at.x + 22, y: top - 30 },
    { x: at.x + 6, y: top },
  ];
}

/** Arcs that meet at one side of a node get a little room between them, in the order in which they come. */
function spread(model: MapModel, { positions, bends }: Placement): Map<string, { from: number; to: number }> {
  const sides = new Map<string, { end: "from" | "to"; arc: MapArc; towards: number }[]>();
  const add = (node: string, side: number, entry: { end: "from" | "to"; arc: MapArc; towards: number }): void => {
    const key = `${side} ${node}`;
    const list = sides.get(key);
    if (list) list.push(entry);
    else sides.set(key, [entry]);
  };
  for (const arc of model.arcs) {
    const from = positions.get(arc.from);
    const to = positions.get(arc.to);
    if (!from || !to || arc.from === arc.to) continue;
    const { out, into } = sidesOf(from, to);
    const via = bends.get(arc.id) ?? [];
    add(arc.from, out, { end: "from", arc, towards: (via[0] ?? to).y });
    add(arc.to, into, { end: "to", arc, towards: (via.at(-1) ?? from).y });
  }
  const offsets = new Map<string, { from: number; to: number }>();
  for (const [key, entries] of sides) {
    const node = model.nodeById.get(key.slice(key.indexOf(" ") + 1))!;
    const step = Math.min(MOST_SPREAD, (node.height * 0.62) / Math.max(1, entries.length - 1));
    entries.sort((a, b) => a.towards - b.towards || (a.arc.id < b.arc.id ? -1 : 1));
    entries.forEach(({ end, arc }, at) => {
      const offset = (at - (entries.length - 1) / 2) * step;
      offsets.set(arc.id, { ...(offsets.get(arc.id) ?? { from: 0, to: 0 }), [end]: offset });
    });
  }
  return offsets;
}

const pointOn = ([p, c, d, q]: Cubic, t: number): Point => {
  const u = 1 - t;
  const mix = (a: number, b: number, e: number, f: number): number =>
    u ** 3 * a + 3 * u * u * t * b + 3 * u * t * t * e + t ** 3 * f;
  return { x: mix(p.x, c.x, d.x, q.x), y: mix(p.y, c.y, d.y, q.y) };
};

function curveOf(segments: readonly Cubic[], width: number): Curve {
  const last = segments.at(-1)!;
  const [, , control, tip] = last;
  const length = 6 + width * 0.9;
  const half = 3 + width * 0.65;
  const distance = Math.hypot(tip.x - control.x, tip.y - control.y) || 1;
  const dx = (tip.x - control.x) / distance;
  const dy = (tip.y - control.y) / distance;
  const base = { x: tip.x - dx * length, y: tip.y - dy * length };
  const head = shape(
    polygon([tip.x, tip.y], [base.x - dy * half, base.y + dx * half], [base.x + dy * half, base.y - dx * half]),
  );
  const points = segments.flatMap((segment) =>
    Array.from({ length: STEPS + 1 }, (_, i) => pointOn(segment, i / STEPS)),
  );
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return {
    path: pathOf(segments),
    stroke: pathOf([...segments.slice(0, -1), [last[0], last[1], control, base]]),
    head,
    points,
    cut: along(points, CUT_AT),
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

function pathOf(segments: readonly Cubic[]): Shape {
  const [{ x, y }] = segments[0]!;
  const bend = ([, c, d, q]: Cubic): string => `C${[c.x, c.y, d.x, d.y, q.x, q.y].map(n).join(" ")}`;
  return shape(`M${n(x)} ${n(y)}${segments.map(bend).join("")}`);
}

/** The point that lies a share of the way from the first to the last. */
export function along(points: readonly Point[], share: number): Point {
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    lengths.push(lengths[i - 1]! + Math.hypot(b.x - a.x, b.y - a.y));
  }
  const wanted = lengths.at(-1)! * share;
  return points[lengths.findIndex((length) => length >= wanted)] ?? points[0]!;
}
