// What can be read from how far away: nothing is written smaller than the eye can read it, and where that makes names too wide
// for the map, the worst and the busiest keep theirs.
import type { Point } from "./geometry";
import type { MapNode } from "./map-model";

/** Screen pixels below which a text is not read. */
const LEAST = 9;
/** Model pixels of the smallest texts that are made larger: numbers, plates. */
const SMALLEST = 11;
/** Plates are placed anew with each of these steps. */
const STEP = 0.1;

/** How much larger than the map a text of a size, in model pixels, is drawn so that it can be read. */
export const magnified = (zoom: number, size = SMALLEST): number => Math.max(1, LEAST / size / zoom);

/** The same in steps, for what should not move while one zooms. */
export const magnifiedInSteps = (zoom: number): number => Math.ceil(magnified(zoom) / STEP) * STEP;

/** Of a name, by its size: the width of a character; from one to the next below it, with a number between them, and without. */
const CHARACTER = 0.6;
const LINES = { below: 1.6, "below with number": 2.7, beside: 1.2 };

/** A name: its middle, model pixels. */
interface Room {
  readonly at: Point;
  readonly width: number;
}

/**
 * Nodes whose names have room beside those of the nodes before them.
 * @param nodes the most important first. @param size of a name, model pixels. @param place by its node. @param always whoever has
 * a name anyway.
 */
export function namesWithRoom(
  nodes: readonly MapNode[],
  positions: ReadonlyMap<string, Point>,
  size: number,
  place: keyof typeof LINES,
  always: (id: string) => boolean,
): Set<string> {
  const cells = new Map<string, Room[]>();
  const high = size * LINES[place];
  const wide = 10 * size;
  const around = ({ at, width }: Room): string[] => {
    const keys: string[] = [];
    for (let column = Math.floor((at.x - width / 2) / wide); column <= Math.floor((at.x + width / 2) / wide); column++)
      for (let row = Math.floor((at.y - high) / high); row <= Math.floor((at.y + high) / high); row++)
        keys.push(`${column} ${row}`);
    return keys;
  };
  const fits = ({ id, label, width: body }: MapNode): boolean => {
    const node = positions.get(id);
    if (!node) return false;
    const width = label.length * CHARACTER * size;
    const at = place === "beside" ? { x: node.x + body / 2 + width / 2, y: node.y } : node;
    const keys = around({ at, width });
    const free = keys.every((key) =>
      (cells.get(key) ?? []).every(
        (other) => Math.abs(other.at.x - at.x) > (other.width + width) / 2 || Math.abs(other.at.y - at.y) > high,
      ),
    );
    if (!free && !always(id)) return false;
    for (const key of keys) cells.set(key, [...(cells.get(key) ?? []), { at, width }]);
    return true;
  };
  return new Set(nodes.filter(fits).map(({ id }) => id));
}
