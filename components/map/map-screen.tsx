// The map, its panels and its outline.
"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { FirstRun } from "@/components/first-run/first-run";
import { EdgePanel } from "@/components/panel/edge-panel";
import { NodePanel } from "@/components/panel/node-panel";
import { ChoiceMenu } from "@/components/ui/menu";
import { ErrorState } from "@/components/ui/states";
import { ApiError } from "@/lib/client/api";
import { useGraph } from "@/lib/client/use-graph";
import type { Graph } from "@/lib/contract/graph";
import { OVERLAYS } from "@/lib/overlays";
import { Outline } from "../outline/outline";
import { GraphBar } from "../shell/graph-bar";
import { isTyping } from "../shell/is-typing";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { useTheme } from "../shell/use-theme";
import { useView, type View } from "../shell/use-view";
import { emphasisOf } from "./emphasis";
import { Legend } from "./legend";
import { type MapArc, mapModel } from "./map-model";
import { MapNote } from "./map-note";
import { Ruler } from "./ruler";
import { type MapCamera, ServiceMap } from "./service-map";
import { usePlacement } from "./use-placement";
import { Zoom } from "./zoom";

/** The one that is shown. */
const overlay = OVERLAYS[0]!;

export function MapScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const graph = live.query.data;
  const menu = (
    <ChoiceMenu
      label="Overlay"
      options={OVERLAYS.map(({ id, label }) => ({ value: id, label }))}
      value={overlay.id}
      onChange={() => undefined}
    >
      <span className="font-normal text-ink-3">Overlay</span>
      {overlay.label}
    </ChoiceMenu>
  );
  const pick = (id: string): void => view.select({ kind: "node", id });
  return (
    <Shell title="Map" bar={<GraphBar view={view} live={live} overlay={menu} onPick={pick} />}>
      <Content view={view} graph={graph} error={live.query.error} retry={() => void live.query.refetch()} />
    </Shell>
  );
}

function Content({
  view,
  graph,
  error,
  retry,
}: {
  view: View;
  graph: Graph | undefined;
  error: Error | null;
  retry: () => void;
}) {
  if (error instanceof ApiError && error.status === 401)
    return (
      <main>
        <TokenForm />
      </main>
    );
  if (error && !graph) {
    return (
      <main>
        <ErrorState title="The map did not come." detail={error.message} onRetry={retry} />
      </main>
    );
  }
  if (!graph) return <main aria-busy="true" aria-label="Loading the map" />;
  if (graph.nodes.length === 0)
    return (
      <main className="min-w-0">
        <FirstRun onWindow={view.setWindow} />
      </main>
    );
  return <LoadedMap view={view} graph={graph} stale={error} />;
}

function LoadedMap({ view, graph, stale }: { view: View; graph: Graph; stale: Error | null }) {
  const { theme } = useTheme();
  const model = useMemo(() => mapModel(graph, overlay), [graph]);
  const { placement, generation, failure, move, rearrange } = usePlacement(model);
  const { selection } = view;
  const emphasis = useMemo(() => emphasisOf(model, selection), [model, selection]);
  const [cursor, setCursor] = useState<string | null>(null);
  const camera = useRef<MapCamera>(null);

  const selectArc = useCallback(
    (arc: MapArc): void => {
      const topic = model.nodeById.get(arc.from)?.node.kind === "topic" ? arc.from : arc.to;
      view.select(arc.edges.length === 1 ? { kind: "edge", id: arc.edges[0]!.id } : { kind: "node", id: topic });
    },
    [model, view],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.defaultPrevented) return;
      if (event.key === "Escape") view.select(null);
      else if (event.key === "o" || event.key === "O") view.setOutline(!view.outline);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [view]);

  const node = selection?.kind === "node" ? graph.nodes.find(({ id }) => id === selection.id) : undefined;
  const edge = selection?.kind === "edge" ? graph.edges.find(({ id }) => id === selection.id) : undefined;
  const close = (): void => view.select(null);
  return (
    <main className="flex min-h-0 min-w-0">
      {view.outline && (
        <Outline
          model={model}
          edges={graph.edges.length}
          onClose={() => view.setOutline(false)}
          onNode={(id) => view.select({ kind: "node", id })}
          onArc={selectArc}
          onCursor={setCursor}
          onFocusMap={(id) => camera.current?.show(id)}
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col bg-canvas">
        <Ruler perspective={graph.perspective} />
        <div className="relative min-h-0 flex-1">
          {placement ? (
            <ServiceMap
              ref={camera}
              model={model}
              placement={placement}
              generation={generation}
              emphasis={emphasis}
              focused={cursor}
              theme={theme}
              onNode={(id) => view.select({ kind: "node", id })}
              onArc={(id) => selectArc(model.arcById.get(id)!)}
              onNothing={close}
              onMove={move}
            />
          ) : failure ? (
            <ErrorState title="The map could not be laid out." detail={failure} onRetry={rearrange} />
          ) : null}
          {stale && (
            <p
              role="alert"
              className="absolute left-1/2 top-2 -translate-x-1/2 rounded-sm border border-warn bg-surface px-3 py-1 text-xs text-warn-text"
            >
              Not up to date: {stale.message}
            </p>
          )}
          <MapNote graph={graph} model={model} emphasis={emphasis} />
          <Zoom camera={camera} onOutline={() => view.setOutline(!view.outline)} onRearrange={rearrange} />
        </div>
        <Legend overlay={overlay} />
      </div>
      {node && (
        <NodePanel
          key={node.id}
          graph={graph}
          model={model}
          node={node}
          params={view.params}
          live={view.live}
          onClose={close}
          onArc={selectArc}
        />
      )}
      {edge && (
        <EdgePanel key={edge.id} graph={graph} edge={edge} params={view.params} live={view.live} onClose={close} />
      )}
    </main>
  );
}
