// Figures as a table for people and as JSON for programs.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname } from "node:path";
import { formatNumber, formatOf } from "./format";
import type { Figure, Target } from "./measurement";
import { median } from "./statistics";

export interface Judged extends Figure {
  readonly measurement: string;
  readonly median: number;
  readonly baselineMedian: number | null;
  /** median / baselineMedian. */
  readonly ratio: number | null;
  /** Null where there is no target. */
  readonly passed: boolean | null;
}

export function judge(measurement: string, figure: Figure): Judged {
  const ours = median(figure.ours);
  const baselineMedian = figure.baseline ? median(figure.baseline.runs) : null;
  const ratio = baselineMedian === null ? null : ours / baselineMedian;
  return { ...figure, measurement, median: ours, baselineMedian, ratio, passed: meets(figure.target, ours, ratio) };
}

function meets(target: Target | null, ours: number, ratio: number | null): boolean | null {
  if (target === null) return null;
  const value = target.of === "ours" ? ours : ratio;
  if (value === null) return false;
  return value >= (target.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (target.atMost ?? Number.POSITIVE_INFINITY);
}

/** A Markdown table. */
export function tableOf(figures: readonly Judged[]): string {
  const rows = figures.map((figure) => [
    figure.quantity,
    formatOf(figure.median, figure.unit),
    targetText(figure),
    figure.baseline ? `${formatOf(figure.baselineMedian!, figure.unit)} (${figure.baseline.what})` : "",
    figure.ratio === null ? "" : `${formatNumber(figure.ratio)}×`,
    figure.passed === null ? "" : figure.passed ? "pass" : "FAIL",
  ]);
  const head = ["Quantity", "Ours", "Target", "Baseline", "Ratio", ""];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join("\n");
}

function targetText({ target, unit }: Figure): string {
  if (target === null) return "";
  const sign = target.atLeast === undefined ? "≤" : "≥";
  const value = (target.atLeast ?? target.atMost)!;
  return target.of === "ratio" ? `${sign} ${formatNumber(value)}× baseline` : `${sign} ${formatOf(value, unit)}`;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly system: string;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  system: `${process.platform} ${process.arch}`,
});

/** The load of the last minute. */
export const load = (): number => loadavg()[0]!;

export function writeJson(path: string, results: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}
