import { describe, expect, it } from "vitest";
import { durationTicks } from "@/components/traces/duration-axis";
import { axisText } from "@/components/ui/axis-text";
import { formatMs, formatShare } from "@/lib/domain/format-number";

const texts = (totalMs: number): string[] => durationTicks(totalMs).map((ms) => axisText(formatMs(ms)));

describe("the axis of a trace", () => {
  it("has round ticks", () => {
    expect(texts(703)).toEqual(["0 ms", "200 ms", "400 ms", "600 ms"]);
    expect(texts(12.4)).toEqual(["0 ms", "5 ms", "10 ms"]);
    expect(texts(3_460)).toEqual(["0 ms", "1 s", "2 s", "3 s"]);
    expect(texts(0.05)).toEqual(["0 ms", "10 µs", "20 µs", "30 µs", "40 µs", "50 µs"]);
    expect(texts(100)).toEqual(["0 ms", "20 ms", "40 ms", "60 ms", "80 ms", "100 ms"]);
    expect(texts(600_000)).toEqual(["0 ms", "2 min", "4 min", "6 min", "8 min", "10 min"]);
    expect(texts(36_000_000)).toEqual(["0 ms", "2 h", "4 h", "6 h", "8 h", "10 h"]);
  });

  it("has one tick for nothing", () => {
    expect(durationTicks(0)).toEqual([0]);
    expect(durationTicks(Number.NaN)).toEqual([0]);
  });

  it("never has more than six, stays within the trace, and always has a second one", () => {
    for (let ms = 0.001; ms < 1e9; ms *= 1.07) {
      const ticks = durationTicks(ms);
      expect(ticks.length, String(ms)).toBeGreaterThan(1);
      expect(ticks.length, String(ms)).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)!, String(ms)).toBeLessThanOrEqual(ms * (1 + 1e-6));
    }
  });
});

it("axes say nothing after the point that is not there", () => {
  expect(axisText(formatShare(0.005, 1))).toBe("0.5 %");
  expect(axisText(formatShare(0.01, 1))).toBe("1 %");
  expect(axisText(formatMs(250))).toBe("250 ms");
  expect(axisText({ value: "–", unit: "" })).toBe("–");
});
