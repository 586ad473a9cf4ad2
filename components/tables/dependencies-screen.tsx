// Every edge in one table: sorted, filtered by names and numbers, exported as it stands.
"use client";
import { Filter } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useDeferredValue, useMemo, useState } from "react";
import { FirstRun } from "@/components/first-run/first-run";
import { EdgePanel } from "@/components/panel/edge-panel";
import { Button } from "@/components/ui/button";
import { saveBlob } from "@/components/ui/save-blob";
import { Sign } from "@/components/ui/sign";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError } from "@/lib/client/api";
import { useGraph } from "@/lib/client/use-graph";
import type { Graph, GraphEdge } from "@/lib/contract/graph";
import { plural } from "@/lib/domain/format-number";
import { csv } from "@/lib/export/csv";
import { edgeFilter } from "@/lib/graph/edge-filter";
import { GraphBar } from "../shell/graph-bar";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { useView, type View } from "../shell/use-view";
import { DependenciesTable } from "./dependencies-table";

export function DependenciesScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const { data: graph, error } = live.query;
  const router = useRouter();
  const mapWith = (selection: string): void => {
    const search = new URLSearchParams(location.search);
    search.delete("filter");
    search.set("sel", selection);
    router.push(`/map?${search}`);
  };
  return (
    <Shell title="Dependencies" bar={<GraphBar view={view} live={live} onPick={(id) => mapWith(`node:${id}`)} />}>
      {error instanceof ApiError && error.status === 401 ? (
        <main>
          <TokenForm />
        </main>
      ) : graph ? (
        graph.nodes.length === 0 ? (
          <main className="min-w-0">
            <FirstRun onWindow={view.setWindow} />
          </main>
        ) : (
          <Loaded view={view} graph={graph} onMap={mapWith} />
        )
      ) : (
        <main>
          {error ? (
            <ErrorState
              title="The table did not come."
              detail={error.message}
              onRetry={() => void live.query.refetch()}
            />
          ) : (
            <Skeleton rows={12} />
          )}
        </main>
      )}
    </Shell>
  );
}

function Loaded({ view, graph, onMap }: { view: View; graph: Graph; onMap: (selection: string) => void }) {
  const [text, setText] = useQueryState("filter", parseAsString.withDefault(""));
  const wanted = useDeferredValue(text);
  const filter = useMemo(() => edgeFilter(wanted, graph), [wanted, graph]);
  const edges = useMemo(() => graph.edges.filter(filter.matches), [graph, filter]);
  const [current, setCurrent] = useState<string | null>(null);
  const selected =
    view.selection?.kind === "edge" ? graph.edges.find(({ id }) => id === view.selection?.id) : undefined;
  const choose = (edge: GraphEdge): void => view.select({ kind: "edge", id: edge.id });
  return (
    <main className="relative flex min-h-0 min-w-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex shrink-0 items-center gap-2 border-b border-line bg-surface px-4 py-2.5">
          <label className="flex h-7 w-90 items-center gap-2 rounded-sm border border-line-strong px-2 has-focus-visible:outline-2 has-focus-visible:outline-focus">
            <Filter size={13} strokeWidth={1.6} aria-hidden="true" />
            <input
              value={text}
              onChange={(event) => void setText(event.target.value || null)}
              aria-label="Filter edges"
              aria-invalid={filter.problem !== null}
              placeholder="checkout, errors > 1 %, p99 > 500 ms"
              className="flex-1 bg-transparent font-mono text-xs outline-none placeholder:text-ink-3"
            />
          </label>
          {filter.problem && (
            <span role="alert" className="truncate text-xs text-bad-text" title={filter.problem}>
              {filter.problem}
            </span>
          )}
          <span className="flex-1" />
          <span className="text-xs text-ink-3" role="status">
            {edges.length === graph.edges.length
              ? plural(edges.length, "edge")
              : `${edges.length} of ${plural(graph.edges.length, "edge")}`}
          </span>
          <Button
            onClick={() =>
              saveBlob(
                new Blob([csv.write([{ ...graph, edges }])], { type: csv.mediaType }),
                `dependencies.${csv.extension}`,
              )
            }
          >
            Export CSV
          </Button>
          <Button disabled={current === null} onClick={() => current && onMap(`edge:${current}`)}>
            Show on map
          </Button>
        </div>
        {edges.length === 0 ? (
          <EmptyState title="No edge matches.">
            <Button onClick={() => void setText(null)}>Clear the filter</Button>
          </EmptyState>
        ) : (
          <DependenciesTable
            graph={graph}
            edges={edges}
            current={selected?.id ?? current}
            onCurrent={setCurrent}
            onOpen={choose}
            onMap={(edge) => onMap(`edge:${edge.id}`)}
            onClose={() => view.select(null)}
          />
        )}
        <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
          <b className="font-semibold text-ink">Errors</b>
          <span className="flex items-center gap-1.5">
            <Sign level="warn" /> degraded 0.1–1 %
          </span>
          <span className="flex items-center gap-1.5">
            <Sign level="bad" /> failing ≥ 1 %
          </span>
          <span className="text-2xs text-ink-3">– no measurement, not zero · 0 % calls seen, none failed</span>
          <span className="ml-auto text-2xs text-ink-3">↑ ↓ row · Enter panel · M on map</span>
        </footer>
      </div>
      {selected && (
        <EdgePanel
          key={selected.id}
          graph={graph}
          edge={selected}
          params={view.params}
          live={view.live}
          onClose={() => view.select(null)}
        />
      )}
    </main>
  );
}
