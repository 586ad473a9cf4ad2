// Edges as comma-separated values (RFC 4180), names first and ids last. An empty cell is "not measured".
import type { Graph, GraphEdge, Quantiles } from "../contract/graph";
import type { GraphExport } from "./graph-export";

export type Cell = string | number | boolean | null;

/** One edge with what a column may need. */
interface Row {
  readonly edge: GraphEdge;
  readonly graph: Graph;
  /** Short name of a node id. */
  readonly name: (id: string) => string;
}

const latency = (side: keyof GraphEdge["latency"]): [string, (row: Row) => Cell][] =>
  (["p50Ms", "p90Ms", "p95Ms", "p99Ms"] as const satisfies readonly (keyof Quantiles)[]).map((quantile) => [
    `${side}_${quantile.slice(0, -2)}_ms`,
    ({ edge }) => edge.latency[side][quantile],
  ]);

const COLUMNS: readonly (readonly [name: string, value: (row: Row) => Cell])[] = [
  ["caller", ({ edge, name }) => name(edge.caller)],
  ["callee", ({ edge, name }) => name(edge.callee)],
  ["kind", ({ edge }) => edge.kind],
  ["via", ({ edge, name }) => (edge.via === null ? null : name(edge.via))],
  ["calls", ({ edge }) => edge.calls],
  ["errors", ({ edge }) => edge.errors],
  ["errors_callee", ({ edge }) => edge.errorsBy.callee],
  ["errors_between", ({ edge }) => edge.errorsBy.between],
  ["client_errors", ({ edge }) => edge.errorsBy.clientError],
  ["throttled", ({ edge }) => edge.errorsBy.throttled],
  ["estimated_calls", ({ edge }) => edge.estimatedCalls],
  ["window_minutes", ({ graph }) => graph.window.minutes],
  ...latency("client"),
  ...latency("server"),
  ...latency("gap"),
  ["paired", ({ edge }) => edge.confidence.paired],
  ["inferred", ({ edge }) => edge.inferred],
  ["state", ({ edge }) => edge.state],
  ["first_seen", ({ edge }) => edge.firstSeen],
  ["last_seen", ({ edge }) => edge.lastSeen],
  ["environment", ({ graph }) => graph.environment],
  ["via_id", ({ edge }) => edge.via],
  ["caller_id", ({ edge }) => edge.caller],
  ["callee_id", ({ edge }) => edge.callee],
];

export const csv: GraphExport = {
  id: "csv",
  label: "CSV",
  extension: "csv",
  mediaType: "text/csv; charset=utf-8",
  write(graphs) {
    const rows = graphs.flatMap((graph) => {
      const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
      const name = (id: string): string => names.get(id) ?? id;
      return graph.edges.map((edge) => COLUMNS.map(([, value]) => value({ edge, graph, name })));
    });
    return csvText([COLUMNS.map(([name]) => name), ...rows]);
  },
};

export const csvText = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\n`).join("");

/** Spreadsheets run a cell that begins like this. */
const FORMULA = /^[=+\-@\t\r\n]/;

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
