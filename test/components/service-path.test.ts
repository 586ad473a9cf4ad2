import { describe, expect, it } from "vitest";
import { serviceOfPath, servicePath } from "@/components/services/service-path";

describe("the path of a service", () => {
  const names = [
    ".",
    "..",
    "~.",
    "~~..",
    "...",
    "a/b",
    "a b",
    "%2e%2e",
    "100%",
    "?x#y",
    "é",
    "~",
    "db:pg/x@h:1",
    "<b>",
  ];

  for (const name of names) {
    it(`leads back to ${name}`, () => {
      const url = new URL(servicePath(name), "http://host");
      const segments = url.pathname.split("/");
      expect(segments.slice(0, 2)).toEqual(["", "services"]);
      expect(segments.length).toBe(3);
      expect(url.search + url.hash).toBe("");
      expect(serviceOfPath(segments[2]!)).toBe(name);
    });
  }

  it("is different for different names", () => {
    expect(new Set(names.map(servicePath)).size).toBe(names.length);
  });

  it("is refused when it cannot be decoded", () => {
    expect(serviceOfPath("%E0%A4%A")).toBeNull();
  });
});
