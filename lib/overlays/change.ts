// What is different from an earlier window: came, went, slower, fails more.
import type { GraphEdge, GraphNode } from "../contract/graph";
import { asText, formatMs, formatShare } from "../domain/format-number";
import { BASELINES, baselineWords } from "./baseline";
import { healthLevel } from "./health";
import {
  absenceOf,
  absentDisplay,
  type Display,
  NO_SHARE,
  type OverlayFacts,
  type OverlayKind,
  PLAIN,
} from "./overlay";

const SLOWER = 1.5;
const LEAST_MS = 1;
const ENOUGH = 100;
/** The error rate counts as grown from twice the one before, when it is at least degraded, and when chance does not explain it. */
const MORE_ERRORS = 2;
const SURE_SIGMAS = 3;

type Measured = { readonly calls: number; readonly errors: number; readonly p99Ms: number | null };

const ofEdge = ({ calls, errors, latency }: GraphEdge): Measured => ({
  calls,
  errors,
  p99Ms: latency.client.p99Ms ?? latency.server.p99Ms,
});
const ofNode = ({ calls, errors, latency }: GraphNode): Measured => ({ calls, errors, p99Ms: latency.p99Ms });

const marked = (text: string, level: Display["level"]): Display => ({
  level,
  text,
  share: NO_SHARE,
  absence: null,
  marked: true,
});

/** By how many standard errors the shares differ (two proportions, pooled). */
function sigmas(now: Measured, before: Measured): number {
  const pooled = (now.errors + before.errors) / (now.calls + before.calls);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / now.calls + 1 / before.calls));
  return spread === 0 ? 0 : (now.errors / now.calls - before.errors / before.calls) / spread;
}

/** @param before undefined when the earlier window did not know it. */
function changeOf(now: Measured, before: Measured | undefined): Display | null {
  if (now.calls > 0 && (before === undefined || before.calls === 0)) return marked("new", "none");
  if (now.calls === 0 && before !== undefined && before.calls > 0) return marked("gone", "warn");
  if (!before || now.calls === 0) return null;
  const [share, was] = [now.errors / now.calls, before.errors / before.calls];
  const level = healthLevel(now.errors, now.calls);
  if ((level === "warn" || level === "bad") && share >= MORE_ERRORS * was && sigmas(now, before) >= SURE_SIGMAS)
    return marked(
      `fails ${asText(formatShare(before.errors, before.calls))} → ${asText(formatShare(now.errors, now.calls))}`,
      level,
    );
  const slower =
    now.p99Ms !== null &&
    before.p99Ms !== null &&
    now.p99Ms >= SLOWER * before.p99Ms &&
    now.p99Ms - before.p99Ms >= LEAST_MS;
  if (slower && Math.min(now.calls, before.calls) >= ENOUGH)
    return marked(`p99 ${asText(formatMs(before.p99Ms))} → ${asText(formatMs(now.p99Ms))}`, "warn");
  return null;
}

const baselineOf = (against: OverlayFacts["against"]) =>
  BASELINES.find(({ value }) => value === against) ?? BASELINES[0]!;

export const change: OverlayKind = {
  id: "change",
  label: "Change",
  hue: "change",
  comparisons: BASELINES,
  against: ({ against }) => baselineOf(against),
  make({ before, against }: OverlayFacts) {
    const edgesBefore = new Map(before?.edges.map((edge) => [edge.id, edge]));
    const nodesBefore = new Map(before?.nodes.map((node) => [node.id, node]));
    return {
      id: "change",
      label: "Change",
      hue: "change",
      legend: [
        { level: "none", marked: true, text: "new or different" },
        { level: "warn", text: `gone, or p99 ≥ ${SLOWER}×` },
        { level: "bad", text: `failing, and ≥ ${MORE_ERRORS}× more` },
      ],
      note: `${before ? "against " : ""}${baselineWords(baselineOf(against), before?.window)}`,
      node(node: GraphNode): Display {
        if (!before || node.kind === "entry" || node.kind === "topic") return PLAIN;
        const was = nodesBefore.get(node.id);
        return changeOf(ofNode(node), was && ofNode(was)) ?? PLAIN;
      },
      edge(edge: GraphEdge): Display {
        if (!before) return PLAIN;
        const was = edgesBefore.get(edge.id);
        const found = changeOf(ofEdge(edge), was && ofEdge(was));
        return found ?? (edge.calls === 0 ? absentDisplay(absenceOf(edge.state)) : PLAIN);
      },
    };
  },
};
