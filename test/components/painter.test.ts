// Which names are on the map from how far away, and how large.
import { beforeAll, expect, it } from "vitest";
import { curvesOf, type Placement } from "@/components/map/geometry";
import { mapModel } from "@/components/map/map-model";
import { paintScene } from "@/components/map/painter";
import type { Palette } from "@/components/map/palette";
import type { Pen } from "@/components/map/pen";
import { health } from "@/lib/overlays/health";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

beforeAll(() => {
  globalThis.Path2D ??= class {} as typeof Path2D;
});

const palette = new Proxy({}, { get: (_, name) => `var(--${String(name)})` }) as Palette;

/** Text that is drawn, with its height on the screen. */
function textsAt(zoom: number, placement: Placement): Map<string, number> {
  const graph = graphOf(
    [graphEdge("front", "worst"), graphEdge("worst", "beside-worst"), graphEdge("worst", "far-and-degraded")],
    [
      graphNode("front", { calls: 100 }),
      graphNode("worst", { calls: 100, errors: 50 }),
      graphNode("beside-worst", { calls: 100, errors: 20 }),
      graphNode("far-and-degraded", { calls: 1000, errors: 2 }),
    ],
  );
  const model = mapModel(graph, health);
  const found = new Map<string, number>();
  const scales = [zoom];
  let font = "";
  const pen = new Proxy({} as Pen, {
    get: (_, name) => {
      if (name === "save") return () => scales.push(scales.at(-1)!);
      if (name === "restore") return () => scales.pop();
      if (name === "scale") return (factor: number) => scales.push(scales.pop()! * factor);
      if (name === "measureText") return (text: string) => ({ width: text.length * 6 });
      if (name === "fillText")
        return (text: string) => found.set(text, Number(/(\d+(\.\d+)?)px/.exec(font)![1]) * scales.at(-1)!);
      return () => {};
    },
    set: (_, name, value) => {
      if (name === "font") font = value as string;
      return true;
    },
  });
  const scene = { model, placement, curves: curvesOf(model, placement), emphasis: null, focused: null, palette };
  paintScene(pen, scene, { x: 0, y: 0, zoom, width: 4000, height: 4000, ratio: 1 });
  return found;
}

const placement: Placement = {
  positions: new Map([
    ["front", { x: 1500, y: 100 }],
    ["worst", { x: 1000, y: 100 }],
    ["beside-worst", { x: 900, y: 100 }],
    ["far-and-degraded", { x: 200, y: 600 }],
  ]),
  bends: new Map(),
};
const NAMES = ["front", "worst", "beside-worst", "far-and-degraded"];

it("has every name nearby, as large as the map", () => {
  const texts = textsAt(1, placement);
  expect(NAMES.map((name) => texts.get(name))).toEqual([12, 12, 12, 12]);
});

it("has from further away names to be read, and none over that of a worse one", () => {
  const texts = textsAt(0.35, placement);
  const shown = [...texts.keys()].filter((text) => NAMES.includes(text)).sort();
  expect(shown).toEqual(["far-and-degraded", "front", "worst"]);
  for (const name of shown) expect(texts.get(name)).toBeCloseTo(11);
  expect(texts.get("50.0 %")).toBeGreaterThan(10);
  // Where there is room, all of them.
  const apart = { ...placement, positions: new Map([...placement.positions, ["beside-worst", { x: 200, y: 100 }]]) };
  expect(textsAt(0.35, apart as Placement).has("beside-worst")).toBe(true);
});

it("has from far away the names of what fails, beside it, and none over that of a worse one", () => {
  const names = (besideWorst: { x: number; y: number }): string[] => {
    const positions = new Map([...placement.positions, ["beside-worst", besideWorst] as const]);
    return [...textsAt(0.2, { ...placement, positions }).keys()].sort();
  };
  expect(names({ x: 900, y: 100 })).toEqual(["worst"]);
  expect(names({ x: 900, y: 300 })).toEqual(["beside-worst", "worst"]);
});

it("writes nothing too small to be read, and no name over another", () => {
  const close = { ...placement, positions: new Map([...placement.positions, ["beside-worst", { x: 920, y: 100 }]]) };
  const at = (zoom: number): Map<string, number> => textsAt(zoom, close as Placement);
  for (let zoom = 0.42; zoom <= 1.2; zoom += 0.02)
    for (const size of at(zoom).values()) expect(size).toBeGreaterThanOrEqual(8.99);
  // Beside the worst there is no room for a name that is made larger; quiet ones elsewhere have it.
  const names = (zoom: number): string[] => [...at(zoom).keys()].filter((text) => NAMES.includes(text)).sort();
  expect(names(0.5)).toEqual(["far-and-degraded", "front", "worst"]);
  expect(names(1)).toEqual([...NAMES].sort());
});
