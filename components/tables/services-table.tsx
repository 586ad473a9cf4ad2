// Nodes as rows of a table.
"use client";
import { useMemo } from "react";
import { Quantity } from "@/components/ui/quantity";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { formatMs, formatRate, NOTHING } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { type NeighbourCounts, neighbourCounts } from "@/lib/graph/neighbours";
import { share } from "@/lib/graph/term-filter";
import { NODE_KIND_WORDS, ROLE_WORDS, STATE_WORDS } from "../words";
import { type Column, DataTable, numberColumn, textColumn } from "./data-table";
import { ErrorsCell } from "./errors-cell";

interface Row {
  readonly node: GraphNode;
  readonly near: NeighbourCounts;
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
    "minmax(170px,1.8fr)",
    ({ node }) => node.name,
    ({ node }) => (
      <span title={node.id}>
        <b className="font-medium">{node.name}</b>
        {node.id !== node.name && <span className="pl-2 font-mono text-2xs text-ink-3">{node.id}</span>}
      </span>
    ),
  ),
  textColumn("kind", "Kind", "minmax(110px,1fr)", ({ node }) => kindOf(node)),
  textColumn(
    "role",
    "Role",
    "minmax(164px,1fr)",
    ({ node }) => (node.role ? ROLE_WORDS[node.role] : "–"),
    ({ node }) => <span className="text-ink-2">{node.role ? ROLE_WORDS[node.role] : "–"}</span>,
  ),
  numberColumn(
    "rate",
    "Rate",
    "104px",
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
    ({ node }) => <ErrorsCell errors={node.errors} calls={node.calls} />,
  ),
  numberColumn(
    "p50",
    "p50",
    "80px",
    ({ node }) => node.latency.p50Ms,
    ({ node }) => <Quantity of={node.latency.p50Ms === null ? NOTHING : formatMs(node.latency.p50Ms)} />,
  ),
  numberColumn(
    "p99",
    "p99",
    "80px",
    ({ node }) => node.latency.p99Ms,
    ({ node }) => <Quantity of={formatMs(node.latency.p99Ms)} />,
  ),
  count("calls", "Calls", "60px"),
  count("calledBy", "Called by", "78px"),
  count("publishesTo", "Publishes to", "92px"),
  count("consumesFrom", "Consumes from", "104px"),
  numberColumn(
    "last",
    "Last seen",
    "104px",
    ({ node }) => (node.lastSeen ? Date.parse(node.lastSeen) : null),
    ({ node }) => (
      <span className="whitespace-nowrap">
        {node.lastSeen ? `${node.lastSeen.slice(5, 10)} ${node.lastSeen.slice(11, 16)}` : "–"}
      </span>
    ),
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
  const minutes = coveredMinutes(graph);
  const rows = useMemo(
    () => nodes.map((node): Row => ({ node, near: near.get(node.id) ?? NONE, minutes: minutes })),
    [nodes, near, minutes],
  );
  return (
    <DataTable
      label="Services"
      prefix="node"
      columns={COLUMNS}
      rows={rows}
      idOf={idOf}
      sortedBy="errors"
      narrowest="min-w-304"
      current={current}
      onCurrent={onCurrent}
      onOpen={({ node }) => onOpen(node)}
      onMap={({ node }) => onMap(node)}
    />
  );
}

const idOf = ({ node }: Row): string => node.id;
