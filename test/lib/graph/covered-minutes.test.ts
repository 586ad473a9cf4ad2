import { expect, it } from "vitest";
import { coveredMinutes, minutesBegun } from "@/lib/graph/covered-minutes";
import { graphNode } from "@/test/helpers/graph-answers";

const [from, to] = ["2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00.000Z"];
const window = { from, to, minutes: 60, until: to };
const seen = (firstSeen: string | null, lastSeen: string | null) => graphNode("a", { firstSeen, lastSeen });

it.each([
  ["known before and until the end", [seen("2026-02-01T00:00:00.000Z", "2026-03-01T10:59:00.000Z")], 60],
  ["since ten minutes", [seen("2026-03-01T10:50:00.000Z", "2026-03-01T10:59:00.000Z")], 10],
  ["one minute only", [seen("2026-03-01T10:20:00.000Z", "2026-03-01T10:20:00.000Z")], 1],
  ["stopped half way", [seen("2026-02-01T00:00:00.000Z", "2026-03-01T10:29:00.000Z")], 30],
  [
    "the earliest and the latest of several",
    [
      seen("2026-03-01T10:10:00.000Z", "2026-03-01T10:20:00.000Z"),
      seen("2026-03-01T10:15:00.000Z", "2026-03-01T10:39:00.000Z"),
    ],
    30,
  ],
  ["nothing seen", [seen(null, null)], 1],
  ["seen only long before", [seen("2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z")], 1],
])("%s", (_what, nodes, minutes) => {
  expect(coveredMinutes({ window, nodes })).toBe(minutes);
});

it("the minute that is running counts as far as it has come", () => {
  const nodes = [seen("2026-02-01T00:00:00.000Z", "2026-03-01T10:59:00.000Z")];
  const five = { from: "2026-03-01T10:55:00.000Z", to, minutes: 5, until: "2026-03-01T10:59:15.000Z" };
  expect(coveredMinutes({ window: five, nodes })).toBe(4.25);
  expect(minutesBegun({ window: five, nodes })).toBe(5);
  expect(coveredMinutes({ window: { ...five, until: to }, nodes })).toBe(5);
  const stopped = [seen("2026-02-01T00:00:00.000Z", "2026-03-01T10:56:00.000Z")];
  expect(coveredMinutes({ window: five, nodes: stopped })).toBe(2);
});
