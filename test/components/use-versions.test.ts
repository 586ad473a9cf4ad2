import { describe, expect, it } from "vitest";
import { versionsOf, versionsOfNode } from "@/components/tables/use-versions";

const sender = (service: string, environment: string, version: string, lastAt: string) => ({
  service,
  environment,
  version,
  sdk: "",
  instances: 1,
  spans: 1,
  lastAt: `2026-03-01T10:${lastAt}:00.000Z`,
});

describe("versions of services", () => {
  const senders = [
    sender("cart", "prod", "1.0.0", "05"),
    sender("cart", "prod", "1.1.0", "09"),
    sender("cart", "prod", "1.0.0", "07"),
    sender("cart", "test", "2.0.0", "10"),
    sender("web", "prod", "", "11"),
    sender("web", "test", "3", "11"),
  ];

  it("has each version once, the latest seen first, of one environment", () => {
    expect([...versionsOf(senders, "prod")]).toEqual([["cart", ["1.1.0", "1.0.0"]]]);
    expect([...versionsOf(senders, "test")].sort()).toEqual([
      ["cart", ["2.0.0"]],
      ["web", ["3"]],
    ]);
  });

  it("is empty for nobody", () => {
    expect(versionsOf([], "prod").size).toBe(0);
    expect(versionsOf(senders, "elsewhere").size).toBe(0);
  });

  it("has those of a node under every name that it has, its own first", () => {
    const versions = new Map([
      ["cart", ["1.1.0", "1.0.0"]],
      ["old-cart", ["1.0.0", "0.9.0"]],
    ]);
    expect(versionsOfNode(versions, { id: "cart", aliases: ["old-cart", "external:cart"] })).toEqual([
      "1.1.0",
      "1.0.0",
      "0.9.0",
    ]);
    expect(versionsOfNode(versions, { id: "web" })).toEqual([]);
  });
});
