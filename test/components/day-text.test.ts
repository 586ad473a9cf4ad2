import { expect, it } from "vitest";
import { dayText } from "@/components/tables/day-text";

it("says the year of what was seen in another one", () => {
  expect(dayText("2026-11-23T08:27:33.000Z", 2026)).toBe("11-23 08:27");
  expect(dayText("2022-06-20T22:54:20.333Z", 2026)).toBe("2022-06-20");
  expect(dayText(null, 2026)).toBe("–");
});
