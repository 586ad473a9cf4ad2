// The numbers of the advice, worked out by hand for a small graph, in both perspectives.
import { describe, expect, it } from "vitest";
import { adviceOf } from "@/components/panel/role-advice";
import type { Graph } from "@/lib/contract/graph";
import { standingOf } from "@/lib/graph/standing";
import { readHeadwaterYaml } from "@/lib/headwater-yaml/read-headwater-yaml";
import type { InForce } from "@/lib/services/in-force";
import { slaAnswer } from "@/lib/services/sla-answer";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

// 100 requests enter web, 50 of which call orders, 20 of which call users; 30 enter admin, 15 of which call users.
const call = (caller: string, callee: string, calls: number, errors = 0) =>
  graphEdge(caller, callee, { calls, errors, errorsBy: { callee: errors, between: 0, clientError: 0, throttled: 0 } });
const GRAPH: Graph = graphOf(
  [
    graphEdge("entry:user", "web", { kind: "entry", calls: 100 }),
    graphEdge("entry:user", "admin", { kind: "entry", calls: 30 }),
    call("web", "orders", 50),
    call("orders", "users", 20, 2),
    call("admin", "users", 15),
    graphEdge("users", "db:users", { kind: "database", calls: 35 }),
    graphEdge("orders", "mail", { kind: "async", via: "topic:placed", calls: 50 }),
    graphEdge("users", "users", { calls: 3 }),
  ],
  [
    graphNode("entry:user", { kind: "entry", name: "end users", role: null, calls: 130 }),
    graphNode("web", { calls: 100 }),
    graphNode("admin", { calls: 30 }),
    graphNode("orders", {
      calls: 50,
      errors: 1,
      latency: { p50Ms: 5, p90Ms: 9, p95Ms: 10, p99Ms: 12.5, samples: 50 },
    }),
    graphNode("users", { calls: 35 }),
    graphNode("mail", { calls: 50 }),
    graphNode("db:users", { kind: "database", role: null, calls: 35 }),
  ],
);

const inForce = (yaml: string): InForce => {
  const { declared, problems } = readHeadwaterYaml(yaml, "headwater.yaml");
  return { ...declared!, problems, path: "headwater.yaml" };
};

function told(id: string, yaml = "", perspective: Graph["perspective"] = "data-flow", graph = GRAPH): string[] {
  const answer = slaAnswer(graph, inForce(yaml));
  return adviceOf({
    node: graph.nodes.find((node) => node.id === id)!,
    standing: standingOf(graph, id)!,
    perspective,
    sla: answer.services.find((service) => service.id === id) ?? null,
    minutes: 10,
  }).flatMap(({ stands, rows }) => [
    stands.map(({ word, of }) => `${word} ${of}`.trim()).join(", "),
    ...rows.map(({ title, text }) => `${title}: ${text}`),
  ]);
}

describe("advice on the role of a service", () => {
  it("says who would fail with one that others call, and whom to tell", () => {
    // web reaches users with .5 × .4 = .2 of 100, admin with .5 of 30: 35 of 130 calls from outside.
    expect(told("users")).toEqual([
      "upstream of 2 that call it",
      "If it fails: 3 services would fail with users, and at most 26.9 % of the calls from outside.",
      "Uptime: It declares no objective, so its 2 callers cannot say what to promise.",
      "Changes: Keep the contract backward compatible. Announce changes to: admin, orders.",
      "Watch: Throughput, latency and errors, which reach all of them: 3.50 /min, p99 –, 0 %.",
      "1 store that it uses",
      "Depends on: 1: db:users.",
      "Uptime: No ceiling was observed, because nothing that it calls failed; none of them declares an objective.",
      "Protect: None of its calls failed in this window. Timeouts, fallbacks and caches are for when they do.",
    ]);
  });

  it("says what one depends on, and what that costs it", () => {
    // 2 of 20 calls to users failed, and 20 of 50 requests need it: it loses .4 × .1 = 4 %.
    expect(told("orders")).toEqual([
      "upstream of 1 that calls it, upstream of 1 that consumes its messages",
      "If it fails: 1 service would fail with orders, and at most 38.5 % of the calls from outside.",
      "Messages: mail goes on, without anything new to work on.",
      "Uptime: It declares no objective, so its caller cannot say what to promise.",
      "Changes: Keep the contract backward compatible. Announce changes to: mail, web.",
      "Watch: Throughput, latency and errors, which reach all of them: 5.00 /min, p99 12.5 ms, 2.00 %.",
      "downstream of 1 that it calls",
      "Depends on: 1: users; through them on 1 more.",
      "Uptime: Its ceiling is 96.000 %, by what was observed: none of them declares an objective.",
      "Protect: users costs it most: 10.0 % of its calls failed, 100 % of the loss. A timeout, a fallback or a cache belongs there first.",
      "Changes: Follow the contract of users, with contract tests.",
    ]);
  });

  it("takes what is declared where something is", () => {
    const yaml = 'objectives:\n  users: { availability: "99.9%" }\n';
    expect(told("users", yaml)).toContain(
      "Uptime: It declares 99.900 %: the ceiling of its 2 callers, who can promise more only with a fallback.",
    );
    expect(told("orders", yaml)).toContain(
      "Uptime: Its ceiling is 99.900 % if their outages are independent, by what they declare.",
    );
  });

  it("turns the words of calls with the perspective, and not those of messages", () => {
    expect(told("orders", "", "request-flow").filter((line) => / of \d/.test(line) && !line.includes(":"))).toEqual([
      "downstream of 1 that calls it, upstream of 1 that consumes its messages",
      "upstream of 1 that it calls",
    ]);
    for (const perspective of ["data-flow", "request-flow"] as const)
      expect(told("mail", "", perspective)).toEqual([
        "downstream of 1 whose messages it consumes",
        "Messages: It waits when orders sends nothing, and does not fail.",
        "Changes: Follow the contract of orders, with contract tests.",
        "If it fails: It ends there: no service needs it.",
      ]);
  });

  it("says that what only users call stops at its users", () => {
    expect(told("web")).toContain("If it fails: It ends there: no service needs it, its users do.");
    expect(told("web")[0]).toBe("downstream of 1 that it calls");
  });

  it("does not say that a consumer goes on which fails all the same", () => {
    const graph = graphOf([
      graphEdge("a", "b", { kind: "async", via: "topic:t" }),
      graphEdge("b", "a"),
      graphEdge("a", "c", { kind: "async", via: "topic:t" }),
    ]);
    expect(standingOf(graph, "a")).toMatchObject({ consumers: ["b", "c"], waiting: ["c"], failing: 1 });
  });

  it("looks through topics of which only the sides are known", () => {
    const graph = graphOf([graphEdge("a", "topic:t", { kind: "async" }), graphEdge("topic:t", "b", { kind: "async" })]);
    expect(standingOf(graph, "a")).toMatchObject({ consumers: ["b"], callers: [], producers: [] });
    expect(standingOf(graph, "b")).toMatchObject({ producers: ["a"] });
    expect(standingOf(graph, "topic:t")).toBeNull();
  });

  it("names those who read a topic, though its own messages were not followed", () => {
    const graph = graphOf([
      graphEdge("a", "topic:t", { kind: "async" }),
      graphEdge("b", "c", { kind: "async", via: "topic:t" }),
      graphEdge("topic:t", "d", { kind: "async" }),
      graphEdge("e", "f", { kind: "async", via: null }),
    ]);
    expect(standingOf(graph, "a")).toMatchObject({ consumers: ["c", "d"], producers: [] });
    expect(standingOf(graph, "b")).toMatchObject({ consumers: ["c", "d"] });
    expect(standingOf(graph, "c")).toMatchObject({ producers: ["a", "b"], consumers: [] });
    expect(standingOf(graph, "d")).toMatchObject({ producers: ["a", "b"] });
    expect(standingOf(graph, "e")).toMatchObject({ consumers: ["f"] });
  });
});
