import type { Palette } from "./palette";
import type { Pen } from "./pen";
import { polygon, shape } from "./shapes";

/** The second sign beside a colour: a triangle for degraded, a square for failing. `r` is about half its height. */
export function paintSign(
  context: Pen,
  level: "warn" | "bad",
  x: number,
  y: number,
  r: number,
  colours: Palette,
): void {
  context.fillStyle = colours[level];
  const outline =
    level === "warn"
      ? polygon([x, y - r], [x + r * 1.05, y + r * 0.8], [x - r * 1.05, y + r * 0.8])
      : polygon([x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]);
  context.fill(shape(outline));
}
