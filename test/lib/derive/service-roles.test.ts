import { describe, expect, it } from "vitest";
import type { ServiceRole } from "@/lib/contract/graph";
import { type RoleEdge, serviceRoles } from "@/lib/derive/service-roles";
import type { NodeKind } from "@/lib/domain/node";
import type { PerspectiveName } from "@/lib/domain/perspective";

const PREFIXES: readonly [string, NodeKind][] = [
  ["db:", "database"],
  ["cache:", "cache"],
  ["topic:", "topic"],
  ["external:", "external"],
  ["entry:", "entry"],
  ["gateway:", "gateway"],
  ["mesh:", "mesh"],
];
const kindOf = (id: string): NodeKind => PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? "service";

const call = (caller: string, callee: string): RoleEdge => ({ caller, callee, via: null, kind: "sync" });
const query = (caller: string, callee: string): RoleEdge => ({ caller, callee, via: null, kind: "database" });
const enter = (callee: string): RoleEdge => ({ caller: "entry:user", callee, via: null, kind: "entry" });
/** A delivery whose both sides were seen; without a topic, a message that names none. */
const deliver = (caller: string, callee: string, via: string | null): RoleEdge => ({
  caller,
  callee,
  via,
  kind: "async",
});
/** One side of a delivery: to its topic, or from it. */
const half = (caller: string, callee: string): RoleEdge => deliver(caller, callee, null);

type Roles = Record<string, ServiceRole>;

/** Roles of every node that the edges name, and of `alone`. */
function rolesOf(edges: readonly RoleEdge[], perspective: PerspectiveName, alone: readonly string[] = []): Roles {
  const ids = new Set([...alone, ...edges.flatMap(({ caller, callee, via }) => [caller, callee, via ?? caller])]);
  const nodes = [...ids].map((id) => ({ id, kind: kindOf(id) }));
  return Object.fromEntries(serviceRoles(nodes, edges, perspective));
}

interface Case {
  readonly name: string;
  readonly edges: readonly RoleEdge[];
  readonly alone?: readonly string[];
  readonly expected: Record<PerspectiveName, Roles>;
}

/** Roles that are the same in both perspectives. */
const inBoth = (roles: Roles): Case["expected"] => ({ "data-flow": roles, "request-flow": roles });

const CALLS: readonly Case[] = [
  {
    name: "order calls user",
    edges: [call("order", "user")],
    expected: {
      "data-flow": { user: "upstream", order: "downstream" },
      "request-flow": { order: "upstream", user: "downstream" },
    },
  },
  {
    name: "a chain of three",
    edges: [call("web", "order"), call("order", "user")],
    expected: {
      "data-flow": { user: "upstream", order: "both", web: "downstream" },
      "request-flow": { web: "upstream", order: "both", user: "downstream" },
    },
  },
  {
    name: "external hosts, gateways and workloads of a mesh count",
    edges: [call("payment", "external:api.bank"), call("gateway:edge", "payment"), call("mesh:batch", "payment")],
    expected: {
      "data-flow": {
        "external:api.bank": "upstream",
        payment: "both",
        "gateway:edge": "downstream",
        "mesh:batch": "downstream",
      },
      "request-flow": {
        "external:api.bank": "downstream",
        payment: "both",
        "gateway:edge": "upstream",
        "mesh:batch": "upstream",
      },
    },
  },
  {
    name: "stores, end users and calls to itself do not count beside calls that do",
    edges: [
      call("order", "user"),
      enter("order"),
      enter("user"),
      query("order", "db:orders"),
      query("user", "cache:sessions"),
      call("order", "order"),
      call("user", "user"),
    ],
    expected: {
      "data-flow": { user: "upstream", order: "downstream" },
      "request-flow": { order: "upstream", user: "downstream" },
    },
  },
  {
    name: "a call back to the producer of a message turns, the message does not",
    edges: [deliver("order", "shipping", "topic:placed"), call("shipping", "order")],
    expected: {
      "data-flow": { order: "upstream", shipping: "downstream" },
      "request-flow": { order: "both", shipping: "both" },
    },
  },
];

const SAME_IN_BOTH: readonly Case[] = [
  {
    name: "a delivery is looked at through its topic",
    edges: [deliver("order", "mail", "topic:placed")],
    expected: inBoth({ order: "upstream", mail: "downstream" }),
  },
  {
    name: "a chain of messages",
    edges: [deliver("order", "shipping", "topic:placed"), deliver("shipping", "mail", "topic:sent")],
    expected: inBoth({ order: "upstream", shipping: "both", mail: "downstream" }),
  },
  {
    name: "a message that names no topic",
    edges: [half("order", "mail")],
    expected: inBoth({ order: "upstream", mail: "downstream" }),
  },
  {
    name: "a topic of which each side was seen alone",
    edges: [half("order", "topic:placed"), half("topic:placed", "mail")],
    expected: inBoth({ order: "upstream", mail: "downstream" }),
  },
  {
    name: "a consumer whose message nobody is known to have sent, on a topic that somebody fills",
    edges: [deliver("order", "mail", "topic:placed"), half("topic:placed", "audit"), half("topic:other", "stranger")],
    expected: inBoth({ order: "upstream", mail: "downstream", audit: "downstream", stranger: "isolated" }),
  },
  {
    name: "a producer whose message nobody is known to have read, on a topic that somebody reads",
    edges: [deliver("order", "mail", "topic:placed"), half("import", "topic:placed"), half("stranger", "topic:other")],
    expected: inBoth({ order: "upstream", import: "upstream", mail: "downstream", stranger: "isolated" }),
  },
  {
    name: "a topic that nobody reads, and one that nobody fills",
    edges: [half("order", "topic:placed"), half("topic:sent", "mail")],
    expected: inBoth({ order: "isolated", mail: "isolated" }),
  },
  {
    name: "messages to itself",
    edges: [deliver("worker", "worker", "topic:jobs"), half("retrier", "topic:again"), half("topic:again", "retrier")],
    expected: inBoth({ worker: "isolated", retrier: "isolated" }),
  },
  {
    name: "stores, end users and calls to itself",
    edges: [enter("web"), query("web", "db:shop"), query("web", "cache:sessions"), call("web", "web")],
    alone: ["quiet"],
    expected: inBoth({ web: "isolated", quiet: "isolated" }),
  },
  {
    name: "stores that two services share",
    edges: [query("writer", "db:shop"), query("reader", "db:shop")],
    expected: inBoth({ writer: "isolated", reader: "isolated" }),
  },
  { name: "nothing", edges: [], expected: inBoth({}) },
];

const turned: Record<PerspectiveName, PerspectiveName> = { "data-flow": "request-flow", "request-flow": "data-flow" };

describe.each(["data-flow", "request-flow"] as const)("roles under %s", (perspective) => {
  it.each([...CALLS, ...SAME_IN_BOTH])("$name", ({ edges, alone, expected }) => {
    expect(rolesOf(edges, perspective, alone)).toEqual(expected[perspective]);
  });

  it.each(CALLS)("would not pass with the perspective turned round: $name", ({ edges, alone, expected }) => {
    expect(rolesOf(edges, turned[perspective], alone)).not.toEqual(expected[perspective]);
  });
});
