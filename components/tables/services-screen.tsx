// Every node in one table, services first of all: filtered by kind, names and numbers, exported as it stands.
"use client";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useDeferredValue, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { ChoiceMenu } from "@/components/ui/menu";
import { saveBlob } from "@/components/ui/save-blob";
import { EmptyState } from "@/components/ui/states";
import { useGraph } from "@/lib/client/use-graph";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { formatWhole, plural } from "@/lib/domain/format-number";
import { NODE_KINDS, SENDING_KINDS } from "@/lib/domain/node";
import { csv } from "@/lib/export/csv";
import { nodesCsv } from "@/lib/export/nodes-csv";
import { nodeFilter } from "@/lib/graph/node-filter";
import { servicePath } from "../services/service-path";
import { GraphBar } from "../shell/graph-bar";
import { GraphContent } from "../shell/graph-content";
import { Shell } from "../shell/shell";
import { useView } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { NODE_KIND_WORDS } from "../words";
import { FilterField } from "./filter-field";
import { ServicesTable } from "./services-table";
import { TableFoot } from "./table-foot";

const ALL = "all";
const KINDS = [...NODE_KINDS, ALL] as const;
type Kind = (typeof KINDS)[number];
const MANY: Record<Kind, string> = {
  service: "Services",
  database: "Databases",
  cache: "Caches",
  topic: "Topics",
  external: "Externals",
  gateway: "Gateways",
  entry: "Entries",
  mesh: "Mesh",
  all: "All kinds",
};

export function ServicesScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const router = useRouter();
  const open = (id: string): void => router.push(viewLink(view.params, servicePath(id)));
  return (
    <Shell title="Services" bar={<GraphBar view={view} live={live} onPick={open} />}>
      <GraphContent view={view} live={live} failure="The table did not come.">
        {(graph) => (
          <Loaded
            graph={graph}
            onOpen={open}
            onMap={(id) => router.push(viewLink(view.params, "/map", { sel: `node:${id}` }))}
          />
        )}
      </GraphContent>
    </Shell>
  );
}

function Loaded({ graph, onOpen, onMap }: { graph: Graph; onOpen: (id: string) => void; onMap: (id: string) => void }) {
  const [text, setText] = useQueryState("filter", parseAsString.withDefault(""));
  const [kind, setKind] = useQueryState("kind", parseAsStringLiteral(KINDS).withDefault("service"));
  const wanted = useDeferredValue(text);
  const filter = useMemo(() => nodeFilter(wanted, graph), [wanted, graph]);
  const ofKind = useMemo(() => graph.nodes.filter((node) => isOfKind(node, kind)), [graph, kind]);
  const nodes = useMemo(() => ofKind.filter(filter.matches), [ofKind, filter]);
  const [current, setCurrent] = useState<string | null>(null);
  return (
    <main className="flex min-h-0 min-w-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line bg-surface px-4 py-2.5">
        <FilterField
          label="Filter services"
          placeholder="checkout, errors > 1 %, p99 > 500 ms"
          value={text}
          problem={filter.problem}
          onChange={(next) => void setText(next || null)}
        />
        <ChoiceMenu
          label="Kind"
          options={KINDS.map((value) => ({ value, label: MANY[value], hint: String(countOf(graph.nodes, value)) }))}
          value={kind}
          onChange={(next) => void setKind(next)}
        >
          {MANY[kind]}
        </ChoiceMenu>
        <span className="flex-1" />
        <span className="text-xs text-ink-3" role="status">
          {nodes.length === ofKind.length
            ? countText(nodes.length, kind)
            : `${formatWhole(nodes.length)} of ${countText(ofKind.length, kind)}`}
        </span>
        <Button onClick={() => saveBlob(new Blob([nodesCsv(graph, nodes)], { type: csv.mediaType }), "services.csv")}>
          Export CSV
        </Button>
        <Button disabled={current === null} onClick={() => current !== null && onMap(current)}>
          Show on map
        </Button>
      </div>
      {nodes.length === 0 ? (
        <EmptyState title={ofKind.length === 0 ? "None of this kind in the window." : "Nothing matches."}>
          {ofKind.length === 0 ? (
            <Button onClick={() => void setKind(ALL)}>Show all kinds</Button>
          ) : (
            <Button onClick={() => void setText(null)}>Clear the filter</Button>
          )}
        </EmptyState>
      ) : (
        <ServicesTable
          graph={graph}
          nodes={nodes}
          current={current}
          onCurrent={setCurrent}
          onOpen={({ id }) => onOpen(id)}
          onMap={({ id }) => onMap(id)}
        />
      )}
      <TableFoot keys="↑ ↓ row · Enter service · M on map" />
    </main>
  );
}

/** Gateways are services too. */
const isOfKind = (node: GraphNode, kind: Kind): boolean =>
  kind === ALL || node.kind === kind || (kind === "service" && SENDING_KINDS.has(node.kind));

const countOf = (nodes: readonly GraphNode[], kind: Kind): number =>
  nodes.filter((node) => isOfKind(node, kind)).length;

const countText = (count: number, kind: Kind): string =>
  kind === ALL ? plural(count, "node") : plural(count, NODE_KIND_WORDS[kind].toLowerCase(), MANY[kind].toLowerCase());
