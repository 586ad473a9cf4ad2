// Outlines as path data, which a canvas and a vector file draw alike.

/** A path for a canvas that remembers its path data. */
export type Shape = Path2D & { readonly d: string };

export const shape = (d: string): Shape => Object.assign(new Path2D(d), { d });

/** A hundredth of a model pixel is finer than anybody sees. */
export const n = (value: number): string => String(Math.round(value * 100) / 100);

export const circle = (x: number, y: number, r: number): string => ellipse(x, y, r, r);

export const ellipse = (x: number, y: number, rx: number, ry: number): string =>
  `M${n(x)} ${n(y - ry)}A${n(rx)} ${n(ry)} 0 1 1 ${n(x)} ${n(y + ry)}A${n(rx)} ${n(ry)} 0 1 1 ${n(x)} ${n(y - ry)}Z`;

export const polygon = (...points: readonly (readonly [x: number, y: number])[]): string =>
  `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join("L")}Z`;

/** Begins in the middle of the top, as shares of a ring do, and runs clockwise. */
export function roundRect(x: number, y: number, width: number, height: number, corner: number): string {
  const r = Math.min(corner, width / 2, height / 2);
  const [right, bottom] = [x + width, y + height];
  const turn = (toX: number, toY: number): string => `A${n(r)} ${n(r)} 0 0 1 ${n(toX)} ${n(toY)}`;
  return [
    `M${n(x + width / 2)} ${n(y)}H${n(right - r)}`,
    turn(right, y + r),
    `V${n(bottom - r)}`,
    turn(right - r, bottom),
    `H${n(x + r)}`,
    turn(x, bottom - r),
    `V${n(y + r)}`,
    turn(x + r, y),
    "Z",
  ].join("");
}
