import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "@/scripts/ensure.mjs";
import { trustReport } from "@/scripts/trust-report.mjs";

it("tells what held and what did not, and what was measured", () => {
  const page = trustReport({
    began: new Date(Date.UTC(2026, 0, 2, 3, 4)),
    commit: "abc1234",
    machine: "2 processors",
    notRun: ["unit"],
    files: [
      {
        name: join(root, "test/server/b.test.ts"),
        assertionResults: [
          {
            ancestorTitles: ["a flood"],
            title: "is | withstood",
            status: "passed",
            duration: 61_250,
            meta: { figures: { "memory, MiB": 812.345, "spans/s": 240_750.4, unknown: null } },
          },
          { ancestorTitles: [], title: "twin: is seen", status: "failed" },
        ],
      },
      {
        name: join(root, "test/node/a.test.ts"),
        assertionResults: [{ ancestorTitles: [], title: "is left out", status: "skipped" }],
      },
    ],
  });
  expect(page).toContain(
    "2026-01-02 03:04 UTC, commit abc1234, 2 processors.\n1 proofs held, 1 did not. Not run: unit.\n",
  );
  expect(page.slice(page.indexOf("## test/node"))).toBe(`## test/node/a.test.ts

| Proof | Outcome | Seconds |
|---|---|---|
| is left out | not run | 0.0 |

## test/server/b.test.ts

| Proof | Outcome | Seconds |
|---|---|---|
| a flood › is \\| withstood | held | 61.3 |
| twin: is seen | **did not hold** | 0.0 |

Measured by “is | withstood”:

| Quantity | Value |
|---|---|
| memory, MiB | 812 |
| spans/s | 240,750 |
| unknown | not known |
`);
});
