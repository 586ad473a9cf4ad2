import { describe, expect, it } from "vitest";
import { slope } from "@/bench/support/statistics";

const minutes = Array.from({ length: 31 }, (_, minute) => minute);

describe("growth", () => {
  it("is what it is for what grows, also through ups and downs, and nothing for these alone", () => {
    expect(slope(minutes.map((minute) => [minute, 700 + 2 * minute] as const))).toBeCloseTo(2);
    expect(slope(minutes.map((minute) => [minute, 700 + 2 * minute + (minute % 2) * 30] as const))).toBeCloseTo(2);
    expect(slope(minutes.map((minute) => [minute, 700 + (minute % 2) * 30] as const))).toBeCloseTo(0);
  });

  it("is not known of one point", () => {
    expect(slope([[1, 1]])).toBeNaN();
  });
});
