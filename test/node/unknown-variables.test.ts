import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { unknownVariables } from "@/lib/server/config";

describe("variables that are no settings", () => {
  it("are named, with the setting that was probably meant", () => {
    const env = { HEADWATER_OTLP_PROT: "4318", HEADWATER_SOMETHING_ELSE: "", HEADWATER_TOKENS: "x", PORTS: "3000" };
    expect(unknownVariables(env)).toEqual([
      "HEADWATER_OTLP_PROT is no setting; did you mean HEADWATER_OTLP_PORT?",
      "HEADWATER_SOMETHING_ELSE is no setting.",
      "HEADWATER_TOKENS is no setting; did you mean HEADWATER_TOKEN?",
    ]);
  });

  it("are none of those that the documentation names", () => {
    const named = readFileSync("docs/configuration.md", "utf8").match(/\bHEADWATER_[A-Z][A-Z_]*[A-Z]/g)!;
    expect(named.length).toBeGreaterThan(15);
    expect(unknownVariables(Object.fromEntries(named.map((name) => [name, "1"])))).toEqual([]);
  });
});
