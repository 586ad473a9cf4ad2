import { describe, expect, it } from "vitest";
import { niceCeiling, timeTicks } from "@/components/services/time-axis";

const minute = (iso: string): number => Date.parse(iso) / 60_000;

describe("the time axis", () => {
  it("has ticks on round times, as many as fit", () => {
    const from = minute("2026-03-01T10:07:00Z");
    expect(timeTicks(from, from + 60).map(({ label }) => label)).toEqual([
      "10:10",
      "10:20",
      "10:30",
      "10:40",
      "10:50",
      "11:00",
    ]);
    for (const length of [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080, 100_000]) {
      const ticks = timeTicks(from, from + length);
      expect(ticks.length).toBeLessThanOrEqual(7);
      for (const tick of ticks) expect(tick.minute >= from && tick.minute < from + length).toBe(true);
    }
  });

  it("names days where steps are days", () => {
    const from = minute("2026-03-01T10:00:00Z");
    expect(timeTicks(from, from + 7 * 1440).map(({ label }) => label)).toEqual(["03-02", "03-04", "03-06", "03-08"]);
  });
});

describe("the end of an axis", () => {
  it("is the next of 1, 2, 5, 10", () => {
    expect([0, 0.3, 1, 1.1, 4.9, 5, 51, 0.02, 1e6].map(niceCeiling)).toEqual([1, 0.5, 1, 2, 5, 5, 100, 0.02, 1e6]);
  });
});
