import fc from "fast-check";
import { expect, it } from "vitest";
import { BUCKETS, bucketMiddle, bucketOf } from "@/lib/domain/histogram";

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
