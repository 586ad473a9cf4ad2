import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKETS, bucketMiddle, bucketOf, bucketQuantiles } from "@/lib/domain/histogram";

it("a bucket's middle is within 3.1 % of what fell into it, up to a day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000_000 }), (us) => {
      const bucket = bucketOf(us);
      expect(bucket).toBeGreaterThanOrEqual(0);
      expect(bucket).toBeLessThan(BUCKETS);
      if (us < 2 ** 32) expect(Math.abs(bucketMiddle(bucket) - us)).toBeLessThanOrEqual(us * 0.0313 + 0.5);
    }),
  );
});

it("order is kept", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 2 ** 31 }), (a, b) => {
      if (a <= b) expect(bucketOf(a)).toBeLessThanOrEqual(bucketOf(b));
    }),
  );
});

describe("quantiles of buckets", () => {
  it("are those of the samples, by nearest rank", () => {
    const samples = Array.from({ length: 101 }, (_, i) => ((i * 37) % 101) * 50);
    const buckets = new Map<number, number>();
    for (const us of samples) buckets.set(bucketOf(us), (buckets.get(bucketOf(us)) ?? 0) + 1);
    const sorted = samples.slice().sort((a, b) => a - b);
    const asked = [0, 0.5, 0.9, 0.99, 1];
    const exact = asked.map((q) => sorted[Math.max(1, Math.ceil(q * 101)) - 1]!);
    expect(bucketQuantiles(buckets, asked)).toEqual(exact.map((us) => bucketMiddle(bucketOf(us))));
  });

  it("are nothing without samples", () => {
    expect(bucketQuantiles(new Map(), [0.5, 0.99])).toEqual([null, null]);
  });
});
