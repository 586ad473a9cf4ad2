// Nodes as rows of a table.
"use client";
import { useMemo } from "react";
import { Clipped } from "@/components/ui/clipped";
import { Quantity } from "@/components/ui/quantity";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { formatMs, formatRate, formatShare, NOTHING } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { type NeighbourCounts, neighbourCounts } from "@/lib/graph/neighbours";
import { share } from "@/lib/graph/term-filter";
import { NODE_KIND_WORDS, ROLE_WORDS, STATE_WORDS } from "../words";
import { type Column, DataTable, numberColumn, textColumn } from "./data-table";
import { dayText } from "./day-text";
import { ErrorsCell } from "./errors-cell";
import { useVersions, versionsOfNode } from "./use-versions";

interface Row {
  readonly node: GraphNode;
  readonly near: NeighbourCounts;
  /** That it has sent spans with, the last one that came first; empty where none is known. */
  readonly versions: readonly string[];
  readonly minutes: number;
}

const kindOf = ({ kind, system }: GraphNode): string =>
  system ? `${NODE_KIND_WORDS[kind]} · ${system}` : NODE_KIND_WORDS[kind];

const count = (id: keyof NeighbourCounts, header: string, width: string): Column<Row> =>
  numberColumn(
    id,
    header,
    width,
    ({ near }) => near[id],
    ({ near }) => <span className={near[id] === 0 ? "text-ink-3" : ""}>{near[id]}</span>,
  );

const COLUMNS: readonly Column<Row>[] = [
  textColumn(
    "name",
    "Name",
    "minmax(190px,2.6fr)",
    ({ node }) => node.name,
    ({ node }) =>
      node.id === node.name ? (
        <Clipped text={node.name} className="font-medium" />
      ) : (
        <span className="flex min-w-0 items-baseline gap-2">
          <Clipped text={node.name} className="font-medium" />
          <Clipped text={node.id} className="min-w-0 flex-1 font-mono text-2xs text-ink-3" />
        </span>
      ),
  ),
  textColumn("kind", "Kind", "minmax(148px,.6fr)", ({ node }) => kindOf(node)),
  textColumn(
    "role",
    "Role",
    "minmax(188px,.6fr)",
    ({ node }) => (node.role ? ROLE_WORDS[node.role] : "–"),
    ({ node }) => <span className="text-ink-2">{node.role ? ROLE_WORDS[node.role] : "–"}</span>,
  ),
  textColumn(
    "version",
    "Version",
    "76px",
    ({ versions }) => versions[0] ?? "–",
    ({ versions: [newest, ...others] }) =>
      newest === undefined ? (
        <span className="text-ink-3">–</span>
      ) : (
        <span title={[newest, ...others].join(", ")}>
          {newest}
          {others.length > 0 && <span className="text-ink-3"> +{others.length}</span>}
        </span>
      ),
  ),
  numberColumn(
    "rate",
    "Rate",
    "100px",
    ({ node }) => (node.calls === 0 ? null : node.calls),
    ({ node, minutes }) =>
      node.calls === 0 ? (
        <span className="text-ink-3">{STATE_WORDS[node.state] || "no requests"}</span>
      ) : (
        <Quantity of={formatRate(node.calls, minutes)} />
      ),
  ),
  numberColumn(
    "errors",
    "Errors",
    "84px",
    ({ node }) => share(node.errors, node.calls),
    // A delivery that fails is its consumer's failure; the topic only carries it.
    ({ node }) =>
      node.kind === "topic" ? (
        <Quantity of={formatShare(node.errors, node.calls)} />
      ) : (
        <ErrorsCell errors={node.errors} calls={node.calls} />
      ),
  ),
  numberColumn(
    "p50",
    "p50",
    "74px",
    ({ node }) => node.latency.p50Ms,
    ({ node }) => <Quantity of={node.latency.p50Ms === null ? NOTHING : formatMs(node.latency.p50Ms)} />,
  ),
  numberColumn(
    "p99",
    "p99",
    "74px",
    ({ node }) => node.latency.p99Ms,
    ({ node }) => <Quantity of={formatMs(node.latency.p99Ms)} />,
  ),
  count("calls", "Callees", "64px"),
  count("calledBy", "Callers", "62px"),
  count("publishesTo", "Publishes to", "88px"),
  count("consumesFrom", "Consumes from", "102px"),
  numberColumn(
    "last",
    "Last seen",
    "104px",
    ({ node }) => (node.lastSeen ? Date.parse(node.lastSeen) : null),
    ({ node }) => <span className="whitespace-nowrap">{dayText(node.lastSeen)}</span>,
  ),
];

const NONE: NeighbourCounts = { calls: 0, calledBy: 0, publishesTo: 0, consumesFrom: 0 };

interface Props {
  readonly graph: Graph;
  readonly nodes: readonly GraphNode[];
  readonly current: string | null;
  onCurrent(id: string): void;
  onOpen(node: GraphNode): void;
  onMap(node: GraphNode): void;
}

export function ServicesTable({ graph, nodes, current, onCurrent, onOpen, onMap }: Props) {
  const near = useMemo(() => neighbourCounts(graph), [graph]);
  const versions = useVersions(graph.environment);
  const minutes = coveredMinutes(graph);
  const rows = useMemo(
    () =>
      nodes.map(
        (node): Row => ({
          node,
          near: near.get(node.id) ?? NONE,
          versions: versionsOfNode(versions, node),
          minutes,
        }),
      ),
    [nodes, near, versions, minutes],
  );
  return (
    <DataTable
      label="Services"
      prefix="node"
      columns={COLUMNS}
      rows={rows}
      idOf={idOf}
      sortedBy="errors"
      narrowest="min-w-336"
      current={current}
      onCurrent={onCurrent}
      onOpen={({ node }) => onOpen(node)}
      onMap={({ node }) => onMap(node)}
    />
  );
}

const idOf = ({ node }: Row): string => node.id;
