// The map as a vector file: everything that is on it is in it, and names are text whatever they are.
import { beforeAll, describe, expect, it } from "vitest";
import type { Placement, Point } from "@/components/map/geometry";
import { curvesOf } from "@/components/map/geometry";
import { mapModel } from "@/components/map/map-model";
import type { Emphasis } from "@/components/map/painter";
import type { Palette } from "@/components/map/palette";
import { vectorOf } from "@/components/map/picture";
import type { Graph } from "@/lib/contract/graph";
import { health } from "@/lib/overlays/health";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

const HOSTILE = [
  '<script>alert("1")</script>',
  "a&b's",
  "]]><!--",
  "line\nbreak",
  "nul\u0000",
  "\ud800half",
  "‮ecivres",
];

beforeAll(() => {
  // Only a browser has it; a vector file needs the path data alone.
  globalThis.Path2D ??= class {} as typeof Path2D;
});

/** Each colour is its own name. */
const palette = new Proxy({}, { get: (_, name) => `var(--${String(name)})` }) as Palette;

function drawn(graph: Graph, emphasis: Emphasis | null = null): string {
  const model = mapModel(graph, health);
  const positions = new Map<string, Point>(
    model.nodes.map(({ id }, i) => [id, { x: (i % 4) * 180, y: Math.floor(i / 4) * 120 }]),
  );
  const placement: Placement = { positions, bends: new Map() };
  const scene = { model, placement, curves: curvesOf(model, placement), emphasis, focused: null, palette };
  return vectorOf(scene, (text) => text.length * 7);
}

const KINDS = ["service", "database", "cache", "topic", "external", "gateway", "entry", "mesh"] as const;
const KINDS_GRAPH = graphOf(
  [
    graphEdge("service", "database", { kind: "database", errors: 5 }),
    graphEdge("service", "external", { inferred: true, calls: 0, state: "no_calls" }),
    graphEdge("service", "mesh", { kind: "async", via: "topic" }),
    graphEdge("gateway", "gateway"),
  ],
  KINDS.map((kind) => graphNode(kind, { kind, errors: kind === "service" ? 1 : 0, publishes: 3 })),
);

describe("the map as a vector file", () => {
  it("has every node with its name and every call with its line", () => {
    const svg = drawn(KINDS_GRAPH);
    for (const kind of KINDS) expect(svg.match(new RegExp(`>${kind}</text>`, "g")), kind).toHaveLength(2); // outlined, filled
    const titles = [...svg.matchAll(/<g><title>(.*?)<\/title>/g)].map(([, title]) => title);
    expect(titles.filter((title) => /[→⇢]/.test(title!)).sort()).toEqual([
      "gateway → gateway, 0 %",
      "service → database, 50.0 %",
      "service → external, no calls",
      "service ⇢ topic",
      "topic ⇢ mesh, 0 %",
    ]);
    expect(titles).toHaveLength(5 + KINDS.length);
    expect(svg.match(/stroke-dasharray="7 4"/g)).toHaveLength(2); // the two hops of the message, nothing else
    expect(svg).toContain('fill="var(--canvas)"');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    // The saboteur's twin: a call less is a line less.
    const less = drawn({ ...KINDS_GRAPH, edges: KINDS_GRAPH.edges.slice(1) });
    expect(less.match(/<path /g)!.length).toBeLessThan(svg.match(/<path /g)!.length);
    expect(less).not.toContain("service → database");
  });

  it("keeps names as text", () => {
    const svg = drawn(graphOf(HOSTILE.slice(1).map((name) => graphEdge(HOSTILE[0]!, name))));
    expect(svg).toContain(">&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;</text>");
    expect(svg).toContain(">a&#38;b&#39;s</text>");
    expect(svg).toContain(">line break</text>");
    expect(svg).toContain(">nul\ufffd</text>");
    expect(svg).toContain(">\ufffdhalf</text>");
    const tags = new Set([...svg.matchAll(/<\/?([^\s>]*)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(["g", "path", "rect", "svg", "text", "title"]);
    const open = svg.match(/<(g|svg|text|title)[ >]/g)!.length;
    expect(svg.match(/<\/(g|svg|text|title)>/g)).toHaveLength(open);
    expect(svg).not.toMatch(/<!|\son\w+=/);
  });

  it("fades what is faded on the map", () => {
    const graph = graphOf([graphEdge("a", "b"), graphEdge("c", "d")]);
    const ids = mapModel(graph, health).arcs.map(({ id }) => id);
    const emphasis = {
      nodes: new Set(["a", "b"]),
      arcs: new Set([ids[0]!]),
      selectedNode: null,
      selectedArcs: new Set<string>(),
    };
    const faded = (svg: string): number => svg.match(/opacity="0.12"/g)?.length ?? 0;
    expect(faded(drawn(graph))).toBe(0);
    expect(faded(drawn(graph, emphasis))).toBeGreaterThan(5);
  });
});
