import type { Palette } from "./palette";

/** The second sign beside a colour: a triangle for degraded, a square for failing. `r` is about half its height. */
export function paintSign(
  context: CanvasRenderingContext2D,
  level: "warn" | "bad",
  x: number,
  y: number,
  r: number,
  colours: Palette,
): void {
  context.fillStyle = colours[level];
  context.beginPath();
  if (level === "warn") {
    context.moveTo(x, y - r);
    context.lineTo(x + r * 1.05, y + r * 0.8);
    context.lineTo(x - r * 1.05, y + r * 0.8);
    context.closePath();
  } else context.rect(x - r, y - r, 2 * r, 2 * r);
  context.fill();
}
