import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exact, figureOf, readAvailability } from "@/lib/reliability/availability";
import { type Ceiling, ceilingOf } from "@/lib/reliability/ceiling";
import { requestsNeeded, wilson } from "@/lib/reliability/confidence";
import { verdictOf } from "@/lib/reliability/verdict";

const losses = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
const NOISE = 1e-12;

const isOrdered = ({ best, independent, worst }: Ceiling): boolean =>
  1 >= best && best >= independent && independent >= worst && worst >= 0;

const isLower = (lower: Ceiling, higher: Ceiling): boolean =>
  lower.best <= higher.best + NOISE &&
  lower.independent <= higher.independent + NOISE &&
  lower.worst <= higher.worst + NOISE;

describe("the ceiling", () => {
  it("is 1 where nothing limits", () => {
    expect(ceilingOf([])).toEqual({ best: 1, independent: 1, worst: 1 });
  });

  it("of calls with a probability and a hardness", () => {
    // (p, h, a): (1, 1, .999), (.3, 1, .99), (1, .1, .995)
    expect(ceilingOf([0.001, 0.003, 0.0005])).toEqual({ best: 0.997, independent: 0.9955049985, worst: 0.9955 });
  });

  it("never puts the worst case above the independent one, nor that above the best", () => {
    fc.assert(fc.property(losses, (list) => isOrdered(ceilingOf(list))));
  });

  it("is never raised by another callee", () => {
    fc.assert(
      fc.property(losses, fc.double({ min: 0, max: 1, noNaN: true }), (list, loss) =>
        isLower(ceilingOf([...list, loss]), ceilingOf(list)),
      ),
    );
  });

  it("has checks that notice a sum in the place of the product, and a callee that helps", () => {
    const { best, independent, worst } = ceilingOf([0.5, 0.6]);
    expect(isOrdered({ best, independent: worst, worst: independent })).toBe(false);
    expect(isLower(ceilingOf([]), ceilingOf([0.5]))).toBe(false);
  });
});

describe("an availability", () => {
  it.each([
    ["99.9%", 0.999],
    ["99.95 %", 0.9995],
    ["0.999", 0.999],
    ["100%", 1],
    ["1", 1],
  ])("%s is %d", (text, ratio) => expect(readAvailability(text)).toBe(ratio));

  it.each(["", "99.9", "99,9%", "100.5%", "0%", "-1%", "1e2%", "99.9%%", "ninety", ".999", "NaN", "0x1%"])(
    "%j is none",
    (text) => expect(typeof readAvailability(text)).toBe("string"),
  );

  it("is what its downtime says", () => {
    expect(figureOf(0.999)).toEqual({ availability: 0.999, minutesPer30Days: 43.2, hoursPerYear: 8.76 });
    expect(figureOf(0.9999).hoursPerYear * 60).toBeCloseTo(52.56, 9);
    expect(figureOf(0.993010995).hoursPerYear).toBe(61.2236838);
    expect(exact(1 - 0.995)).toBe(0.005);
  });
});

describe("the verdict", () => {
  const ceiling = ceilingOf([0.001, 0.001, 0.005]);

  it.each([
    [0.999, "impossible"],
    [0.995, "unsupported"],
    [0.994, "unsupported"],
    [0.993010995, "supported_if_independent"],
    [0.993, "safe"],
    [0.9, "safe"],
  ] as const)("of %d is %s", (target, verdict) => expect(verdictOf(target, ceiling)).toBe(verdict));

  it("is open where callees are missing, unless it can only get worse", () => {
    expect([0.999, 0.994, 0.993005, 0.9].map((target) => verdictOf(target, ceiling, true))).toEqual([
      "impossible",
      "unsupported",
      null,
      null,
    ]);
    expect(verdictOf(null, ceiling)).toBeNull();
    expect(verdictOf(0.9, null)).toBeNull();
  });
});

describe("confidence", () => {
  it.each([
    [100, 0, 0.963007, 1],
    [1000, 3, 0.991217, 0.998979],
    [1000, 0, 0.996173, 1],
    [100, 1, 0.945514, 0.998233],
    [30_000, 50, 0.997804, 0.998735],
  ])("%d requests with %d failures: Wilson", (requests, failures, low, high) => {
    const interval = wilson(requests, failures);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  it("needs so many requests without a failure", () => {
    expect([0.99, 0.999, 0.9995, 0.9999, 1, 1 - 1e-16].map(requestsNeeded)).toEqual([
      299,
      2995,
      5990,
      29_956,
      null,
      null,
    ]);
    expect(wilson(0, 0)).toEqual({ low: null, high: null });
  });
});
