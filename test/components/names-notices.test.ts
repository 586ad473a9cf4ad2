import { describe, expect, it } from "vitest";
import { aliasNotices, configurationNotices, overLimitNotices } from "@/components/shell/names-notices";
import type { ConfigProblem } from "@/lib/contract/configuration";
import { graphNode } from "@/test/helpers/graph-answers";

const PROBLEM: ConfigProblem = {
  severity: "error",
  file: "/etc/headwater.yaml",
  line: 4,
  key: "gateways",
  message: "no",
};
const said = (problems: ConfigProblem[], aliases = 0): string[] =>
  configurationNotices({ path: "/etc/headwater.yaml", objectives: 0, aliases, gateways: 0, problems });

describe("what is said of headwater.yaml", () => {
  it("is each error, and what holds instead", () => {
    expect(said([PROBLEM, { ...PROBLEM, line: 5, key: "" }], 1)).toEqual([
      "headwater.yaml, line 4: gateways: no. What it declared before is in force.",
      "headwater.yaml, line 5: no. What it declared before is in force.",
    ]);
    expect(said([PROBLEM])).toEqual(["headwater.yaml, line 4: gateways: no. Nothing of it is in force."]);
    expect(said([{ ...PROBLEM, line: null, key: "", message: "the file is gone; that holds" }])).toEqual([
      "headwater.yaml: the file is gone; that holds.",
    ]);
  });

  it("is nothing without errors, and while it is not known", () => {
    expect(said([{ ...PROBLEM, severity: "notice" }])).toEqual([]);
    expect(configurationNotices(undefined)).toEqual([]);
  });
});

it("says that an address names a node by an alias, and only then", () => {
  const node = graphNode("checkout", { aliases: ["old"] });
  expect(aliasNotices("old", node)).toEqual(["“old” is an alias of checkout in headwater.yaml: this is checkout."]);
  expect([aliasNotices("checkout", node), aliasNotices(null, node), aliasNotices("old", undefined)]).toEqual([
    [],
    [],
    [],
  ]);
});

describe("what is said of names beyond the limit", () => {
  it("is that they are counted as one, wherever one of them is shown", () => {
    const said = [
      "More distinct names came in than are kept apart: the rest is counted under __other__. Sources says how many.",
    ];
    expect(overLimitNotices({ environment: "", nodes: [graphNode("cart"), graphNode("__other__")] })).toEqual(said);
    expect(overLimitNotices({ environment: "__other__", nodes: [graphNode("cart")] })).toEqual(said);
    expect(overLimitNotices({ environment: "", nodes: [graphNode("cart")] })).toEqual([]);
  });
});
