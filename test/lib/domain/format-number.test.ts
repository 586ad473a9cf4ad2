import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asText,
  formatBytes,
  formatCount,
  formatDowntime,
  formatMs,
  formatPeriod,
  formatRate,
  formatShare,
  plural,
} from "@/lib/domain/format-number";

describe("numbers for people", () => {
  it.each([
    [formatShare(4, 100_000), "0.00400 %"],
    [formatShare(187, 10_000), "1.87 %"],
    [formatShare(75_2, 10_000_00), "0.0752 %"],
    [formatShare(0, 5), "0 %"],
    [formatShare(5, 5), "100 %"],
    [formatShare(0, 0), "–"],
    [formatMs(null), "–"],
    [formatMs(0), "0 ms"],
    [formatMs(0.04), "40.0 µs"],
    [formatMs(9.996), "10.0 ms"],
    [formatMs(999.4), "999 ms"],
    [formatMs(1240), "1.24 s"],
    [formatMs(150_000), "2.50 min"],
    [formatMs(9_000_000), "2.50 h"],
    [formatRate(74_400, 60), "1.24 k/min"],
    [formatRate(32, 1), "32.0 /min"],
    [formatRate(1, 60), "0.0167 /min"],
    [formatCount(999), "999"],
    [formatCount(35_200), "35.2 k"],
    [formatBytes(0), "0 B"],
    [formatBytes(1_288_490_189), "1.20 GiB"],
  ])("%o is %s", (quantity, text) => expect(asText(quantity)).toBe(text));

  it("keep three digits and never more than one point or a comma behind it", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1, noNaN: true }), (share) => {
        const { value } = formatShare(share, 1);
        expect(value).toMatch(/^\d{1,3}(\.\d+)?$/);
        expect(Math.abs(Number(value) / (share * 100) - 1)).toBeLessThan(0.006);
      }),
    );
  });

  it("count one apart from many", () => {
    expect([plural(999, "request"), plural(3394, "request"), plural(1_000_000, "request")]).toEqual([
      "999 requests",
      "3,394 requests",
      "1,000,000 requests",
    ]);
    expect([plural(1, "edge"), plural(0, "edge"), plural(2, "query", "queries")]).toEqual([
      "1 edge",
      "0 edges",
      "2 queries",
    ]);
  });
});

describe("a period that was set", () => {
  it.each([
    [30, "30 min"],
    [90, "90 min"],
    [1440, "24 h"],
    [2160, "36 h"],
    [2880, "2 d"],
    [10_080, "7 d"],
  ])("of %d minutes is %s", (minutes, text) => expect(asText(formatPeriod(minutes))).toBe(text));
});

describe("uptime", () => {
  it.each([
    [0, "0 min"],
    [43.2, "43.2 min"],
    [86.4, "1 h 26 min"],
    [301.9, "5 h 02 min"],
    [1439.9, "1 d 00 h"],
    [3000, "2 d 02 h"],
  ])("%d minutes are %s", (minutes, text) => expect(formatDowntime(minutes)).toBe(text));
});
