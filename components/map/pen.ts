// What the painters draw with: the part of a canvas that a vector file can do as well.
import type { Shape } from "./shapes";

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
  | "font"
  | "textAlign"
  | "textBaseline"
  | "fillText"
  | "strokeText"
>;

export interface Pen extends Drawing {
  setLineDash(dash: readonly number[]): void;
  measureText(text: string): { readonly width: number };
  fill(path: Shape): void;
  stroke(path: Shape): void;
  /** A name for what is drawn until `end`, where there is a place for one. */
  begin?(title: string): void;
  end?(): void;
}
