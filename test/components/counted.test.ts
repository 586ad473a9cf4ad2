import { expect, it } from "vitest";
import { counted } from "@/components/ui/counted";

it("counts in the number that it has", () => {
  expect(counted(0, "calls")).toBe("0 calls");
  expect(counted(1, "calls")).toBe("1 call");
  expect(counted(1, "deliveries")).toBe("1 delivery");
  expect(counted(2, "deliveries")).toBe("2 deliveries");
  expect(counted(12_345, "requests").replaceAll(/\s/g, " ")).toBe("12.3 k requests");
});
