import { describe, expect, it } from "vitest";
import { NOTHING_DECLARED, problemText, readHeadwaterYaml } from "@/lib/headwater-yaml/read-headwater-yaml";

const FILE = "headwater.yaml";
const said = (text: string): string[] => readHeadwaterYaml(text, FILE).problems.map(problemText);

describe("objectives", () => {
  it("are read with the lines that they stand on", () => {
    const { declared, problems } = readHeadwaterYaml(
      `server: { port: 3000 }
objectives:
  checkout: { availability: "99.9%", latency: { p99: "300ms", p50: 1.5s } }
  "db:postgresql/stock@db:5432":
    availability: 0.9995
`.replace("0.9995", '"0.9995"'),
      FILE,
    );
    expect(problems).toEqual([]);
    expect([...declared!.objectives]).toEqual([
      ["checkout", { availability: 0.999, latency: { p99: 300, p50: 1500 }, line: 3 }],
      ["db:postgresql/stock@db:5432", { availability: 0.9995, latency: {}, line: 4 }],
    ]);
  });

  it.each(["", "# nothing", "server: {}", "objectives:", "objectives: {}"])("%j declares none", (text) => {
    expect(readHeadwaterYaml(text, FILE)).toEqual({ declared: NOTHING_DECLARED, problems: [] });
  });

  it("may repeat a value by its anchor, and be named like what every object has", () => {
    const { declared } = readHeadwaterYaml(
      'objectives:\n  a: &a { availability: "99%" }\n  __proto__: *a\n  constructor: *a\n',
      FILE,
    );
    expect([...declared!.objectives].map(([id, { availability }]) => [id, availability])).toEqual([
      ["a", 0.99],
      ["__proto__", 0.99],
      ["constructor", 0.99],
    ]);
  });
});

describe("what is wrong", () => {
  const entry = (rest: string): string => `objectives:\n  shop: ${rest}\n`;

  it.each([
    [entry("{ availability: 99.9 }"), '2: objectives.shop.availability: must be text such as "99.9%"; got 99.9'],
    [
      entry('{ availability: "99.9" }'),
      '2: objectives.shop.availability: is a ratio above 1; write "99.9%" for a percentage; got "99.9"',
    ],
    [
      entry('{ availability: "100.5%" }'),
      '2: objectives.shop.availability: must be more than 0 % and at most 100 %; got "100.5%"',
    ],
    [
      entry('{ availability: "0%" }'),
      '2: objectives.shop.availability: must be more than 0 % and at most 100 %; got "0%"',
    ],
    [
      entry('{ availability: "99,9%" }'),
      '2: objectives.shop.availability: has a decimal comma; write "99.9%"; got "99,9%"',
    ],
    [
      entry("{ availability: high }"),
      '2: objectives.shop.availability: must be a percentage such as "99.9%"; got "high"',
    ],
    [entry("{ availability: }"), '2: objectives.shop.availability: must be text such as "99.9%"; got nothing'],
    [
      entry("{ availability: [99%] }"),
      '2: objectives.shop.availability: must be text such as "99.9%"; got a map or a list',
    ],
    [
      entry('{ availabilty: "99.9%" }'),
      '2: objectives.shop.availabilty: there is no key "availabilty"; did you mean "availability"?',
    ],
    [
      entry('{ uptime: "99.9%" }'),
      '2: objectives.shop.uptime: there is no key "uptime"; there are availability, latency',
    ],
    [entry("99.9%"), '2: objectives.shop: must be a map such as { availability: "99.9%" }'],
    [entry("{ latency: 300ms }"), '2: objectives.shop.latency: must be a map such as { p99: "300ms" }'],
    [entry("{ latency: { p99: 300 } }"), '2: objectives.shop.latency.p99: must be text such as "300ms"; got 300'],
    [
      entry("{ latency: { p99: 5 minutes } }"),
      '2: objectives.shop.latency.p99: must be a time such as "300ms" or "1.5s"; got "5 minutes"',
    ],
    [
      entry("{ latency: { p999: 1s } }"),
      '2: objectives.shop.latency.p999: there is no key "p999"; did you mean "p99"?',
    ],
    ["objectives: [shop]\n", '1: objectives: must be a map from services to { availability: "99.9%" }'],
    ["- objectives\n", "1: must be a map with sections such as objectives:"],
    ['objectives:\n  a: { availability: "9%" }\n  a: { availability: "8%" }\n', "3: the same key stands here twice"],
    [
      '\nobjectives:\n  a: { availability: "9%"\n',
      "4: not valid YAML: Flow map in block collection must be sufficiently indented and end with a }",
    ],
  ])("%j", (text, sentence) => {
    expect(said(text)).toContain(`${FILE}:${sentence}`);
    expect(readHeadwaterYaml(text, FILE).declared).toBeNull();
  });

  it("is all said at once", () => {
    expect(said('objectives:\n  a: 1\n  b: { x: 1, availability: "9" }\n')).toHaveLength(3);
  });

  it("is a notice where nothing depends on it", () => {
    const { declared, problems } = readHeadwaterYaml('objective:\n  a: { availability: "9%" }\n', FILE);
    expect(declared?.objectives.size).toBe(0);
    expect(problems).toMatchObject([
      { severity: "notice", line: 1, message: 'there is no section "objective"; did you mean "objectives"?' },
    ]);
  });
});
