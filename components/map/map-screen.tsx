// The map, its panels and its outline.
"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { FirstRun } from "@/components/first-run/first-run";
import { EdgePanel } from "@/components/panel/edge-panel";
import { NodePanel } from "@/components/panel/node-panel";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { ApiError, type MappedParams } from "@/lib/client/api";
import { useBefore } from "@/lib/client/use-before";
import { useConfiguration } from "@/lib/client/use-configuration";
import { useCycles } from "@/lib/client/use-cycles";
import { useGraph } from "@/lib/client/use-graph";
import { useSla } from "@/lib/client/use-sla";
import { useTracesGraph } from "@/lib/client/use-traces-graph";
import type { Graph } from "@/lib/contract/graph";
import type { Sla } from "@/lib/contract/sla";
import type { TracesGraph } from "@/lib/contract/trace";
import { plural } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { focusGraph } from "@/lib/graph/neighbourhood";
import { nodeMeant } from "@/lib/graph/node-meant";
import { OVERLAYS } from "@/lib/overlays";
import { BASELINES } from "@/lib/overlays/baseline";
import { cycleNamed } from "@/lib/overlays/cycles";
import type { OverlayKind } from "@/lib/overlays/overlay";
import { slaSide } from "@/lib/overlays/sla";
import { CycleBar } from "../cycles/cycle-bar";
import { CycleLinks } from "../cycles/cycle-links";
import { CyclePanel } from "../cycles/cycle-panel";
import { UNKNOWN_CYCLE } from "../cycles/cycle-words";
import { Outline } from "../outline/outline";
import { GraphBar } from "../shell/graph-bar";
import { isTyping } from "../shell/is-typing";
import { aliasNotices, configurationNotices } from "../shell/names-notices";
import { Notices } from "../shell/notices";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { useTheme } from "../shell/use-theme";
import { DEFAULT_STEPS, type Selection, useView, type View } from "../shell/use-view";
import { SlaPanel } from "../sla/sla-panel";
import { readConditions } from "../traces/conditions";
import { DemoMenu } from "./demo-menu";
import { emphasisOf, emphasisOfSpotlight } from "./emphasis";
import { ExportMenu } from "./export-menu";
import { FocusBar } from "./focus-bar";
import { Legend } from "./legend";
import { type MapArc, mapModel } from "./map-model";
import { MapNote } from "./map-note";
import { OverlayMenu, overlayKind } from "./overlay-menu";
import { Ruler } from "./ruler";
import { type MapCamera, ServiceMap } from "./service-map";
import { TracesBar } from "./traces-bar";
import { useMeantSelection } from "./use-meant-selection";
import { usePlacement } from "./use-placement";
import { Waiting } from "./waiting";
import { Zoom } from "./zoom";

/** Height of a bar over the map with the gap to the next. */
const BAR_PX = 40;

export function MapScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const graph = live.query.data;
  const conditions = useMemo(() => (view.traces === null ? null : readConditions(view.traces)), [view.traces]);
  // One trace has an environment of its own, whichever is the largest of the window.
  const env = conditions?.trace ? view.params.env : graph?.environment;
  const found = useTracesGraph({ ...view.params, env }, graph ? conditions : null, view.live);
  const sla = useSla(
    { ...view.params, env: graph?.environment },
    view.whatIf,
    graph !== undefined && (overlayKind(view).needsSla ?? false),
    view.live,
  );
  const camera = useRef<MapCamera>(null);
  const pick = (id: string): void => {
    view.select({ kind: "node", id });
    requestAnimationFrame(() => camera.current?.show(id)); // once the panel has taken its part of the width
  };
  const own = conditions?.trace ? found.data?.graph.environment : undefined;
  const overlay = (
    <>
      <OverlayMenu view={view} sla={sla.data ?? null} />
      <DemoMenu environment={own ?? graph?.environment ?? null} />
    </>
  );
  const bar = <GraphBar view={view} live={live} overlay={overlay} environment={own} steps onPick={pick} />;
  return (
    <Shell title="Map" bar={bar}>
      {conditions ? (
        <TracesContent view={view} camera={camera} found={found} conditions={conditions} />
      ) : (
        <Content
          view={view}
          camera={camera}
          graph={graph}
          error={live.query.error}
          retry={() => void live.query.refetch()}
        />
      )}
    </Shell>
  );
}

function TracesContent({
  view,
  camera,
  found,
  conditions,
}: {
  view: View;
  camera: RefObject<MapCamera | null>;
  found: UseQueryResult<TracesGraph>;
  conditions: MappedParams;
}) {
  const { data, error } = found;
  const all = (): void => view.setTraces(null);
  if (data && data.graph.nodes.length > 0)
    return (
      <LoadedMap
        view={view}
        camera={camera}
        graph={data.graph}
        stale={error}
        chosen={{ found: data, conditions, onAll: all }}
      />
    );
  if (!data && !error) return <Loading text="Mapping these traces…" />;
  return (
    <main>
      {error ? (
        <ErrorState
          title="The traces could not be mapped."
          detail={error.message}
          onRetry={() => void found.refetch()}
        />
      ) : (
        <EmptyState
          title={
            conditions.trace
              ? `No span of trace ${conditions.trace} is stored${view.env === null ? "" : " in this environment"}.`
              : "No trace in this window has a span that meets all of this."
          }
        >
          <Button onClick={all}>Back to all</Button>
        </EmptyState>
      )}
    </main>
  );
}

const Loading = ({ text }: { text: string }) => (
  <main aria-busy="true" aria-label="Loading the map" className="relative">
    <Waiting text={text} />
  </main>
);

/** The traces of a map that is made of some only. */
interface Chosen {
  readonly found: TracesGraph;
  readonly conditions: MappedParams;
  onAll(): void;
}

function Content({
  view,
  camera,
  graph,
  error,
  retry,
}: {
  view: View;
  camera: RefObject<MapCamera | null>;
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
  if (!graph) return <Loading text="Asking for the graph…" />;
  if (graph.nodes.length === 0)
    return (
      <main className="min-w-0">
        <FirstRun onWindow={view.setWindow} />
      </main>
    );
  return <LoadedMap view={view} camera={camera} graph={graph} stale={error} />;
}

function LoadedMap({
  view,
  camera,
  graph,
  stale,
  chosen = null,
}: {
  view: View;
  camera: RefObject<MapCamera | null>;
  graph: Graph;
  stale: Error | null;
  chosen?: Chosen | null;
}) {
  const whole = chosen === null;
  const { theme } = useTheme();
  const selection = useMeantSelection(graph, view.selection, view.params);
  const configuration = useConfiguration(view.params);
  const kind = overlayKind(view);
  const sla = useSla({ ...view.params, env: graph.environment }, view.whatIf, kind.needsSla ?? false, view.live);
  const cycles = useCycles({ ...view.params, env: graph.environment }, kind.needsCycles ?? false, view.live);
  const answer = kind.needsCycles ? cycles.data : undefined;
  const against = kind.against?.({ sla: sla.data ?? null, option: view.option ?? "", against: view.against }).value;
  const baseline = BASELINES.find(({ value }) => value === against);
  const earlier = useBefore(graph, baseline?.value ?? null);
  const before = (baseline && earlier.data) || null;
  const cycle = answer && cycleNamed(answer, view.cycle);
  const subject = selection?.kind === "node" ? selection.id : null;
  const overlay = useMemo(
    () =>
      kind.make({
        graph,
        before,
        against: against ?? null,
        sla: sla.data ?? null,
        cycles: answer ?? null,
        cycle: view.cycle,
        option: view.option ?? "",
        subject,
      }),
    [kind, graph, before, against, sla.data, answer, view.cycle, view.option, subject],
  );
  const focus = useMemo(
    () => view.focus && { ...view.focus, node: nodeMeant(graph, view.focus.node)?.id ?? view.focus.node },
    [view.focus, graph],
  );
  const part = useMemo(() => (focus ? focusGraph(graph, focus) : { graph, hidden: 0 }), [graph, focus]);
  const scope = whole ? (focus?.node ?? null) : `traces ${view.traces} ${focus?.node ?? ""}`;
  const model = useMemo(() => mapModel(part.graph, overlay, scope), [part, overlay, scope]);
  const { placement, generation, failure, move, rearrange } = usePlacement(model);
  const emphasis = useMemo(
    () => (overlay.spotlight ? emphasisOfSpotlight(model, overlay.spotlight, selection) : emphasisOf(model, selection)),
    [model, overlay, selection],
  );
  const [cursor, setCursor] = useState<string | null>(null);

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
      if (event.key === "Escape" && (selection || !view.cycle)) view.select(null);
      else if (event.key === "Escape") view.setCycle(null);
      else if (event.key === "o" || event.key === "O") view.setOutline(!view.outline);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [view, selection]);

  // A loop that is chosen comes into view.
  const placed = placement !== null;
  const loop = cycle?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each loop, not with every new number
  useEffect(() => {
    if (placed && cycle) camera.current?.frame(cycle.members.map(({ id }) => id));
  }, [placed, loop]);

  const node = selection?.kind === "node" ? graph.nodes.find(({ id }) => id === selection.id) : undefined;
  const edge = selection?.kind === "edge" ? graph.edges.find(({ id }) => id === selection.id) : undefined;
  const promise = kind.id === "sla" ? sla.data?.services.find(({ id }) => id === node?.id) : undefined;
  const close = (): void => view.select(null);
  const bars = [chosen, focus, answer].filter(Boolean).length;
  return (
    <main className="relative flex min-h-0 min-w-0">
      {view.outline && (
        <Outline
          model={model}
          edges={part.graph.edges.length}
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
              covered={bars * BAR_PX}
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
          ) : (
            <Waiting text={`Laying out ${plural(model.nodes.length, "node")}…`} />
          )}
          <div className={`absolute inset-x-0 ${bars > 0 ? "top-9" : "top-0"}`}>
            <Notices
              notices={[
                ...view.notices,
                ...noticesOf(view, selection, graph, kind),
                ...configurationNotices(configuration.data),
                ...(kind.needsSla ? failureOf(sla, "The ceilings did not come") : []),
                ...(kind.needsSla ? unmatchedOf(sla.data) : []),
                ...(kind.needsCycles ? failureOf(cycles, "The cycles did not come") : []),
                ...(baseline ? failureOf(earlier, `The ${baseline.label} did not come`) : []),
                ...(answer && view.cycle !== null && !cycle ? [UNKNOWN_CYCLE] : []),
                ...(cycle?.members.some(({ id }) => !model.nodeById.has(id))
                  ? ["Part of this cycle lies outside the focus."]
                  : []),
                ...(stale ? [`Not up to date: ${stale.message}`] : []),
              ]}
            />
          </div>
          <div className="pointer-events-none absolute left-3 right-14 top-2 grid justify-items-start gap-1 [&>*]:pointer-events-auto">
            {chosen && (
              <TracesBar
                found={chosen.found}
                conditions={chosen.conditions}
                params={{ ...view.params, env: graph.environment }}
                onAll={chosen.onAll}
              />
            )}
            {focus && <FocusBar graph={graph} focus={focus} hidden={part.hidden} onChange={view.setFocus} />}
            {answer && <CycleBar answer={answer} chosen={cycle ?? null} onChoose={view.setCycle} />}
          </div>
          <MapNote graph={part.graph} model={model} emphasis={emphasis} />
          <Zoom camera={camera} onOutline={() => view.setOutline(!view.outline)} onRearrange={rearrange}>
            <ExportMenu graph={part.graph} camera={camera} />
          </Zoom>
        </div>
        <Legend overlay={overlay} />
      </div>
      {answer && cycle && !node && !edge && (
        <CyclePanel
          key={cycle.id}
          answer={answer}
          cycle={cycle}
          nameOf={(id) => model.nodeById.get(id)?.node.name ?? id}
          minutes={coveredMinutes(graph)}
          onStep={view.setCycle}
          onClose={() => view.setCycle(null)}
        >
          <CycleLinks cycle={cycle} params={{ ...view.params, env: graph.environment }} />
        </CyclePanel>
      )}
      {promise && sla.data && (
        <SlaPanel
          key={promise.id}
          answer={sla.data}
          service={promise}
          side={slaSide(sla.data, view.option)}
          whatIf={view.whatIf}
          onSide={view.setOption}
          onWhatIf={view.setWhatIf}
          onClose={close}
        />
      )}
      {node && !promise && (
        <NodePanel
          key={node.id}
          graph={graph}
          model={model}
          node={node}
          params={view.params}
          live={view.live}
          onClose={close}
          onArc={selectArc}
          blast={kind.id === "blast"}
          whole={whole}
          onFocus={() => view.setFocus({ node: node.id, callers: DEFAULT_STEPS, callees: DEFAULT_STEPS })}
        />
      )}
      {edge && (
        <EdgePanel
          key={edge.id}
          graph={graph}
          edge={edge}
          params={view.params}
          live={view.live}
          whole={whole}
          onClose={close}
        />
      )}
    </main>
  );
}

/** Why an answer that the overlay needs is not there, or not the newest. */
const failureOf = ({ data, error }: UseQueryResult, absent: string): string[] =>
  error ? [`${data === undefined ? absent : "Not up to date"}: ${error.message}`] : [];

const unmatchedOf = (sla: Sla | undefined): string[] =>
  sla && sla.whatIf.unmatched.length > 0
    ? [`Nothing is changed by what-if ${sla.whatIf.unmatched.join(", ")}: there is no such call in this window.`]
    : [];

/** What the URL asks for and this graph does not have, or has under another name. */
function noticesOf(
  view: View,
  selection: Selection | null,
  graph: Graph,
  { id: overlay, comparisons }: OverlayKind,
): string[] {
  const known = selection?.kind === "edge" ? graph.edges : graph.nodes;
  const focused = view.focus && nodeMeant(graph, view.focus.node);
  return [
    ...(view.focus && !focused ? ["The node in focus is not in this window: this is the whole map."] : []),
    ...[view.selection?.kind === "node" ? view.selection.id : null, view.focus?.node ?? null].flatMap((asked) =>
      asked === null ? [] : aliasNotices(asked, nodeMeant(graph, asked)),
    ),
    ...(view.overlay !== null && view.overlay !== overlay
      ? [
          OVERLAYS.some(({ id }) => id === view.overlay)
            ? "That overlay needs more than these traces: this is Health."
            : `There is no overlay “${view.overlay}”: this is Health.`,
        ]
      : []),
    ...(comparisons && view.against !== null && !comparisons.some(({ value }) => value === view.against)
      ? [`There is nothing “${view.against}” to compare with: this is the default.`]
      : []),
    ...(selection?.kind === "edge" && selection.id !== view.selection?.id
      ? ["The selected edge is counted on this one, by the aliases in headwater.yaml."]
      : []),
    ...(selection && !known.some(({ id }) => id === selection.id)
      ? [`The selected ${selection.kind === "edge" ? "edge" : "node"} is not in this window.`]
      : []),
  ];
}
