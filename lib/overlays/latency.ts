// How long calls take: one quantile of one side, against the target of the callee where one is set, else against the window before.
import type { GraphEdge, GraphNode, Quantiles } from "../contract/graph";
import type { LatencyObjective } from "../contract/sla";
import { ENOUGH_SAMPLES } from "../domain/enough-samples";
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

type Side = keyof GraphEdge["latency"];
type QuantileName = LatencyObjective["quantile"];
type QuantileKey = `${QuantileName}Ms`;

const SIDES: readonly { side: Side; label: string }[] = [
  { side: "client", label: "client" },
  { side: "server", label: "server" },
  { side: "gap", label: "gap" },
];
const QUANTILES: readonly QuantileName[] = ["p99", "p95", "p90", "p50"];
const OPTIONS = SIDES.flatMap(({ side, label }) =>
  QUANTILES.map((name) => ({ value: `${side}-${name}`, label: `${label} ${name}`, side, name })),
);

/** How many times slower, as a level; "none" where one of both is not measured well enough. */
function compared(
  now: Quantiles,
  before: Quantiles | undefined,
  name: QuantileName,
): { level: Display["level"]; times: number | null } {
  const quantile: QuantileKey = `${name}Ms`;
  const [value, base] = [now[quantile], before?.[quantile] ?? null];
  if (value === null || base === null || base === 0 || !before) return { level: "none", times: null };
  if (Math.min(now.samples, before.samples) < ENOUGH_SAMPLES[name]) return { level: "none", times: null };
  const times = value / base;
  if (value - base < LEAST_MS || times < SLOWER.warn) return { level: "ok", times };
  return { level: times >= SLOWER.bad ? "bad" : "warn", times };
}

const marked = (level: Display["level"], text: string): Display => ({
  level,
  text,
  share: NO_SHARE,
  absence: null,
  marked: true,
});

/** Against its target where it has one, else against the window before. */
function displayOf(
  now: Quantiles,
  before: Quantiles | undefined,
  name: QuantileName,
  targetMs: number | undefined,
): Display {
  const value = now[`${name}Ms`];
  const text = asText(formatMs(value));
  if (targetMs !== undefined && value !== null) {
    const missed = value > targetMs;
    const level = now.samples < ENOUGH_SAMPLES[name] ? "none" : missed ? "bad" : "ok";
    return marked(level, `${text} ${missed ? ">" : "≤"} ${asText(formatMs(targetMs))}`);
  }
  const { level, times } = compared(now, before, name);
  const slower = (level === "warn" || level === "bad") && times !== null;
  return marked(level, slower ? `${text} ×${times.toFixed(1)}` : text);
}

export const latency: OverlayKind = {
  id: "latency",
  label: "Latency",
  hue: "latency",
  options: OPTIONS,
  comparesBefore: true,
  needsSla: true,
  make({ before, sla, option }: OverlayFacts) {
    const { side, name, label } = OPTIONS.find(({ value }) => value === option) ?? OPTIONS[0]!;
    const edgesBefore = new Map(before?.edges.map((edge) => [edge.id, edge]));
    const nodesBefore = new Map(before?.nodes.map((node) => [node.id, node]));
    const targets = new Map(
      sla?.latency.filter(({ quantile }) => quantile === name).map(({ id, targetMs }) => [id, targetMs]),
    );
    return {
      id: "latency",
      label: "Latency",
      hue: "latency",
      legend: [
        { level: "none", marked: true, text: `${label}, measured` },
        { level: "warn", text: `≥ ${SLOWER.warn}× the window before` },
        { level: "bad", text: targets.size > 0 ? `≥ ${SLOWER.bad}×, or over its target` : `≥ ${SLOWER.bad}×` },
      ],
      note:
        targets.size > 0
          ? `${name} targets of headwater.yaml first, else the window before`
          : before
            ? "compared where both windows have enough calls"
            : "the window before is being asked for",
      node(node: GraphNode): Display {
        if (node.kind === "entry" || node.kind === "topic") return PLAIN;
        if (node.calls === 0) return node.state === "active" ? PLAIN : absentDisplay(node.state);
        return displayOf(node.latency, nodesBefore.get(node.id)?.latency, name, targets.get(node.id));
      },
      edge(edge: GraphEdge): Display {
        if (edge.calls === 0) return absentDisplay(absenceOf(edge.state));
        if (edge.latency[side][`${name}Ms`] === null) return PLAIN;
        // A target is of the callee's own work, which callers see with the way there and back.
        const own = side === "server" || (side === "client" && edge.inferred);
        const target = own ? targets.get(edge.callee) : undefined;
        return displayOf(edge.latency[side], edgesBefore.get(edge.id)?.latency[side], name, target);
      },
    };
  },
};
