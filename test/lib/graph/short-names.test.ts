import { describe, expect, it } from "vitest";
import { shortNames, tellingWords } from "@/lib/graph/short-names";

describe("short names", () => {
  it("leaves what fits as it is", () => {
    const names = ["cart", "x".repeat(28)];
    expect([...shortNames(names)]).toEqual([...names].sort().map((name) => [name, name]));
  });

  it("takes out the middle of a name that stands alone", () => {
    const name = "recommendation-engine-for-returning-customers";
    expect(shortNames([name, "cart"]).get(name)).toBe("recommendation-…ng-customers");
  });

  it("keeps what tells names apart", () => {
    const names = [
      "payments-production-eu-west-1-worker-authorization-service",
      "payments-production-eu-west-1-worker-settlement-service",
      "payments-production-eu-west-1-api",
    ];
    const short = shortNames(names);
    expect(names.map((name) => short.get(name))).toEqual([
      "paymen…worker…authorization…",
      "paymen…worker…settlement-se…",
      "paymen…api",
    ]);
  });

  it("never makes a name longer than 28, nor two of these alike", () => {
    const words = ["authorization", "settlement", "reconciliation", "notification"];
    const names = words.flatMap((a) => words.map((b) => `corporate-banking-platform-${a}-${b}-processor`));
    const short = shortNames(names);
    expect(new Set(short.values()).size).toBe(names.length);
    for (const name of short.values()) expect(name.length).toBeLessThanOrEqual(28);
    // The saboteur's twin: the middle taken out alike makes them two.
    expect(new Set(names.map((name) => `${name.slice(0, 15)}…${name.slice(-12)}`)).size).toBe(2);
  });

  it("does what it can for one long word", () => {
    const names = [`${"x".repeat(40)}a`, `${"x".repeat(40)}b`];
    expect([...shortNames(names).values()]).toEqual(["xxxxxx…a", "xxxxxx…b"]);
  });

  it("has none for no names", () => {
    expect(shortNames([])).toEqual(new Map());
  });
});

describe("telling words", () => {
  const shown = (names: readonly string[]): string[][] => {
    const words = tellingWords(names);
    return names.map((name) => (words.get(name) ?? []).map(([from, to]) => name.slice(from, to)));
  };

  it("are those by which a name parts from others that begin like it", () => {
    expect(
      shown([
        "corporate-platform-payments-settlement-in-region-0",
        "corporate-platform-payments-reconciliation-in-region-0",
        "corporate-platform-logistics-settlement-in-region-0",
        "cart",
      ]),
    ).toEqual([["payments", "settlement"], ["payments", "reconciliation"], ["logistics"], []]);
  });

  it("tell all names apart", () => {
    const names = ["eu", "us"].flatMap((a) =>
      ["one", "two"].flatMap((b) => ["x", "y"].map((c) => `platform-${a}-${b}-z-${c}`)),
    );
    expect(new Set(shown(names).map(String)).size).toBe(8);
  });

  it("are none for names of no common beginning, nor for their beginning", () => {
    expect(shown(["cart", "checkout", "orders"])).toEqual([[], [], []]);
  });
});
