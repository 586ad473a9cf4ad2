// How long calls take: one quantile of one side, and where it is slower than in the window before.
import type { GraphEdge, GraphNode, Quantiles } from "../contract/graph";
import { asText, formatMs } from "../domain/format-number";
import {
  absenceOf,
  absentDisplay,
  type Display,
  NO_SHARE,
  type OverlayFacts,
  type OverlayKind,
  PLAIN,
} from "./overlay";

const SLOWER = { warn: 1.5, bad: 2 };
/** A smaller difference is not worth a sign, however large its ratio. */
const LEAST_MS = 1;
/** Samples that a quantile needs on both sides of a comparison. */
const ENOUGH: Record<QuantileKey, number> = { p50Ms: 20, p90Ms: 50, p95Ms: 60, p99Ms: 100 };

type Side = keyof GraphEdge["latency"];
type QuantileKey = "p50Ms" | "p90Ms" | "p95Ms" | "p99Ms";

const SIDES: readonly { side: Side; label: string }[] = [
  { side: "client", label: "client" },
  { side: "server", label: "server" },
  { side: "gap", label: "gap" },
];
const QUANTILES: readonly QuantileKey[] = ["p99Ms", "p95Ms", "p90Ms", "p50Ms"];
const OPTIONS = SIDES.flatMap(({ side, label }) =>
  QUANTILES.map((quantile) => ({
    value: `${side}-${quantile.slice(0, 3)}`,
    label: `${label} ${quantile.slice(0, 3)}`,
    side,
    quantile,
  })),
);

/** How many times slower, as a level; "none" where one of both is not measured well enough. */
function compared(
  now: Quantiles,
  before: Quantiles | undefined,
  quantile: QuantileKey,
): { level: Display["level"]; times: number | null } {
  const [value, base] = [now[quantile], before?.[quantile] ?? null];
  if (value === null || base === null || base === 0 || !before) return { level: "none", times: null };
  if (Math.min(now.samples, before.samples) < ENOUGH[quantile]) return { level: "none", times: null };
  const times = value / base;
  if (value - base < LEAST_MS || times < SLOWER.warn) return { level: "ok", times };
  return { level: times >= SLOWER.bad ? "bad" : "warn", times };
}

function displayOf(now: Quantiles, before: Quantiles | undefined, quantile: QuantileKey): Display {
  const { level, times } = compared(now, before, quantile);
  const text = asText(formatMs(now[quantile]));
  const slower = (level === "warn" || level === "bad") && times !== null;
  return { level, text: slower ? `${text} ×${times.toFixed(1)}` : text, share: NO_SHARE, absence: null, marked: true };
}

export const latency: OverlayKind = {
  id: "latency",
  label: "Latency",
  hue: "latency",
  options: OPTIONS,
  comparesBefore: true,
  make({ before, option }: OverlayFacts) {
    const { side, quantile, label } = OPTIONS.find(({ value }) => value === option) ?? OPTIONS[0]!;
    const edgesBefore = new Map(before?.edges.map((edge) => [edge.id, edge]));
    const nodesBefore = new Map(before?.nodes.map((node) => [node.id, node]));
    return {
      id: "latency",
      label: "Latency",
      hue: "latency",
      legend: [
        { level: "none", marked: true, text: `${label}, measured` },
        { level: "warn", text: `≥ ${SLOWER.warn}× the window before` },
        { level: "bad", text: `≥ ${SLOWER.bad}×` },
      ],
      note: before ? "compared where both windows have enough calls" : "the window before is being asked for",
      node(node: GraphNode): Display {
        if (node.kind === "entry" || node.kind === "topic") return PLAIN;
        if (node.calls === 0) return node.state === "active" ? PLAIN : absentDisplay(node.state);
        return displayOf(node.latency, nodesBefore.get(node.id)?.latency, quantile);
      },
      edge(edge: GraphEdge): Display {
        if (edge.calls === 0) return absentDisplay(absenceOf(edge.state));
        if (edge.latency[side][quantile] === null) return PLAIN;
        return displayOf(edge.latency[side], edgesBefore.get(edge.id)?.latency[side], quantile);
      },
    };
  },
};
