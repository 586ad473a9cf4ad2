// Worked examples of uptime: spans, headwater.yaml, a change to try, and digits computed by hand (exact fractions).
import type { ServiceSla, Sla } from "@/lib/contract/sla";
import { type CallTree, repeat } from "./call-trees";

export interface Vector {
  readonly name: string;
  readonly trees: readonly CallTree[];
  readonly objectives: Readonly<Record<string, string>>;
  readonly whatIf?: readonly string[];
  /** [what it is, what the answer says, what is right] */
  readonly expected: (sla: Sla) => readonly (readonly [string, unknown, unknown])[];
}

export const yamlOf = (objectives: Vector["objectives"]): string =>
  `objectives:\n${Object.entries(objectives)
    .map(([id, availability]) => `  "${id}": { availability: "${availability}" }\n`)
    .join("")}`;

export const serviceOf = (list: readonly ServiceSla[] | null, id: string): ServiceSla => {
  const found = list?.find((service) => service.id === id);
  if (!found) throw new Error(`there is no ${id} among ${list?.map((service) => service.id)}`);
  return found;
};

const calls = (...services: string[]): CallTree[] => services.map((service) => ({ service }));

export const VECTORS: readonly Vector[] = [
  {
    name: "V1: three nines times three nines times 99.5",
    trees: repeat(10, () => ({ service: "checkout", calls: calls("orders", "cart", "payments") })),
    objectives: { checkout: "99.9%", orders: "99.9%", cart: "99.9%", payments: "99.5%" },
    expected: ({ services }) => {
      const { declared, verdict } = serviceOf(services, "checkout");
      return [
        ["best", declared.best?.availability, 0.995],
        ["independent", declared.independent?.availability, 0.993010995],
        ["worst", declared.worst?.availability, 0.993],
        ["hours", declared.independent?.hoursPerYear, 61.2236838],
        ["minutes", declared.independent?.minutesPer30Days, 301.925016],
        ["verdict", verdict, "impossible"],
        ["most", declared.callees[0]?.id, "payments"],
        ["multiple", declared.callees[0]?.budgetMultiple, 5],
        ["share", declared.callees[0]?.lossShare, 5 / 7],
        ["one fix is not enough", declared.callees[0]?.ceilingWithout, 0.998001],
        ["equal split", declared.equalSplit?.independent, 0.999666555493786],
      ];
    },
  },
  {
    name: "V2: a web tier, and a database with a queue to fall back on",
    trees: repeat(10, () => ({
      service: "app",
      calls: [{ service: "web" }, { service: "orders", database: "postgresql" }],
    })),
    objectives: { app: "99.95%", web: "99.95%", "db:postgresql/orders@db": "99.99%" },
    whatIf: ["app:db:postgresql/orders@db:fallback=99.9%"],
    expected: ({ services, changed }) => {
      const then = serviceOf(changed, "app").declared;
      return [
        ["serial", serviceOf(services, "app").declared.independent?.availability, 0.99940005],
        ["database or queue", 1 - (then.callees.find(({ fallback }) => fallback)?.loss ?? 1), 0.9999999],
        ["total", then.independent?.availability, 0.99949990005],
      ];
    },
  },
  {
    name: "V3: a callee of 99 in 30 of 100 requests",
    // 2000 requests: 600 call, 6 of these fail; one fails by itself.
    trees: repeat(2000, (index) => ({
      service: "shop",
      fails: index === 1999,
      calls: index < 600 ? [{ service: "stock", fails: index < 6 }] : [],
    })),
    objectives: {},
    expected: ({ services }) => {
      const { observed } = serviceOf(services, "shop");
      return [
        ["own", observed.own, 0.9995],
        ["probability", observed.callees[0]?.callProbability, 0.3],
        ["callee", observed.callees[0]?.availability, 0.99],
        ["ceiling", observed.independent?.availability, 0.997],
        ["expected", observed.expected?.availability, 0.9965015],
      ];
    },
  },
  {
    name: "V5: a shared callee counts once",
    // A .9995 calls B and C, .999 each, which both call D, .995. No two failures meet in one request.
    trees: repeat(2000, (index) => ({
      service: "a",
      fails: index === 1999,
      calls: [
        { service: "b", fails: index === 100 || index === 101, calls: [{ service: "d", fails: index < 10 }] },
        {
          service: "c",
          fails: index === 200 || index === 201,
          calls: [{ service: "d", fails: index >= 20 && index < 30 }],
        },
      ],
    })),
    objectives: { b: "99.4005%", c: "99.4005%" },
    expected: ({ services }) => {
      const { observed, declared } = serviceOf(services, "a");
      const own = observed.own ?? 0;
      return [
        ["own", own, 0.9995],
        ["b itself", serviceOf(services, "b").observed.own, 0.999],
        ["expected", observed.expected?.availability, 0.9925144895025],
        // V5c: objectives that contain what they depend on make the product pessimistic; the bounds hold.
        ["product of objectives", own * (declared.independent?.availability ?? 0), 0.9875519170549875],
        ["best of objectives", declared.best?.availability, 0.994005],
      ];
    },
  },
  {
    name: "V9: a loop counts each member once",
    // a1 → b1 → a2 → b2: as many calls a → b as requests of a. One failure of a's own in 1000, one of b's.
    trees: repeat(500, (index) => ({
      service: "a",
      fails: index === 1,
      calls: [{ service: "b", calls: [{ service: "a", calls: [{ service: "b", fails: index === 2 }] }] }],
    })),
    objectives: { a: "99.9%", b: "99.9%" },
    expected: ({ services }) => {
      const { observed, declared } = serviceOf(services, "a");
      return [
        ["own", observed.own, 0.999],
        ["b itself", serviceOf(services, "b").observed.own, 0.999],
        ["expected", observed.expected?.availability, 0.998001],
        ["declared", declared.independent?.availability, 0.999],
      ];
    },
  },
  {
    name: "V10: one nine more for each of five callees",
    trees: repeat(10, () => ({ service: "api", calls: calls("c1", "c2", "c3", "c4", "c5") })),
    objectives: { api: "99.99%", c1: "99.999%", c2: "99.999%", c3: "99.999%", c4: "99.999%", c5: "99.999%" },
    expected: ({ services }) => {
      const { declared, verdict } = serviceOf(services, "api");
      return [
        ["half of the budget, split", declared.equalSplit?.halfBudget, 0.99999],
        ["worst", declared.worst?.availability, 0.99995],
        ["verdict", verdict, "safe"],
      ];
    },
  },
];

const NOISE = 1e-11;

/** Where the answer differs from what is right, by name. */
export const wrongIn = ({ expected }: Vector, sla: Sla): string[] =>
  expected(sla)
    .filter(([, is, right]) =>
      typeof is === "number" && typeof right === "number" ? Math.abs(is - right) > NOISE : is !== right,
    )
    .map(([what, is, right]) => `${what}: ${is} instead of ${right}`);
