// Metrics as pages that scrapers read: Prometheus' text format 0.0.4, or OpenMetrics 1.0.0 where it is asked for.
// Sources: prometheus.io/docs/instrumenting/exposition_formats, prometheus.io/docs/specs/om/open_metrics_spec.
import type { Distribution } from "../engine/commit-measures";

export type Labels = Readonly<Record<string, string>>;
export type MetricType = "counter" | "gauge" | "histogram";

export interface Sample {
  readonly labels: Labels;
  readonly value: number | Distribution;
}

/** One metric with all its series; without any it is left out of the page. */
export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface MetricsFormat {
  readonly contentType: string;
  readonly open: boolean;
}

const TEXT: MetricsFormat = { contentType: "text/plain; version=0.0.4; charset=utf-8", open: false };
const OPEN: MetricsFormat = { contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8", open: true };

/** @param accept an Accept header. OpenMetrics only where it is named, and plain text is not wanted more. */
export function metricsFormat(accept: string | null): MetricsFormat {
  const weights = (accept ?? "").split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((one) => one.startsWith("q="))?.slice(2) ?? 1);
    return { type, weight: Number.isFinite(weight) ? weight : 0 };
  });
  const best = (wanted: string): number =>
    Math.max(0, ...weights.filter(({ type }) => type === wanted).map(({ weight }) => weight));
  const open = best("application/openmetrics-text");
  return open > 0 && open >= best("text/plain") ? OPEN : TEXT;
}

export function writeMetrics(families: readonly Family[], { open }: MetricsFormat): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    if (samples.length === 0) continue;
    // In OpenMetrics a counter's samples end in _total, and its name does not.
    const bare = open && type === "counter" ? name.replace(/_total$/, "") : name;
    const suffix = open && type === "counter" ? "_total" : "";
    lines.push(`# HELP ${bare} ${escaped(help)}`, `# TYPE ${bare} ${type}`);
    for (const { labels, value } of samples) {
      if (typeof value === "number") lines.push(`${bare}${suffix}${inBraces(labels)} ${numeral(value)}`);
      else lines.push(...histogram(bare, labels, value));
    }
  }
  if (open) lines.push("# EOF");
  return `${lines.join("\n")}\n`;
}

function histogram(name: string, labels: Labels, { buckets, sum, count }: Distribution): string[] {
  const bucket = (le: string, value: number): string => `${name}_bucket${inBraces({ ...labels, le })} ${value}`;
  return [
    ...buckets.map(({ atMost, count: below }) => bucket(bound(atMost), below)),
    bucket("+Inf", count),
    `${name}_sum${inBraces(labels)} ${numeral(sum)}`,
    `${name}_count${inBraces(labels)} ${count}`,
  ];
}

function inBraces(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** The same bound is the same label in both formats. */
const bound = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

function numeral(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}
