// Draws as a canvas does, into a vector file: the painters of the map do not know which of both they have. Text stays text.

interface State {
  globalAlpha: number;
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineCap: "butt" | "round" | "square";
  lineJoin: "bevel" | "miter" | "round";
  lineDashOffset: number;
  font: string;
  textAlign: "start" | "end" | "left" | "right" | "center";
  textBaseline: "alphabetic" | "middle" | "top" | "hanging" | "bottom" | "ideographic";
}

/** A path that remembers its path data. */
interface Shape {
  readonly d: string;
}

const START: State = {
  globalAlpha: 1,
  fillStyle: "#000",
  strokeStyle: "#000",
  lineWidth: 1,
  lineCap: "butt",
  lineJoin: "miter",
  lineDashOffset: 0,
  font: "10px sans-serif",
  textAlign: "start",
  textBaseline: "alphabetic",
};

const ANCHORS: Record<string, string> = { center: "middle", right: "end", end: "end" };
const BASELINES: Record<string, string> = { middle: "central", top: "hanging" };
/** `550 12px "IBM Plex Sans", sans-serif`; the weight is optional. */
const FONT = /^(?:(\d+) )?([\d.]+)px (.+)$/;

/** Text as it may stand in XML: markup escaped, and without what XML has no place for. */
const xmlText = (text: string): string =>
  text
    .replace(/\s/g, " ")
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const n = (value: number): string => String(Math.round(value * 100) / 100);

export class SvgPen implements State {
  globalAlpha = START.globalAlpha;
  fillStyle = START.fillStyle;
  strokeStyle = START.strokeStyle;
  lineWidth = START.lineWidth;
  lineCap = START.lineCap;
  lineJoin = START.lineJoin;
  lineDashOffset = START.lineDashOffset;
  font = START.font;
  textAlign = START.textAlign;
  textBaseline = START.textBaseline;

  private dash: readonly number[] = [];
  private transform = "";
  private readonly saved: { readonly state: State; readonly dash: readonly number[]; readonly transform: string }[] =
    [];
  private readonly marks: string[] = [];

  /** @param widthOf a text in a font, as whoever lays it out measures it. */
  constructor(private readonly widthOf: (text: string, font: string) => number) {}

  save(): void {
    this.saved.push({ state: this.state(), dash: this.dash, transform: this.transform });
  }

  restore(): void {
    const last = this.saved.pop();
    if (!last) return;
    Object.assign(this, last.state);
    this.dash = last.dash;
    this.transform = last.transform;
  }

  translate(x: number, y: number): void {
    this.transform += `translate(${n(x)} ${n(y)})`;
  }

  scale(x: number, y: number): void {
    this.transform += `scale(${x} ${y})`;
  }

  setLineDash(dash: readonly number[]): void {
    this.dash = dash;
  }

  measureText(text: string): { readonly width: number } {
    return { width: this.widthOf(text, this.font) };
  }

  fill(path: Shape): void {
    this.add(`<path d="${xmlText(path.d)}" fill="${xmlText(this.fillStyle)}"${this.shared()}/>`);
  }

  stroke(path: Shape): void {
    this.add(`<path d="${xmlText(path.d)}" fill="none"${this.line()}${this.shared()}/>`);
  }

  fillText(text: string, x: number, y: number, most?: number): void {
    const width = most === undefined ? 0 : this.widthOf(text, this.font);
    const squeezed =
      most !== undefined && width > most ? ` textLength="${n(most)}" lengthAdjust="spacingAndGlyphs"` : "";
    this.text(text, x, y, ` fill="${xmlText(this.fillStyle)}"${squeezed}`);
  }

  strokeText(text: string, x: number, y: number): void {
    // What outlines a text is no text of its own: it is not read twice.
    this.text(text, x, y, ` fill="none" aria-hidden="true"${this.line()}`);
  }

  /** A name for what is drawn until `end`. */
  begin(title: string): void {
    this.marks.push(`<g><title>${xmlText(title)}</title>`);
  }

  end(): void {
    this.marks.push("</g>");
  }

  /** The whole file. @param view how much is seen, in the units of what was drawn. */
  document(view: { x: number; y: number; width: number; height: number }, background: string, title: string): string {
    const box = [view.x, view.y, view.width, view.height].map(n).join(" ");
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${n(view.width)}" height="${n(view.height)}" role="img">`,
      `<title>${xmlText(title)}</title>`,
      `<rect x="${n(view.x)}" y="${n(view.y)}" width="100%" height="100%" fill="${xmlText(background)}"/>`,
      ...this.marks,
      "</svg>",
      "",
    ].join("\n");
  }

  private text(text: string, x: number, y: number, paint: string): void {
    const [, weight, size = "10", family = "sans-serif"] = FONT.exec(this.font) ?? [];
    const anchor = ANCHORS[this.textAlign];
    const baseline = BASELINES[this.textBaseline];
    const font = `${weight ? ` font-weight="${weight}"` : ""} font-size="${size}" font-family="${xmlText(family)}"`;
    const place = `${anchor ? ` text-anchor="${anchor}"` : ""}${baseline ? ` dominant-baseline="${baseline}"` : ""}`;
    this.add(`<text x="${n(x)}" y="${n(y)}"${font}${place}${paint}${this.shared()}>${xmlText(text)}</text>`);
  }

  private line(): string {
    const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.map(n).join(" ")}"` : "";
    const offset = this.lineDashOffset === 0 ? "" : ` stroke-dashoffset="${n(this.lineDashOffset)}"`;
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
    return ` stroke="${xmlText(this.strokeStyle)}" stroke-width="${n(this.lineWidth)}"${dash}${offset}${cap}${join}`;
  }

  private shared(): string {
    const opacity = this.globalAlpha === 1 ? "" : ` opacity="${n(this.globalAlpha)}"`;
    return `${opacity}${this.transform ? ` transform="${this.transform}"` : ""}`;
  }

  private state(): State {
    return Object.fromEntries(Object.keys(START).map((name) => [name, this[name as keyof State]])) as unknown as State;
  }

  private add(mark: string): void {
    this.marks.push(mark);
  }
}
