// Every edge in one table: sorted, filtered by names and numbers, exported as it stands.
"use client";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useDeferredValue, useMemo, useState } from "react";
import { EdgePanel } from "@/components/panel/edge-panel";
import { Button } from "@/components/ui/button";
import { saveBlob } from "@/components/ui/save-blob";
import { EmptyState } from "@/components/ui/states";
import { useGraph } from "@/lib/client/use-graph";
import type { Graph, GraphEdge } from "@/lib/contract/graph";
import { formatWhole, plural } from "@/lib/domain/format-number";
import { csv } from "@/lib/export/csv";
import { edgeFilter } from "@/lib/graph/edge-filter";
import { GraphBar } from "../shell/graph-bar";
import { GraphContent } from "../shell/graph-content";
import { Shell } from "../shell/shell";
import { useView, type View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { DependenciesTable } from "./dependencies-table";
import { FilterField } from "./filter-field";
import { TableFoot } from "./table-foot";

export function DependenciesScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const router = useRouter();
  const mapWith = (selection: string): void => router.push(viewLink(view.params, "/map", { sel: selection }));
  return (
    <Shell title="Dependencies" bar={<GraphBar view={view} live={live} onPick={(id) => mapWith(`node:${id}`)} />}>
      <GraphContent view={view} live={live} failure="The table did not come.">
        {(graph) => <Loaded view={view} graph={graph} onMap={mapWith} />}
      </GraphContent>
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
          <FilterField
            label="Filter edges"
            placeholder="checkout, errors > 1 %, p99 > 500 ms"
            value={text}
            problem={filter.problem}
            onChange={(next) => void setText(next || null)}
          />
          <span className="flex-1" />
          <span className="text-xs text-ink-3" role="status">
            {edges.length === graph.edges.length
              ? plural(edges.length, "edge")
              : `${formatWhole(edges.length)} of ${plural(graph.edges.length, "edge")}`}
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
        <TableFoot keys="↑ ↓ row · Enter panel · M on map" />
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
