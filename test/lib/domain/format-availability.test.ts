import { describe, expect, it } from "vitest";
import { formatAvailability, formatNeeded } from "@/lib/domain/format-availability";
import { asText } from "@/lib/domain/format-number";

const shown = (availability: number | null): string => asText(formatAvailability(availability)).replace(/\s/, " ");
const needed = (availability: number): string => asText(formatNeeded(availability)).replace(/\s/, " ");

describe("an availability", () => {
  it("has three decimals, and more where three would be 100", () => {
    expect(shown(0.993010995)).toBe("99.301 %");
    expect(shown(0.9999999)).toBe("99.99999 %");
    expect(shown(1)).toBe("100 %");
    expect(shown(null)).toBe("–");
  });

  it("that is needed is rounded up, so that what is read there is enough", () => {
    expect(needed(0.999666555493786)).toBe("99.967 %");
    expect(needed(1 - 0.001 / 6)).toBe("99.984 %"); // 99.98333…
    expect(shown(1 - 0.001 / 6)).toBe("99.983 %");
    expect(needed(0.99999)).toBe("99.999 %");
    expect(needed(1 - 1.5e-6)).toBe("99.9999 %");
    for (let lost = 0.5; lost > 1e-9; lost *= 0.83)
      expect(Number(formatNeeded(1 - lost).value) / 100).toBeGreaterThanOrEqual(1 - lost - 1e-14);
  });
});
