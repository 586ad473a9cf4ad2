// What the painters draw with: the part of a canvas that a vector file can do as well. Paths are shapes.

type Drawing = Pick<
  CanvasRenderingContext2D,
  | "save"
  | "restore"
  | "translate"
  | "scale"
  | "globalAlpha"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineCap"
  | "lineJoin"
  | "lineDashOffset"
  | "setLineDash"
  | "font"
  | "textAlign"
  | "textBaseline"
  | "fillText"
  | "strokeText"
  | "measureText"
>;

export interface Pen extends Drawing {
  fill(path: Path2D): void;
  stroke(path: Path2D): void;
}
