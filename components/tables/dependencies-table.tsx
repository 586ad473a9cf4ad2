// Edges as rows of a table.
"use client";
import { useMemo } from "react";
import { Clipped } from "@/components/ui/clipped";
import { EdgeMark } from "@/components/ui/edge-mark";
import { Quantity } from "@/components/ui/quantity";
import type { Graph, GraphEdge } from "@/lib/contract/graph";
import { formatMs, formatRate, formatShare, NOTHING } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { share } from "@/lib/graph/term-filter";
import { pairable, verbOf } from "../words";
import { type Column, DataTable, numberColumn, textColumn } from "./data-table";
import { dayText } from "./day-text";
import { ErrorsCell } from "./errors-cell";

interface Row {
  readonly edge: GraphEdge;
  readonly caller: string;
  readonly callee: string;
  readonly via: string | null;
  /** Messages that nobody has taken out of their topic; those that were are deliveries to somebody. */
  readonly unread: boolean;
  readonly minutes: number;
}

const markOf = (edge: GraphEdge): "message" | "idle" | "inferred" | "call" =>
  edge.calls === 0 ? "idle" : edge.kind === "async" ? "message" : edge.inferred ? "inferred" : "call";

function doesText({ edge, via, unread }: Row): string {
  if (edge.calls === 0) return "no calls in the window";
  if (unread) return "publishes, unread";
  return via ? `via ${via}` : verbOf(edge);
}

const COLUMNS: readonly Column<Row>[] = [
  textColumn(
    "caller",
    "Caller",
    "minmax(150px,2fr)",
    ({ caller }) => caller,
    ({ caller }) => <Clipped text={caller} className="font-medium" />,
  ),
  {
    id: "mark",
    header: "Kind",
    width: "34px",
    left: true,
    value: null,
    cell: ({ edge }) => <EdgeMark kind={markOf(edge)} />,
  },
  textColumn(
    "callee",
    "Callee",
    "minmax(150px,2fr)",
    ({ callee }) => callee,
    ({ callee }) => <Clipped text={callee} className="font-medium" />,
  ),
  textColumn(
    "does",
    "Does",
    "minmax(128px,1.2fr)",
    ({ edge, via }) => `${verbOf(edge)}${via ? ` via ${via}` : ""}`,
    (row) => <Clipped text={doesText(row)} className="text-ink-3" />,
  ),
  numberColumn(
    "rate",
    "Rate",
    "92px",
    ({ edge }) => (edge.calls === 0 ? null : edge.calls),
    ({ edge, minutes }) => <Quantity of={edge.calls === 0 ? NOTHING : formatRate(edge.calls, minutes)} />,
  ),
  numberColumn(
    "errors",
    "Errors",
    "92px",
    ({ edge }) => share(edge.errors, edge.calls),
    ({ edge }) => <ErrorsCell errors={edge.errors} calls={edge.calls} />,
  ),
  numberColumn(
    "fault",
    "Callee fault",
    "88px",
    ({ edge }) => share(edge.errorsBy.callee, edge.calls),
    ({ edge }) => <Quantity of={formatShare(edge.errorsBy.callee, edge.calls)} />,
  ),
  numberColumn(
    "p50",
    "p50",
    "80px",
    ({ edge }) => edge.latency.client.p50Ms ?? edge.latency.server.p50Ms,
    ({ edge }) => <Quantity of={formatMs(edge.latency.client.p50Ms ?? edge.latency.server.p50Ms)} />,
  ),
  numberColumn(
    "p99",
    "p99 client",
    "84px",
    ({ edge }) => edge.latency.client.p99Ms,
    ({ edge }) => <Quantity of={formatMs(edge.latency.client.p99Ms)} />,
  ),
  numberColumn(
    "p99server",
    "p99 server",
    "84px",
    ({ edge }) => edge.latency.server.p99Ms,
    ({ edge }) => <Quantity of={formatMs(edge.latency.server.p99Ms)} />,
  ),
  numberColumn(
    "paired",
    "Paired",
    "72px",
    ({ edge }) => (pairable(edge) ? share(edge.confidence.paired, edge.confidence.n) : null),
    ({ edge }) => <Quantity of={pairable(edge) ? formatShare(edge.confidence.paired, edge.confidence.n) : NOTHING} />,
  ),
  numberColumn(
    "first",
    "First seen",
    "104px",
    ({ edge }) => (edge.firstSeen ? Date.parse(edge.firstSeen) : null),
    ({ edge }) => <span className="whitespace-nowrap">{dayText(edge.firstSeen)}</span>,
  ),
];
interface Props {
  readonly graph: Graph;
  readonly edges: readonly GraphEdge[];
  readonly current: string | null;
  onCurrent(id: string): void;
  onOpen(edge: GraphEdge): void;
  onMap(edge: GraphEdge): void;
  onClose(): void;
}

export function DependenciesTable({ graph, edges, current, onCurrent, onOpen, onMap, onClose }: Props) {
  const rows = useMemo(() => {
    const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    const nameOf = (id: string): string => nodes.get(id)?.name ?? id;
    const minutes = coveredMinutes(graph);
    return edges.map(
      (edge): Row => ({
        edge,
        caller: nameOf(edge.caller),
        callee: nameOf(edge.callee),
        via: edge.via && nameOf(edge.via),
        unread: nodes.get(edge.callee)?.kind === "topic",
        minutes,
      }),
    );
  }, [graph, edges]);
  return (
    <DataTable
      label="Dependencies"
      prefix="edge"
      columns={COLUMNS}
      rows={rows}
      idOf={idOf}
      sortedBy="errors"
      narrowest="min-w-280"
      current={current}
      onCurrent={onCurrent}
      onOpen={({ edge }) => onOpen(edge)}
      onMap={({ edge }) => onMap(edge)}
      onClose={onClose}
    />
  );
}

const idOf = ({ edge }: Row): string => edge.id;
