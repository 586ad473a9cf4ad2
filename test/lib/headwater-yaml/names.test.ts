import { describe, expect, it } from "vitest";
import { problemText, readHeadwaterYaml } from "@/lib/headwater-yaml/read-headwater-yaml";

const FILE = "headwater.yaml";
const read = (text: string) => readHeadwaterYaml(text, FILE);

describe("aliases and gateways", () => {
  it("are read with the lines that they stand on, beside objectives", () => {
    const { declared, problems } = read(`aliases:
  checkout: [legacy-checkout, "external:checkout.internal"]
  "db:postgresql/orders@orders-db:5432":
    - "db:postgresql/orders@10.0.0.7:5432"
    - "external:orders-db"
gateways:
  - api-gateway
  - shop/edge
objectives: { checkout: { availability: "99%" } }
`);
    expect(problems).toEqual([]);
    expect([...declared!.names.aliases]).toEqual([
      ["legacy-checkout", { canonical: "checkout", line: 2 }],
      ["external:checkout.internal", { canonical: "checkout", line: 2 }],
      ["db:postgresql/orders@10.0.0.7:5432", { canonical: "db:postgresql/orders@orders-db:5432", line: 4 }],
      ["external:orders-db", { canonical: "db:postgresql/orders@orders-db:5432", line: 5 }],
    ]);
    expect([...declared!.names.gateways]).toEqual([
      ["api-gateway", 7],
      ["shop/edge", 8],
    ]);
    expect(declared!.objectives.size).toBe(1);
  });

  it.each(["aliases:", "aliases: {}", "aliases: { a: [] }", "aliases: { a: }", "gateways:", "gateways: []"])(
    "%j declares none",
    (text) => {
      const { declared, problems } = read(text);
      expect([declared?.names.aliases.size, declared?.names.gateways.size, problems]).toEqual([0, 0, []]);
    },
  );

  it("may be named like what every object has, and repeat a name by its anchor", () => {
    const { declared } = read("aliases: { __proto__: [&n constructor] }\ngateways: [toString]\n");
    expect([...declared!.names.aliases]).toEqual([["constructor", { canonical: "__proto__", line: 1 }]]);
    expect([...declared!.names.gateways]).toEqual([["toString", 2]]);
  });
});

describe("what is wrong", () => {
  it.each([
    [
      "aliases: [a]\n",
      "1: aliases: must be a map from names to lists of others, such as { checkout: [legacy-checkout] }",
    ],
    ["aliases:\n  a: b\n", "2: aliases.a: must be a list such as [legacy-checkout]"],
    ["aliases:\n  a: { b: c }\n", "2: aliases.a: must be a list such as [legacy-checkout]"],
    ["aliases:\n  a: [1]\n", '2: aliases.a: must be text such as "legacy-checkout"; got 1'],
    [
      "aliases:\n  a:\n    - b\n    - [c]\n",
      '4: aliases.a: must be text such as "legacy-checkout"; got a map or a list',
    ],
    ["aliases:\n  a: ['']\n", "2: aliases.a: must not be empty"],
    ["aliases:\n  a: [a]\n", '2: aliases.a: "a" is the name itself; leave it out of its own list'],
    ["aliases:\n  a: [b, b]\n", '2: aliases.a: "b" stands in this list twice'],
    ["aliases:\n  a: [c]\n  b: [c]\n", '3: aliases.b: "c" is an alias of "a" already (line 2); keep one of them'],
    [
      "aliases:\n  a: [b]\n  b: [c]\n",
      '3: aliases.b: "b" is an alias of "a" itself (line 2); list its names under "a"',
    ],
    [
      "aliases:\n  a: [b]\n  b: [a]\n",
      '2: aliases.a: "a" is an alias of "b" itself (line 3); list its names under "b"',
    ],
    ["aliases:\n  a: [b]\n  a: [c]\n", "3: the same key stands here twice"],
    [
      'aliases:\n  checkout: ["topic:kafka/orders"]\n',
      '2: aliases.checkout: "topic:kafka/orders" is a topic and "checkout" a service: one cannot be counted as the other; take it out of the list',
    ],
    [
      'aliases:\n  "external:pay.example": [payments]\n',
      '2: aliases.external:pay.example: "payments" is a service and "external:pay.example" an external host: one cannot be counted as the other; the other way round it works: "external:pay.example" under "payments"',
    ],
    [
      'aliases:\n  a: ["entry:user"]\n',
      '2: aliases.a: "entry:user" is where end users come in and "a" a service: one cannot be counted as the other; take it out of the list',
    ],
    ["gateways: api-gateway\n", "1: gateways: must be a list such as [api-gateway]"],
    ["gateways: [8]\n", '1: gateways: must be text such as "api-gateway"; got 8'],
    ["gateways:\n  - a\n  - a\n", '3: gateways: "a" stands in this list twice'],
    ['gateways: ["external:a"]\n', '1: gateways: "external:a" is an external host; only services can be gateways'],
    ["gateways: [old]\naliases: { edge: [old] }\n", '1: gateways: "old" is an alias of "edge" (line 2); name that one'],
  ])("%j", (text, sentence) => {
    const { declared, problems } = read(text);
    expect(problems.map(problemText)).toContain(`${FILE}:${sentence}`);
    expect(declared).toBeNull();
  });

  it.each([
    ["alias: {}\n", 'there is no section "alias"; did you mean "aliases"?'],
    ["gateway: [a]\n", 'there is no section "gateway"; did you mean "gateways"?'],
  ])("%j is a notice", (text, message) => {
    expect(read(text)).toMatchObject({ declared: {}, problems: [{ severity: "notice", line: 1, message }] });
  });

  it("keeps objectives out of force too: half a file is none", () => {
    expect(read('objectives: { a: { availability: "9%" } }\ngateways: x\n').declared).toBeNull();
  });
});
