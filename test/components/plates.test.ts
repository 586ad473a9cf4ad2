// Where numbers of calls are put: not on nodes, not on names, not on each other.
import { beforeAll, describe, expect, it } from "vitest";
import { curvesOf, type Placement } from "@/components/map/geometry";
import { type MapModel, mapModel } from "@/components/map/map-model";
import { nodeBoxes, PLATE_HEIGHT, type Plate, placePlates } from "@/components/map/plates";
import { health } from "@/lib/overlays/health";
import { loopGraph } from "@/test/helpers/loop-graph";

const WIDTH = 60;

beforeAll(() => {
  // Only a browser has it; here nothing is drawn.
  globalThis.Path2D ??= class {} as typeof Path2D;
});

const place = (arrows: string, at: Record<string, [number, number]>, needed: boolean, crossed = true) => {
  const model = mapModel(loopGraph(arrows), health);
  const placement: Placement = {
    positions: new Map(Object.entries(at).map(([id, [x, y]]) => [id, { x, y }])),
    bends: new Map(),
  };
  const curves = curvesOf(model, placement);
  const wanted = model.arcs.map((arc) => ({ arc, width: WIDTH, needed }));
  const boxes = nodeBoxes(model, placement, () => 50);
  return { model, boxes, plates: placePlates(wanted, curves, boxes, new Set(), crossed) };
};
const overlaps = (plates: readonly Plate[]): number =>
  plates.flatMap((a, i) =>
    plates.slice(i + 1).filter((b) => Math.abs(a.at.x - b.at.x) < WIDTH && Math.abs(a.at.y - b.at.y) < PLATE_HEIGHT),
  ).length;
const onNodes = (model: MapModel, plates: readonly Plate[], at: Record<string, [number, number]>): number =>
  plates.filter(({ at: plate }) =>
    model.nodes.some(({ id, width }) => {
      const [x, y] = at[id]!;
      return Math.abs(plate.x - x) < (WIDTH + width) / 2 && Math.abs(plate.y - y) < (PLATE_HEIGHT + width) / 2;
    }),
  ).length;

describe("plates", () => {
  it("sit on the middle of a line that is free", () => {
    const { plates } = place("a>b", { a: [0, 0], b: [300, 0] }, false);
    expect(plates).toHaveLength(1);
    expect(plates[0]!.at.x).toBeCloseTo(150, -1);
  });

  it("keep off a node and its name on the way", () => {
    const at: Record<string, [number, number]> = { a: [0, 0], b: [400, 0], c: [200, 8] };
    const { model, plates } = place("a>b a>c", at, true);
    expect(plates).toHaveLength(2);
    expect(onNodes(model, plates, at)).toBe(0);
  });

  it("do not cover each other, there and back between neighbours", () => {
    const { plates } = place("a>b b>a", { a: [0, 0], b: [150, 10] }, true);
    expect(plates).toHaveLength(2);
    expect(overlaps(plates)).toBe(0);
    // The saboteur's twin: both on the middle would.
    expect(overlaps(plates.map((plate) => ({ ...plate, at: { x: 75, y: 5 } })))).toBe(1);
  });

  it("are left out where there is no room, unless they have to be there", () => {
    const at: Record<string, [number, number]> = { a: [0, 0], b: [70, 0] };
    expect(place("a>b", at, false).plates).toHaveLength(0);
    expect(place("a>b", at, true).plates).toHaveLength(1);
  });

  it("are found a place among thousands at once", () => {
    const at: Record<string, [number, number]> = {};
    const arrows = new Set<string>();
    for (let i = 0; i < 1500; i++) {
      at[`s${i}`] = [(i % 40) * 150, Math.floor(i / 40) * 110];
      if (i > 0) arrows.add(`s${i}>s${Math.floor(i / 2)}`).add(`s${i}>s${Math.floor(i / 3)}`);
    }
    const started = performance.now();
    const { plates } = place([...arrows].join(" "), at, true, false);
    expect(plates).toHaveLength(arrows.size);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it("of a call to itself stand above its loop", () => {
    const { plates } = place("a>a", { a: [0, 0] }, true);
    expect(plates[0]!.at.y).toBeLessThan(-45);
  });
});
