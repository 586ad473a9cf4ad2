import { describe, expect, it } from "vitest";
import { countCheck, countPlaywright, countVitest } from "@/scripts/count-tests.mjs";

const vitest = (...tests: [name: string, status: string][]) => ({
  testResults: [
    {
      name: "a.test.ts",
      status: tests.some(([, status]) => status === "failed") ? "failed" : "passed",
      message: "",
      assertionResults: tests.map(([fullName, status]) => ({
        fullName,
        status,
        failureMessages: status === "failed" ? ["\u001b[31mexpected 1\u001b[39m\nat …"] : [],
      })),
    },
  ],
});

const playwright = (...tests: [title: string, status: string][]) => ({
  errors: [],
  suites: [
    {
      title: "map.spec.ts",
      specs: [],
      suites: [
        {
          title: "map",
          specs: tests.map(([title, status]) => ({
            title,
            tests: [{ status, results: [{ errors: status === "unexpected" ? [{ message: "expected 2" }] : [] }] }],
          })),
        },
      ],
    },
  ],
});

describe("the count of tests", () => {
  it("says what passed, failed and was skipped, by name", () => {
    const counts = { passed: 1, failed: 1, reasons: [] };
    expect(countVitest(vitest(["a", "passed"], ["b", "failed"], ["c", "pending"], ["d", "todo"]), 1)).toEqual({
      ...counts,
      skipped: ["a.test.ts: c", "a.test.ts: d"],
      broken: ["a.test.ts: b\n  expected 1\n  at …"],
    });
    expect(countPlaywright(playwright(["a", "expected"], ["b", "unexpected"], ["c", "skipped"]), 1)).toEqual({
      ...counts,
      skipped: ["map.spec.ts > map > c"],
      broken: ["map.spec.ts > map > b\n  expected 2"],
    });
  });

  it("takes a test that passed at its second try for failed", () => {
    expect(countPlaywright(playwright(["a", "expected"], ["b", "flaky"]), 0)).toMatchObject({ passed: 1, failed: 1 });
  });

  it.each([
    ["no report", countVitest(undefined, 0), countPlaywright(undefined, 0)],
    ["no test", countVitest({ testResults: [] }, 0), countPlaywright({ suites: [], errors: [] }, 0)],
    ["skipped tests alone", countVitest(vitest(["a", "skipped"]), 0), countPlaywright(playwright(["a", "skipped"]), 0)],
  ])("takes %s for a failure", (_what, ...both) => {
    for (const counts of both) {
      expect(counts).toMatchObject({ passed: 0, failed: 1 });
      expect(counts.reasons).toHaveLength(1);
    }
  });

  it("takes a runner that ended badly for a failure, whatever its tests say", () => {
    expect(countVitest(vitest(["a", "passed"]), 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(countPlaywright(playwright(["a", "expected"]), null)).toMatchObject({ passed: 1, failed: 1 });
  });

  it("takes a file that does not load for a failure", () => {
    const report = vitest(["a", "passed"]);
    report.testResults.push({
      name: "b.test.ts",
      status: "failed",
      message: "no such module\nat …",
      assertionResults: [],
    });
    expect(countVitest(report, 1)).toMatchObject({ passed: 1, failed: 1, reasons: ["b.test.ts: no such module"] });
    const broken = { ...playwright(["a", "expected"]), errors: [{ message: "no such module" }] };
    expect(countPlaywright(broken, 1)).toMatchObject({ passed: 1, failed: 1, reasons: ["no such module"] });
  });

  it("takes a check for passed only if its output shows that it looked at something", () => {
    const proof = /Checked [1-9]\d* files/;
    expect(countCheck("Checked 12 files", 0, proof)).toMatchObject({ passed: 1, failed: 0 });
    expect(countCheck("Checked 12 files\na.ts: no", 1, proof)).toMatchObject({
      passed: 0,
      failed: 1,
      broken: ["Checked 12 files\na.ts: no"],
    });
    expect(countCheck("Checked 0 files", 0, proof)).toMatchObject({ passed: 0, failed: 1 });
    expect(countCheck("Checked 12 files", null, proof)).toMatchObject({ passed: 0, failed: 1 });
  });
});
