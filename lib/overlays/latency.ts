// How long calls take: one quantile of one side, against the targets of the callees or against an earlier window.
import type { GraphEdge, GraphNode, Quantiles } from "../contract/graph";
import type { LatencyObjective } from "../contract/sla";
import { ENOUGH_SAMPLES } from "../domain/enough-samples";
import { asText, formatMs } from "../domain/format-number";
import { BASELINES, baselineWords } from "./baseline";
import {
  absenceOf,
  absentDisplay,
  type Display,
  type LegendEntry,
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

/** Against its target. */
function judged(now: Quantiles, name: QuantileName, targetMs: number | undefined): Display {
  const value = now[`${name}Ms`];
  const text = asText(formatMs(value));
  if (targetMs === undefined || value === null) return marked("none", text);
  const missed = value > targetMs;
  const level = now.samples < ENOUGH_SAMPLES[name] ? "none" : missed ? "bad" : "ok";
  return marked(level, `${text} ${missed ? ">" : "≤"} ${asText(formatMs(targetMs))}`);
}

/** Against an earlier window. */
function grown(now: Quantiles, before: Quantiles | undefined, name: QuantileName): Display {
  const text = asText(formatMs(now[`${name}Ms`]));
  const { level, times } = compared(now, before, name);
  const slower = (level === "warn" || level === "bad") && times !== null;
  return marked(level, slower ? `${text} ×${times.toFixed(1)}` : text);
}

const TARGET = { value: "target", label: "targets" };
const COMPARISONS = [TARGET, ...BASELINES];
const optionOf = (option: string) => OPTIONS.find(({ value }) => value === option) ?? OPTIONS[0]!;

/** Milliseconds by node. */
const targetsOf = (sla: OverlayFacts["sla"], name: QuantileName): Map<string, number> =>
  new Map(sla?.latency.filter(({ quantile }) => quantile === name).map(({ id, targetMs }) => [id, targetMs]));

/** `over its target, 120 ms`; of several targets, from which to which. */
function targetWords(targets: readonly number[]): string {
  const [least, most] = [Math.min(...targets), Math.max(...targets)].map((ms) => asText(formatMs(ms)));
  return `over its target, ${least === most ? least : `${least} to ${most}`}`;
}

export const latency: OverlayKind = {
  id: "latency",
  label: "Latency",
  hue: "latency",
  options: OPTIONS,
  comparisons: COMPARISONS,
  needsSla: true,
  /** Targets, where there are any for the quantile. */
  against({ sla, option, against }) {
    const chosen = COMPARISONS.find(({ value }) => value === against);
    return chosen ?? (targetsOf(sla, optionOf(option).name).size > 0 ? TARGET : BASELINES[0]!);
  },
  make(facts: OverlayFacts) {
    const { before, sla, option } = facts;
    const { side, name, label } = optionOf(option);
    const baseline = BASELINES.find(({ value }) => value === latency.against!(facts).value);
    const edgesBefore = new Map(before?.edges.map((edge) => [edge.id, edge]));
    const nodesBefore = new Map(before?.nodes.map((node) => [node.id, node]));
    const targets = targetsOf(sla, name);
    const measured: LegendEntry = { level: "none", marked: true, text: `${label}, measured` };
    return {
      id: "latency",
      label: "Latency",
      hue: "latency",
      legend: baseline
        ? [
            measured,
            { level: "warn", text: `≥ ${SLOWER.warn}× ${baseline.words}` },
            { level: "bad", text: `≥ ${SLOWER.bad}×` },
          ]
        : targets.size > 0
          ? [measured, { level: "ok", text: "within it" }, { level: "bad", text: targetWords([...targets.values()]) }]
          : [measured],
      note: baseline
        ? `${baselineWords(baseline, before?.window)}${before ? "; where both have enough calls" : ""}`
        : targets.size > 0
          ? `${name} targets of headwater.yaml, each for the callee's own work`
          : `headwater.yaml has no ${name} target`,
      node(node: GraphNode): Display {
        if (node.kind === "entry" || node.kind === "topic") return PLAIN;
        if (node.calls === 0) return node.state === "active" ? PLAIN : absentDisplay(node.state);
        if (baseline) return grown(node.latency, nodesBefore.get(node.id)?.latency, name);
        return judged(node.latency, name, targets.get(node.id));
      },
      edge(edge: GraphEdge): Display {
        if (edge.calls === 0) return absentDisplay(absenceOf(edge.state));
        const now = edge.latency[side];
        if (now[`${name}Ms`] === null) return PLAIN;
        if (baseline) return grown(now, edgesBefore.get(edge.id)?.latency[side], name);
        // A target is of the callee's own work, which callers see with the way there and back.
        const own = side === "server" || (side === "client" && edge.inferred);
        return judged(now, name, own ? targets.get(edge.callee) : undefined);
      },
    };
  },
};
