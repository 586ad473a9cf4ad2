// The map itself. Cytoscape keeps the camera, the nodes' places and the gestures; a canvas above it carries every mark, so that
// rings, plates and curves look as they are meant to.
"use client";
import cytoscape, { type Core } from "cytoscape";
import type { Ref } from "react";
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from "react";
import { type Curve, curvesOf, type Placement, type Point } from "./geometry";
import type { MapModel } from "./map-model";
import { type Emphasis, paintMap, type Scene } from "./painter";
import { type Palette, readPalette } from "./palette";
import { boundsOf, PADDING, pictureOf, vectorOf } from "./picture";

const ZOOM = { min: 0.01, max: 2.5, step: 1.3, fitMost: 1.15, readable: 0.6 };
const CAMERA_MS = 240;
/** How near, in screen pixels, a pointer has to be to hit an arc. */
const REACH = 12;

export interface MapCamera {
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  /** The whole map as a PNG, twice as fine as on the screen; null when there is none. */
  picture(): Promise<Blob | null>;
  /** The same as an SVG file. */
  vector(): string | null;
  /** Brings a node into view. */
  show(id: string): void;
  /** Brings these nodes into view, near enough to read them; does nothing where they are. */
  frame(ids: readonly string[]): void;
}

interface Props {
  readonly model: MapModel;
  readonly placement: Placement;
  readonly generation: number;
  /** Pixels at its top that bars cover: what is shown whole stays clear of them. */
  readonly covered: number;
  readonly emphasis: Emphasis | null;
  readonly focused: string | null;
  /** Changes when the theme does. */
  readonly theme: string;
  onNode(id: string): void;
  onArc(id: string): void;
  onNothing(): void;
  onMove(id: string, to: Point): void;
  readonly ref: Ref<MapCamera>;
}

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function ServiceMap({
  model,
  placement,
  generation,
  covered,
  emphasis,
  focused,
  theme,
  onNode,
  onArc,
  onNothing,
  onMove,
  ref,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const core = useRef<Core | null>(null);
  const curves = useRef<ReadonlyMap<string, Curve>>(new Map());
  const palette = useRef<Palette | null>(null);
  const [hand, setHand] = useState(false);

  const draw = useEffectEvent((): void => {
    const cy = core.current;
    const context = canvas.current?.getContext("2d");
    if (!cy || !context || !palette.current) return;
    const { x, y } = cy.pan();
    const scene: Scene = { model, placement, curves: curves.current, emphasis, focused, palette: palette.current };
    paintMap(context, scene, {
      x,
      y,
      zoom: cy.zoom(),
      width: cy.width(),
      height: cy.height(),
      ratio: window.devicePixelRatio,
    });
  });

  const arcAt = useEffectEvent((at: Point): string | null => {
    const context = canvas.current?.getContext("2d");
    if (!context || !core.current) return null;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    let found: string | null = null;
    for (const arc of model.arcs) {
      const curve = curves.current.get(arc.id);
      if (!curve) continue;
      const reach = REACH / core.current.zoom();
      if (
        at.x < curve.left - reach ||
        at.x > curve.right + reach ||
        at.y < curve.top - reach ||
        at.y > curve.bottom + reach
      )
        continue;
      context.lineWidth = Math.max(arc.width, reach);
      if (context.isPointInStroke(curve.path, at.x, at.y)) found = arc.id;
    }
    context.restore();
    return found;
  });

  const tapNode = useEffectEvent(onNode);
  const moved = useEffectEvent(onMove);
  const tapAt = useEffectEvent((at: Point): void => {
    const arc = arcAt(at);
    if (arc) onArc(arc);
    else onNothing();
  });

  useEffect(() => {
    const container = box.current!;
    const cy = cytoscape({
      container,
      style: [
        {
          selector: "node",
          style: {
            width: "data(width)",
            height: "data(height)",
            shape: "rectangle",
            "background-opacity": 0,
            "overlay-opacity": 0,
            "border-width": 0,
          },
        },
        { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } as never },
      ],
      layout: { name: "preset" },
      minZoom: ZOOM.min,
      maxZoom: ZOOM.max,
      boxSelectionEnabled: false,
      autounselectify: true,
    });
    core.current = cy;
    cy.on("render", () => draw());
    cy.on("tap", (event) => {
      if (event.target === cy) tapAt(event.position);
      else tapNode((event.target as cytoscape.NodeSingular).id());
    });
    cy.on("drag", "node", (event) => {
      const node = event.target as cytoscape.NodeSingular;
      moved(node.id(), { ...node.position() });
    });
    cy.on("mousemove", (event) => setHand(event.target !== cy || arcAt(event.position) !== null));
    const size = new ResizeObserver(() => {
      const layer = canvas.current!;
      layer.width = container.clientWidth * window.devicePixelRatio;
      layer.height = container.clientHeight * window.devicePixelRatio;
      cy.resize();
      draw();
    });
    size.observe(container);
    void document.fonts.ready.then(() => draw());
    return () => {
      size.disconnect();
      cy.destroy();
      core.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours change with the theme
  useEffect(() => {
    palette.current = readPalette(box.current!);
    draw();
  }, [theme]);

  // Nodes and their places.
  useEffect(() => {
    const cy = core.current!;
    cy.batch(() => {
      cy.nodes().forEach((node) => {
        if (!model.nodeById.has(node.id())) node.remove();
      });
      for (const { id, width, height } of model.nodes) {
        const position = placement.positions.get(id);
        if (!position) continue;
        const known = cy.getElementById(id);
        if (known.empty()) cy.add({ data: { id, width, height }, position: { ...position } });
        else {
          known.data({ width, height });
          const now = known.position();
          if (now.x !== position.x || now.y !== position.y) known.position({ ...position });
        }
      }
    });
    curves.current = curvesOf(model, placement);
    draw();
  }, [model, placement]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn depends on these too
  useEffect(() => draw(), [emphasis, focused]);

  const showAll = (animated: boolean): void => {
    const cy = core.current;
    if (!cy || cy.nodes().empty()) return;
    const bounds = boundsOf(model, placement);
    const zoom = Math.min(
      ZOOM.fitMost,
      (cy.width() - 2 * PADDING) / bounds.width,
      (cy.height() - covered - 2 * PADDING) / bounds.height,
    );
    const pan = {
      x: cy.width() / 2 - (bounds.x + bounds.width / 2) * zoom,
      y: (covered + cy.height()) / 2 - (bounds.y + bounds.height / 2) * zoom,
    };
    if (animated && !calm()) cy.animate({ zoom, pan, duration: CAMERA_MS, easing: "ease-out" });
    else cy.viewport({ zoom, pan });
  };
  const fitNow = useEffectEvent(() => showAll(false));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new layout is shown whole
  useEffect(() => fitNow(), [generation]);

  const zoomBy = (factor: number): void => {
    const cy = core.current;
    if (!cy) return;
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  };
  useImperativeHandle(ref, () => ({
    zoomIn: () => zoomBy(ZOOM.step),
    zoomOut: () => zoomBy(1 / ZOOM.step),
    fit: () => showAll(true),
    picture: () => {
      const bounds = boundsOf(model, placement);
      const layer = document.createElement("canvas");
      const view = pictureOf(bounds);
      layer.width = view.width * view.ratio;
      layer.height = view.height * view.ratio;
      const context = layer.getContext("2d");
      if (!context || !palette.current) return Promise.resolve(null);
      paintMap(
        context,
        { model, placement, curves: curves.current, emphasis, focused: null, palette: palette.current },
        view,
      );
      context.globalCompositeOperation = "destination-over";
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = palette.current.canvas;
      context.fillRect(0, 0, layer.width, layer.height);
      return new Promise((resolve) => layer.toBlob(resolve, "image/png"));
    },
    vector: () => {
      const context = canvas.current?.getContext("2d");
      if (!context || !palette.current) return null;
      const widthOf = (text: string, font: string): number => {
        context.font = font;
        return context.measureText(text).width;
      };
      return vectorOf(
        { model, placement, curves: curves.current, emphasis, focused: null, palette: palette.current },
        widthOf,
      );
    },
    show: (id) => {
      const cy = core.current?.resize(); // a panel may have taken its part of the width just now
      const node = cy?.getElementById(id);
      if (!cy || !node || node.empty()) return;
      const { x, y } = node.renderedPosition();
      const inside = x > PADDING && y > PADDING && x < cy.width() - PADDING && y < cy.height() - PADDING;
      if (!inside) cy.animate({ center: { eles: node }, duration: calm() ? 0 : CAMERA_MS });
    },
    frame: (ids) => {
      const cy = core.current?.resize();
      const nodes = cy?.nodes().filter((node) => ids.includes(node.id()));
      if (!cy || !nodes || nodes.empty()) return;
      const box = nodes.renderedBoundingBox();
      const inside =
        box.x1 > PADDING && box.y1 > PADDING && box.x2 < cy.width() - PADDING && box.y2 < cy.height() - PADDING;
      if (inside && cy.zoom() >= ZOOM.readable) return;
      const { w, h } = nodes.boundingBox();
      const zoom = Math.min(ZOOM.fitMost, (cy.width() - 4 * PADDING) / w, (cy.height() - 4 * PADDING) / h);
      const [x, y] = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
      const { x: panX, y: panY } = cy.pan();
      const pan = {
        x: cy.width() / 2 - ((x - panX) / cy.zoom()) * zoom,
        y: cy.height() / 2 - ((y - panY) / cy.zoom()) * zoom,
      };
      cy.animate({ zoom, pan, duration: calm() ? 0 : CAMERA_MS, easing: "ease-out" });
    },
  }));

  return (
    <div className={`absolute inset-0 ${hand ? "cursor-pointer" : ""}`} aria-hidden="true">
      {/* Cytoscape would add its style sheet here, against the policy; it skips that where an element has this name. */}
      <template id="__________cytoscape_stylesheet" />
      <div ref={box} className="absolute inset-0 overflow-hidden [&_canvas]:left-0" data-testid="map-gestures" />
      <canvas ref={canvas} className="pointer-events-none absolute inset-0 size-full" data-testid="map-canvas" />
    </div>
  );
}
