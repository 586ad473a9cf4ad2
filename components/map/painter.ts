// Paints the whole map on one canvas: arcs, nodes, plates, in the order in which they may cover each other.
import type { Curve, Placement } from "./geometry";
import { magnified, magnifiedInSteps, namesWithRoom } from "./legible";
import type { MapArc, MapModel, MapNode } from "./map-model";
import { isStrong, paintArc, paintPlate, plateWidth } from "./paint-arc";
import { cutArcs, paintBand, paintBandMarks } from "./paint-band";
import { paintFarArc, paintFarName, paintFarNode } from "./paint-far";
import { NAME_FONT, NAME_SIZE, type NodeMarks, paintName, paintNode } from "./paint-node";
import type { Palette } from "./palette";
import type { Pen } from "./pen";
import { nodeBoxes, type Plate, placePlates } from "./plates";

/** What stands out: the rest is faded. Null when nothing is selected. */
export interface Emphasis {
  readonly nodes: ReadonlySet<string>;
  readonly arcs: ReadonlySet<string>;
  readonly selectedNode: string | null;
  readonly selectedArcs: ReadonlySet<string>;
  /** What it is, in words, where it is not the paths through what is selected. */
  readonly text?: string;
}

export interface Scene {
  readonly model: MapModel;
  readonly placement: Placement;
  readonly curves: ReadonlyMap<string, Curve>;
  readonly emphasis: Emphasis | null;
  /** Node under the keyboard's focus in the outline. */
  readonly focused: string | null;
  readonly palette: Palette;
}

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

const FADED = 0.12;
const MARGIN = 60;
/** Below this zoom only what is wrong or selected keeps its number. */
const NUMBERS_FROM = 0.6;
/** Below this one names stand out from a map that is small. */
const NAMES_FROM = 0.42;
/** Below this one looks at the whole, not at nodes. */
const FAR = 0.3;
/** Screen pixels of names there. */
const KEPT = 11;
/** Names from far away are for the worst only, or they cover each other. */
const MOST_FAR_NAMES = 24;
const PLATES_FROM = 0.5;
/** On a map of few arcs, seen closely, every call carries its number. */
const FEW_ARCS = 60;
const CLOSE = 0.7;

const ORDER: Record<MapArc["display"]["level"], number> = { none: 0, ok: 1, warn: 2, bad: 3 };

export function paintMap(context: CanvasRenderingContext2D, scene: Scene, view: Viewport): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, view.width * view.ratio, view.height * view.ratio);
  const scale = view.zoom * view.ratio;
  context.setTransform(scale, 0, 0, scale, view.x * view.ratio, view.y * view.ratio);
  paintScene(context, scene, view);
}

/** In model pixels: whoever calls has moved and scaled the pen. */
export function paintScene(context: Pen, scene: Scene, view: Viewport): void {
  const { model, placement, curves, emphasis, palette } = scene;
  const { hue } = model;
  const seen = {
    left: -view.x / view.zoom - MARGIN,
    top: -view.y / view.zoom - MARGIN,
    right: (view.width - view.x) / view.zoom + MARGIN,
    bottom: (view.height - view.y) / view.zoom + MARGIN,
  };
  const strength = (on: boolean | undefined): number => (emphasis === null || on ? 1 : FADED);
  const arcs = model.arcs
    .filter((arc) => {
      const curve = curves.get(arc.id);
      return (
        curve &&
        curve.right > seen.left &&
        curve.left < seen.right &&
        curve.bottom > seen.top &&
        curve.top < seen.bottom
      );
    })
    .sort((a, b) => rank(a, emphasis) - rank(b, emphasis));
  for (const band of model.bands) paintBand(context, band, scene, view.zoom);
  for (const arc of arcs) {
    context.globalAlpha = strength(emphasis?.arcs.has(arc.id));
    const curve = curves.get(arc.id)!;
    context.begin?.(arcTitle(model, arc));
    if (view.zoom < FAR) paintFarArc(context, arc, curve, palette, hue, view.zoom, emphasis?.arcs.has(arc.id) ?? false);
    else paintArc(context, arc, curve, palette, hue, emphasis?.selectedArcs.has(arc.id) ?? false);
    context.end?.();
  }
  const far = view.zoom < FAR;
  const larger = view.zoom < NAMES_FROM ? KEPT / NAME_SIZE / view.zoom : magnified(view.zoom);
  const numbers = view.zoom >= NUMBERS_FROM;
  const hasName =
    far || larger > 1
      ? namesOf(scene, far ? "beside" : numbers ? "below with number" : "below", NAME_SIZE * larger)
      : null;
  const seenNodes = model.nodes.flatMap((node) => {
    const at = placement.positions.get(node.id);
    if (!at || at.x < seen.left || at.x > seen.right || at.y < seen.top || at.y > seen.bottom) return [];
    const marks: NodeMarks = {
      selected: emphasis?.selectedNode === node.id,
      hue,
      focused: scene.focused === node.id,
      named: hasName?.has(node.id) ?? true,
      magnified: larger,
      numbers,
      zoom: view.zoom,
    };
    return [{ node, at, marks, alpha: strength(emphasis?.nodes.has(node.id)) }];
  });
  for (const { node, at, marks, alpha } of seenNodes) {
    context.globalAlpha = alpha;
    context.begin?.([node.node.name, node.display.text].filter(Boolean).join(", "));
    if (far) paintFarNode(context, node, at, palette, marks);
    else paintNode(context, node, at, palette, marks);
    context.end?.();
  }
  // Over every node: a name that is made larger may reach the next one.
  for (const { node, at, marks, alpha } of seenNodes) {
    context.globalAlpha = alpha;
    if (marks.named && far) paintFarName(context, node, at, palette, view.zoom);
    else if (marks.named) paintName(context, node, at, palette, marks);
  }
  context.globalAlpha = 1;
  const step = magnifiedInSteps(view.zoom);
  for (const plate of platesOf(context, scene, view.zoom)) paintPlate(context, plate, palette, hue, step);
  if (view.zoom >= NAMES_FROM) for (const band of model.bands) paintBandMarks(context, band, scene, step);
}

function arcTitle(model: MapModel, { from, to, message, display }: MapArc): string {
  const name = (id: string): string => model.nodeById.get(id)!.node.name;
  return [`${name(from)} ${message ? "⇢" : "→"} ${name(to)}`, display.text].filter(Boolean).join(", ");
}

interface Placed {
  readonly scene: Scene;
  readonly key: string;
  readonly plates: readonly Plate[];
}
/** Plates stay where they are while one pans and zooms. */
let placed: Placed | null = null;

function platesOf(context: Pen, scene: Scene, zoom: number): readonly Plate[] {
  if (zoom < NAMES_FROM) return [];
  const { model, placement, curves, emphasis } = scene;
  const few = model.arcs.length <= FEW_ARCS;
  const [close, near] = [few && zoom >= CLOSE, zoom >= PLATES_FROM];
  const step = magnifiedInSteps(zoom);
  const key = `${close} ${near} ${step}`;
  const before = placed?.scene;
  if (
    before?.model === model &&
    before.placement === placement &&
    before.curves === curves &&
    before.emphasis === emphasis &&
    placed?.key === key
  )
    return placed.plates;
  const { hue } = model;
  const shown = (arc: MapArc): boolean => {
    if (arc.display.text === "") return false;
    if (emphasis !== null) return emphasis.arcs.has(arc.id);
    const told = hue === "health" ? arc.display.level === "ok" && !arc.message : arc.display.marked === true;
    const wrong = arc.display.level === "bad" || arc.display.level === "warn";
    return (told && close) || (wrong && near);
  };
  const wanted = model.arcs
    .filter(shown)
    .sort((a, b) => rank(b, emphasis) - rank(a, emphasis) || b.width - a.width)
    .map((arc) => ({
      arc,
      width: plateWidth(context, arc, hue) * step,
      needed: isStrong(arc, hue) || emphasis?.selectedArcs.has(arc.id) === true,
    }));
  const cuts = new Set(model.bands.flatMap((band) => cutArcs(model, band).map(({ id }) => id)));
  context.font = NAME_FONT;
  const labels = new Map(model.nodes.map(({ id, label }) => [id, context.measureText(label).width]));
  const boxes = nodeBoxes(model, placement, (id) => labels.get(id) ?? 0, step);
  placed = { scene, key, plates: placePlates(wanted, curves, boxes, cuts, few, step) };
  return placed.plates;
}

/** Who is named stays so while one pans. */
let named: { readonly scene: Scene; readonly size: number; readonly ids: ReadonlySet<string> } | null = null;

/** Whose names have room. @param size of a name, model pixels. */
function namesOf(scene: Scene, place: Parameters<typeof namesWithRoom>[3], size: number): ReadonlySet<string> {
  const { model, placement, emphasis, focused } = scene;
  const before = named?.scene;
  if (
    named?.size === size &&
    before?.model === model &&
    before.placement === placement &&
    before.emphasis === emphasis &&
    before.focused === focused
  )
    return named.ids;
  const isChosen = (id: string): boolean => [emphasis?.selectedNode, focused, model.focus].includes(id);
  const ids = namesWithRoom(
    namedFirst(scene, place === "beside", isChosen),
    placement.positions,
    size,
    place,
    isChosen,
  );
  named = { scene, size, ids };
  return ids;
}

/** Whose name comes before whose where there is no room for all. From far away only the worst and what is chosen has one. */
function namedFirst({ model, emphasis }: Scene, far: boolean, isChosen: (id: string) => boolean): MapNode[] {
  const stands = (id: string): boolean => emphasis === null || emphasis.nodes.has(id);
  const order = ({ id, display: { level } }: MapNode): number =>
    isChosen(id) ? 9 : ORDER[level] + (stands(id) ? 4 : 0);
  return model.nodes
    .filter(({ id, display: { level } }) => !far || isChosen(id) || (level === "bad" && stands(id)))
    .sort((a, b) => order(b) - order(a) || b.node.errors - a.node.errors || b.node.calls - a.node.calls)
    .slice(0, far ? MOST_FAR_NAMES : undefined);
}

function rank(arc: MapArc, emphasis: Emphasis | null): number {
  if (emphasis?.selectedArcs.has(arc.id)) return 9;
  return ORDER[arc.display.level] + (emphasis?.arcs.has(arc.id) ? 4 : 0);
}
