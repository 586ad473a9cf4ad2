// Where the numbers of calls go: on the middle of their line where that is free, else further along it, else nowhere. What is
// wrong, selected or what the overlay is about is never left out.
import type { Curve, Placement, Point } from "./geometry";
import { along } from "./geometry";
import type { MapArc, MapModel } from "./map-model";

export interface Plate {
  readonly arc: MapArc;
  readonly at: Point;
}

interface Wanted {
  readonly arc: MapArc;
  readonly width: number;
  /** It stays, wherever it has to be. */
  readonly needed: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const PLATE_HEIGHT = 16;
/** Shares of the line, in the order in which they are tried. */
const TRIED = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
/** Beside the middle of the line, for what has to stay: above, below. */
const ASIDE = [-15, 15, -26, 26, -40, 40];
const MARGIN = 2;
const LABEL = { height: 17, below: 4, number: 14 };
const BADGE = 18;
/** Around its middle, per scissors. */
const SCISSORS = 12;

const boxAround = ({ x, y }: Point, width: number, height: number): Box => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

/** The area that two share. */
function shared(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left) + MARGIN;
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + MARGIN;
  return width > 0 && height > 0 ? width * height : 0;
}

const CELL = 128;

/** Boxes by where they lie, so that a map of thousands is asked about the few that are near. */
class Boxes {
  private readonly cells = new Map<string, Box[]>();

  add(box: Box): void {
    for (const key of keysOf(box)) {
      const cell = this.cells.get(key);
      if (cell) cell.push(box);
      else this.cells.set(key, [box]);
    }
  }

  /** The area of others that a box covers; of what lies in two cells more than once, which only makes it worse. */
  covered(box: Box): number {
    let sum = 0;
    for (const key of keysOf(box)) for (const other of this.cells.get(key) ?? []) sum += shared(box, other);
    return sum;
  }
}

function keysOf({ left, right, top, bottom }: Box): string[] {
  const keys: string[] = [];
  for (let x = Math.floor((left - MARGIN) / CELL); x <= Math.floor((right + MARGIN) / CELL); x++)
    for (let y = Math.floor((top - MARGIN) / CELL); y <= Math.floor((bottom + MARGIN) / CELL); y++)
      keys.push(`${x} ${y}`);
  return keys;
}

/** Bodies, badges and names of nodes. @param labelWidth of a node's name, model pixels. @param scale how much larger than the map it is. */
export function nodeBoxes(model: MapModel, placement: Placement, labelWidth: (id: string) => number, scale = 1): Box[] {
  return model.nodes.flatMap((node): Box[] => {
    const at = placement.positions.get(node.id);
    if (!at) return [];
    const below = at.y + node.height / 2 + LABEL.below;
    const height = (LABEL.height + (node.display.text === "" ? 0 : LABEL.number)) * scale;
    const wrong = node.display.level === "bad" || node.display.level === "warn";
    const corner = { x: at.x + node.width / 2, y: at.y - node.height / 2 };
    return [
      boxAround(at, node.width, node.height),
      ...(wrong ? [boxAround(corner, BADGE, BADGE)] : []),
      boxAround({ x: at.x, y: below + height / 2 }, labelWidth(node.id) * scale, height),
    ];
  });
}

/**
 * @param wanted the most important first.
 * @param crossed whether plates keep off other lines, too: for maps of few calls.
 * @param scale how much higher than on the map plates are; their widths have it already.
 */
export function placePlates(
  wanted: readonly Wanted[],
  curves: ReadonlyMap<string, Curve>,
  taken: readonly Box[],
  cuts: ReadonlySet<string>,
  crossed: boolean,
  scale = 1,
): Plate[] {
  const boxes = new Boxes();
  for (const box of taken) boxes.add(box);
  for (const id of cuts) {
    const curve = curves.get(id);
    if (curve) boxes.add(boxAround(curve.cut, 2 * SCISSORS, 2 * SCISSORS));
  }
  const plates: Plate[] = [];
  for (const { arc, width, needed } of wanted) {
    const curve = curves.get(arc.id);
    if (!curve) continue;
    let best: { at: Point; box: Box; cost: number } | null = null;
    for (const at of candidates(arc, curve, needed)) {
      const box = boxAround(at, width, PLATE_HEIGHT * scale);
      const cost = boxes.covered(box) + (crossed ? crossings(arc, box, curves) : 0);
      if (best === null || cost < best.cost) best = { at, box, cost };
      if (cost === 0) break;
    }
    if (!best || (best.cost > 0 && !needed)) continue;
    plates.push({ arc, at: best.at });
    boxes.add(best.box);
  }
  return plates;
}

function candidates(arc: MapArc, { points }: Curve, needed: boolean): Point[] {
  const middle = along(points, 0.5);
  const beside = (dy: number): Point => ({ x: middle.x, y: middle.y + dy });
  // The loop of a call to itself is smaller than its plate, which would hide it.
  if (arc.from === arc.to) return [beside(ASIDE[0]!)];
  return [...TRIED.map((share) => along(points, share)), ...(needed ? ASIDE.map(beside) : [])];
}

/** How many points of other lines a box covers, and the head of its own. */
function crossings(arc: MapArc, box: Box, curves: ReadonlyMap<string, Curve>): number {
  let found = 0;
  for (const [id, { points, left, right, top, bottom }] of curves) {
    if (box.left > right || box.right < left || box.top > bottom || box.bottom < top) continue;
    const last = points.length - 1;
    for (const [at, { x, y }] of points.entries())
      if (x > box.left && x < box.right && y > box.top && y < box.bottom && (id !== arc.id || at === last)) found++;
  }
  return found;
}
