// The bar of every screen about the graph: environment, window, live or paused, and what "upstream" means.
"use client";
import type { ReactNode } from "react";
import { ChoiceMenu } from "@/components/ui/menu";
import { Segmented } from "@/components/ui/segmented";
import type { LiveGraph } from "@/lib/client/use-graph";
import { isFirstRun, useStored } from "@/lib/client/use-stored";
import type { Graph } from "@/lib/contract/graph";
import { asText, formatCount } from "@/lib/domain/format-number";
import { PERSPECTIVES, type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";
import { SearchPalette } from "../search/search-palette";
import { LiveButton } from "./live-button";
import { BarDivider } from "./shell";
import { TimeMenu } from "./time-menu";
import type { View } from "./use-view";

/**
 * Before the first span there is nothing that a window or an overlay could change, so they are not there.
 * @param overlay stands between the window and the perspective. @param perspective false where nothing says "upstream".
 * @param environment that is shown, where it is not the window's.
 * @param steps see SearchPalette.
 */
export function GraphBar({
  view,
  live,
  overlay,
  perspective = true,
  environment,
  steps = false,
  onPick,
}: {
  view: View;
  live: LiveGraph;
  overlay?: ReactNode;
  perspective?: boolean;
  environment?: string;
  steps?: boolean;
  onPick: (id: string) => void;
}) {
  const graph = live.query.data ?? null;
  const stored = useStored(graph);
  const firstRun = isFirstRun(stored);
  return (
    <>
      <EnvironmentMenu
        shown={view.env ?? environment ?? graph?.environment ?? null}
        environments={(stored ?? graph)?.environments ?? []}
        nothing={environment !== undefined ? null : firstRun ? "no source yet" : "no spans here"}
        onChange={view.setEnv}
      />
      {!firstRun && (
        <>
          <TimeMenu view={view} window={graph?.window ?? null} />
          <LiveButton view={view} liveness={live.liveness} window={graph?.window ?? null} />
          {(overlay || perspective) && <BarDivider />}
          {overlay}
        </>
      )}
      {!firstRun && perspective && (
        <>
          {/* Where there is no room for all of it, it wraps out of sight. */}
          <span className="ml-2 flex h-4 min-w-0 shrink-999 flex-wrap overflow-hidden text-xs text-ink-3">
            <span className="h-4" />
            <span className="whitespace-nowrap">Upstream means</span>
          </span>
          {/* The title is what a screen reader says beside the name. */}
          <fieldset aria-label="Perspective" className="flex" title={PERSPECTIVES.map(meaningOf).join("\n")}>
            <Segmented
              label="Upstream means"
              options={PERSPECTIVES.map((value) => ({ value, label: perspectiveWords(value).label }))}
              value={view.perspective ?? graph?.perspective ?? "data-flow"}
              onChange={view.setPerspective}
            />
          </fieldset>
        </>
      )}
      <span className="flex-1" />
      <SearchPalette graph={graph} steps={steps} onPick={onPick} />
    </>
  );
}

/** `Data flow: upstream provides data · is called; downstream …`. */
function meaningOf(perspective: PerspectiveName): string {
  const { label, left, right } = perspectiveWords(perspective);
  return `${label}: ${[left, right].map(({ word, plain }) => `${word.toLowerCase()} ${plain}`).join("; ")}.`;
}

const NO_NAME = "(no environment)";

/** @param environments of everything stored where the window shows nothing. @param nothing stands there when there are none; null where there are. */
function EnvironmentMenu({
  shown,
  environments,
  nothing,
  onChange,
}: {
  shown: string | null;
  environments: Graph["environments"];
  nothing: string | null;
  onChange: (env: string) => void;
}) {
  const options = environments.map(({ name, spans }) => ({
    value: name,
    label: name || NO_NAME,
    hint: `${asText(formatCount(spans))} spans`,
  }));
  const others = options.filter(({ value }) => value !== shown).length;
  const known = shown !== "" || nothing === null || options.some(({ value }) => value === "");
  return (
    <ChoiceMenu label="Environment" options={options} value={shown} onChange={onChange}>
      <span className="max-w-44 truncate">{shown === null ? "…" : known ? shown || NO_NAME : nothing}</span>
      {others > 0 && <span className="font-normal text-ink-3">+{others}</span>}
    </ChoiceMenu>
  );
}
