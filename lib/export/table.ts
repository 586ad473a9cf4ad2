// Edges as aligned text for a terminal.

import type { Graph, GraphEdge } from "../contract/graph";
import { formatMs, formatRate, formatShare, NOTHING, type Quantity } from "../domain/format-number";
import { coveredMinutes } from "../graph/covered-minutes";
import { aligned, type Column } from "./aligned";
import type { GraphExport } from "./graph-export";
import { environmentLabel, labelsOf } from "./names";

const COLUMNS: readonly Column[] = [
  ["CALLER", "left"],
  ["", "left"],
  ["CALLEE", "left"],
  ["KIND", "left"],
  ["CALLS", "right"],
  ["RATE", "right"],
  ["ERRORS", "right"],
  ["P50", "right"],
  ["P99", "right"],
  ["SEEN BY", "left"],
  ["FIRST SEEN (UTC)", "left"],
  ["LAST SEEN (UTC)", "left"],
];

export const table: GraphExport = {
  id: "table",
  label: "Table",
  extension: "txt",
  mediaType: "text/plain; charset=utf-8",
  write: (graphs) =>
    graphs
      .map((graph) => {
        const title = graphs.length > 1 ? `environment ${environmentLabel(graph.environment)}\n` : "";
        return title + aligned(COLUMNS, rowsOf(graph));
      })
      .join("\n"),
};

function rowsOf(graph: Graph): string[][] {
  const label = labelsOf(graph);
  const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
  return graph.edges.map((edge) => {
    // The callee's own time where it was seen, else what the caller waited.
    const { p50Ms, p99Ms } = edge.latency.server.samples > 0 ? edge.latency.server : edge.latency.client;
    return [
      label(edge.caller),
      relation(edge, kinds.get(edge.caller) === "topic", kinds.get(edge.callee) === "topic"),
      label(edge.callee),
      edge.via === null ? edge.kind : `${edge.kind} via ${label(edge.via)}`,
      String(edge.calls),
      rate(edge, coveredMinutes(graph)),
      text(edge.calls === 0 ? NOTHING : formatShare(edge.errors, edge.calls)),
      text(formatMs(p50Ms)),
      text(formatMs(p99Ms)),
      seenBy(edge),
      minute(edge.firstSeen),
      minute(edge.lastSeen),
    ];
  });
}

function relation({ kind }: GraphEdge, fromTopic: boolean, toTopic: boolean): string {
  if (kind !== "async") return "calls";
  return toTopic ? "publishes to" : fromTopic ? "delivers to" : "sends to";
}

const LEAST_RATE = 0.01;

/** An estimate from sampling is marked as one. */
function rate({ calls, estimatedCalls }: GraphEdge, minutes: number): string {
  const count = estimatedCalls ?? calls;
  if (count > 0 && count / minutes < LEAST_RATE) return `< ${LEAST_RATE} /min`;
  return `${count === calls ? "" : "≈ "}${text(formatRate(count, minutes))}`;
}

function seenBy({ calls, inferred, confidence: { paired, n } }: GraphEdge): string {
  if (calls === 0) return "";
  if (inferred) return "caller";
  return paired === n ? "both" : paired === 0 ? "callee" : `both ${Math.floor((paired / n) * 100)} %`;
}

const text = ({ value, unit }: Quantity): string => (unit ? `${value} ${unit}` : value);

const minute = (time: string | null): string => (time === null ? NOTHING.value : time.slice(0, 16).replace("T", " "));
