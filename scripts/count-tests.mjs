// Counts what the test runners' JSON reports say. A run without a report, without tests, or red for a reason outside of its
// tests is a failure of its own, so that nothing counts as passed without having run.
import { basename } from "node:path";

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} skipped names of tests that did not run
 * @property {string[]} broken names of tests that failed, each with the first lines of what it said
 * @property {string[]} reasons why a failure was added that no test reported
 */

/** @typedef {{ title: string, outcome: "passed" | "failed" | "skipped", said?: string }} Test */

const LINES_SHOWN = 12;

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour is
export const COLOURS = /\u001b\[[\d;]*m/g;

/** @param {Test} test */
function withReason({ title, said = "" }) {
  const lines = said.replaceAll(COLOURS, "").trimEnd().split("\n").slice(0, LINES_SHOWN);
  return [title, ...lines.map((line) => `  ${line}`)].join("\n").trimEnd();
}

/**
 * @param {Test[]} tests
 * @param {number | null} exitCode of the runner; null when it was ended.
 * @param {string[]} errors outside of tests.
 * @returns {Counts}
 */
function sum(tests, exitCode, errors) {
  const named = (outcome) => tests.filter((test) => test.outcome === outcome);
  const reasons = [...errors];
  const failed = named("failed").length;
  if (named("passed").length + failed + reasons.length === 0) reasons.push("no test ran");
  if (exitCode !== 0 && failed === 0 && reasons.length === 0)
    reasons.push(`every test passed, but the runner ended with ${exitCode ?? "a signal"}`);
  return {
    passed: named("passed").length,
    failed: failed + reasons.length,
    skipped: named("skipped").map(({ title }) => title),
    broken: named("failed").map(withReason),
    reasons,
  };
}

/**
 * @param {any} report of Vitest's `json` reporter; undefined when there is none.
 * @param {number | null} exitCode
 * @returns {Counts}
 */
export function countVitest(report, exitCode) {
  if (!report) return sum([], exitCode, ["the runner left no report"]);
  const outcomes = { passed: "passed", failed: "failed" };
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({
      title: `${basename(file.name)}: ${test.fullName}`,
      outcome: outcomes[test.status] ?? "skipped",
      said: test.failureMessages?.join("\n"),
    })),
  );
  // A file that does not even load has no tests to fail.
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  return sum(
    tests,
    exitCode,
    broken.map((file) => `${file.name}: ${String(file.message).split("\n")[0]}`),
  );
}

/**
 * @param {any} report of Playwright's `json` reporter; undefined when there is none.
 * @param {number | null} exitCode
 * @returns {Counts}
 */
export function countPlaywright(report, exitCode) {
  if (!report) return sum([], exitCode, ["the runner left no report"]);
  const outcomes = { expected: "passed", skipped: "skipped" }; // "unexpected" and "flaky" are failures
  /** @returns {Test[]} */
  const below = (suite, path) => [
    ...(suite.specs ?? []).flatMap((spec) =>
      spec.tests.map((test) => ({
        title: [...path, suite.title, spec.title].join(" > "),
        outcome: outcomes[test.status] ?? "failed",
        said: test.results
          .flatMap((result) => result.errors ?? [])
          .map((error) => error.message)
          .join("\n"),
      })),
    ),
    ...(suite.suites ?? []).flatMap((inner) => below(inner, [...path, suite.title])),
  ];
  return sum(
    report.suites.flatMap((suite) => below(suite, [])),
    exitCode,
    (report.errors ?? []).map((error) => String(error.message).split("\n")[0]),
  );
}

/**
 * A check that is one thing: green only if it ended well and its output shows that it looked at something.
 * @param {string} output
 * @param {number | null} exitCode
 * @param {RegExp} proof
 * @returns {Counts}
 */
export function countCheck(output, exitCode, proof) {
  if (exitCode !== 0) {
    const end = output.trimEnd().split("\n").slice(-LINES_SHOWN);
    return { passed: 0, failed: 1, skipped: [], broken: [end.join("\n")], reasons: [] };
  }
  if (!proof.test(output))
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      broken: [],
      reasons: [`nothing in its output says that it checked anything (${proof})`],
    };
  return { passed: 1, failed: 0, skipped: [], broken: [], reasons: [] };
}
