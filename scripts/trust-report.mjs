// What the long tier last found, as a page of the docs: every key proof with its outcome, and what was measured on the way.
// Flattering or not.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { join, relative } from "node:path";
import { root } from "./ensure.mjs";

export const TRUST_REPORT = join(root, "docs", "trust-report.md");

/**
 * @typedef {object} Proof
 * @property {string} title
 * @property {"passed" | "failed" | "pending" | "skipped" | "todo"} status
 * @property {number} [duration] milliseconds
 * @property {{ figures?: Record<string, number | null> }} [meta]
 */

/** @typedef {{ name: string, assertionResults: (Omit<Proof, "title"> & { ancestorTitles: string[], title: string })[] }} TestFile */

/**
 * The page as text.
 * @param {object} run
 * @param {Date} run.began
 * @param {string} run.commit
 * @param {string} run.machine
 * @param {readonly string[]} run.notRun steps of the long tier that were left out
 * @param {readonly TestFile[]} run.files
 */
export function trustReport({ began, commit, machine, notRun, files }) {
  const proofs = files.flatMap((file) => file.assertionResults);
  const count = (status) => proofs.filter((proof) => proof.status === status).length;
  const lines = [
    "# Trust report",
    "",
    "What `npm run test:full` found when it last ran, written by it. How much it tries: `test/helpers/effort.ts`. A proof whose name",
    "begins with *twin* shows that the same check finds the fault when it is there.",
    "",
    `${began.toISOString().slice(0, 16).replace("T", " ")} UTC, commit ${commit}, ${machine}.`,
    `${count("passed")} proofs held, ${count("failed")} did not.${notRun.length > 0 ? ` Not run: ${notRun.join(", ")}.` : ""}`,
  ];
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    lines.push("", `## ${relative(root, file.name)}`, "", "| Proof | Outcome | Seconds |", "|---|---|---|");
    for (const proof of file.assertionResults) {
      const title = [...proof.ancestorTitles, proof.title].join(" › ");
      lines.push(`| ${cell(title)} | ${outcomeOf(proof)} | ${((proof.duration ?? 0) / 1000).toFixed(1)} |`);
    }
    for (const { title, meta } of file.assertionResults) {
      const figures = Object.entries(meta?.figures ?? {});
      if (figures.length === 0) continue;
      lines.push("", `Measured by “${title}”:`, "", "| Quantity | Value |", "|---|---|");
      for (const [name, value] of figures) lines.push(`| ${cell(name)} | ${number(value)} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

const outcomeOf = ({ status }) => (status === "passed" ? "held" : status === "failed" ? "**did not hold**" : "not run");
const cell = (text) => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
const number = (value) =>
  value === null
    ? "not known"
    : Math.abs(value) < 1_000
      ? String(Number(value.toPrecision(3)))
      : Math.round(value).toLocaleString("en");

/** Writes the page. @param {Date} began @param {readonly TestFile[]} files @param {readonly string[]} notRun */
export function writeTrustReport(began, files, notRun) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain") !== "";
  const commit = `${git("rev-parse", "--short", "HEAD")}${changed ? " with changes" : ""}`;
  const machine = `${cpus().length} processors (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${platform()} ${arch()}`;
  writeFileSync(TRUST_REPORT, trustReport({ began, commit, machine, notRun, files }));
}
