// The axis of nines: where availabilities stand, and that labels over it stay readable.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ninesScale, stackLabels } from "@/components/sla/nines-scale";
import { axisText } from "@/components/ui/axis-text";
import { formatAvailability } from "@/lib/domain/format-availability";

const ticksOf = (values: readonly number[]): string[] =>
  ninesScale(values).ticks.map((tick) => axisText(formatAvailability(tick)));

describe("a scale of nines", () => {
  it("holds the guide's numbers between 99 % and 99.99 %, as drawn by hand", () => {
    const scale = ninesScale([0.993, 0.995, 0.999]);
    expect(ticksOf([0.993, 0.995, 0.999])).toEqual(["99 %", "99.9 %", "99.99 %"]);
    expect(scale.at(0.99)).toBe(0);
    expect(scale.at(0.999)).toBe(0.5);
    expect(scale.at(0.9999)).toBe(1);
    expect(scale.at(0.995)).toBeCloseTo((-Math.log10(0.005) - 2) / 2, 9);
    expect(scale.endless).toBe(false);
  });

  it("begins where it has to", () => {
    expect(ticksOf([0.85, 0.9995])).toEqual(["0 %", "90 %", "99 %", "99.9 %", "99.99 %"]);
    expect(ticksOf([0.99, 0.999])).toEqual(["90 %", "99 %", "99.9 %", "99.99 %"]); // marks stand inside the ends
    expect(ninesScale([0]).at(0)).toBe(0);
  });

  it("breaks off before 100 %, which no number of nines reaches", () => {
    const scale = ninesScale([0.999, 1]);
    expect(scale.endless).toBe(true);
    expect(scale.at(1)).toBe(1);
    expect(scale.at(scale.ticks.at(-1)!)).toBeLessThan(0.9);
    expect(ticksOf([1])).toEqual(["99 %", "99.9 %", "99.99 %"]);
  });

  it("keeps every value on the axis and in order", () => {
    const availability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(availability, { minLength: 1, maxLength: 6 }), (values) => {
        const scale = ninesScale(values);
        const places = [...values].sort((a, b) => a - b).map((value) => scale.at(value));
        expect(places.every((place) => place >= 0 && place <= 1)).toBe(true);
        for (let at = 1; at < places.length; at++) expect(places[at]).toBeGreaterThanOrEqual(places[at - 1]!);
        expect(scale.ticks.length).toBeGreaterThanOrEqual(3);
      }),
    );
  });
});

describe("labels over an axis", () => {
  it("share a row as long as they do not touch", () => {
    const rows = stackLabels(
      [
        { x: 50, width: 60 },
        { x: 160, width: 60 },
        { x: 170, width: 60 },
      ],
      352,
    );
    expect(rows.map(({ row }) => row)).toEqual([0, 0, 1]);
  });

  it("never cover each other and never leave the axis", () => {
    const label = fc.record({ x: fc.integer({ min: 0, max: 352 }), width: fc.integer({ min: 10, max: 160 }) });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 6 }), (labels) => {
        const placed = stackLabels(labels, 352);
        for (const [at, { label, x, row }] of placed.entries()) {
          expect(x - label.width / 2).toBeGreaterThanOrEqual(0);
          expect(x + label.width / 2).toBeLessThanOrEqual(352);
          for (const other of placed.slice(at + 1))
            if (other.row === row)
              expect(Math.abs(other.x - x)).toBeGreaterThanOrEqual((label.width + other.label.width) / 2);
        }
      }),
    );
  });
});
