import { describe, expect, it } from "vitest";
import { canaryText } from "@/components/sources/canary-text";
import type { Sources } from "@/lib/contract/sources";

const canary = (of: Partial<NonNullable<Sources["canary"]>>): Sources["canary"] => ({
  everySeconds: 15,
  written: 0,
  missing: 0,
  wrong: 0,
  refused: 0,
  lagSeconds: null,
  lastAt: null,
  ...of,
});

describe("what is said of the canary", () => {
  it.each([
    ["switched off", null, "none", "Switched off."],
    ["before the first", canary({}), "none", "The first trace is on its way."],
    ["while the first is read", canary({ written: 1 }), "none", "The first trace is being read back."],
    ["found", canary({ written: 240, lagSeconds: 0.05 }), "ok", "Each trace found, the last in 50.0 ms."],
    ["missing", canary({ written: 240, missing: 1, lagSeconds: 0.05 }), "bad", "1 missing, of 240 traces."],
    [
      "wrong too",
      canary({ written: 9, missing: 1, wrong: 2, refused: 3 }),
      "bad",
      "1 missing, 2 wrong, 3 not taken, of 12 traces.",
    ],
    ["not taken", canary({ refused: 1 }), "warn", "1 not taken, of 1 trace."],
  ] as const)("%s", (_, state, level, text) => {
    expect(canaryText(state)).toEqual({ level, text });
  });
});
