// The numbers of the advice, worked out by hand for a small graph, in both perspectives.

import { describe, expect, it } from "vitest";
import { adviceOf } from "@/components/panel/role-advice";
import type { Graph } from "@/lib/contract/graph";
import { standingOf } from "@/lib/graph/standing";
import { readHeadwaterYaml } from "@/lib/headwater-yaml/read-headwater-yaml";
import type { InForce } from "@/lib/services/in-force";
import { slaAnswer } from "@/lib/services/sla-answer";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";
import { GUIDE_ASPECTS } from "@/test/helpers/guide-aspects";

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
      errors: 3,
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
  const { sides, rows } = adviceOf({
    node: graph.nodes.find((node) => node.id === id)!,
    standing: standingOf(graph, id)!,
    perspective,
    sla: answer.services.find((service) => service.id === id) ?? null,
    minutes: 10,
  });
  return sides.flatMap(({ stands }, at) => [
    stands.map(({ word, of }) => `${word} ${of}`.trim()).join(", "),
    ...rows.flatMap(({ title, texts }) => (texts[at] ? [`${title}: ${texts[at]}`] : [])),
  ]);
}

describe("advice on the role of a service", () => {
  it("says who would fail with one that others call, and whom to tell", () => {
    // web reaches users with .5 × .4 = .2 of 100, admin with .5 of 30: 35 of 130 calls from outside.
    expect(told("users")).toEqual([
      "upstream of 2 that call it",
      "Role: Provides data or functions to 2: admin, orders.",
      "Depends on: 1 itself: each is one more way to fail for those that stand on it.",
      "If it fails: 3 services would fail with users, and at most 26.9 % of the calls from outside.",
      "Uptime: It declares no objective, so its 2 callers cannot say what to promise.",
      "Contract: It defines and maintains what 2 services rely on.",
      "Releases: High risk: a breaking change reaches 2 services directly, 3 in all.",
      "Versions: Keep the contract backward compatible, for 2 services.",
      "Caching: May keep what it works out, behind a stable interface. No cache of it was seen.",
      "Testing: Stability, performance and backward compatibility: what 2 services rely on.",
      "Watch: Throughput, latency and errors, which reach all of them: 3.50 /min, p99 –, 0 %.",
      "Changes: Announce changes to: admin, orders.",
      "1 store that it uses",
      "Role: Stores in 1: db:users.",
      "Depends on: 1: db:users.",
      "If it fails: What fails there goes on to those that stand on it, unless a fallback stops it.",
      "Uptime: No ceiling was observed, because nothing that it calls failed; none of them declares an objective.",
      "Releases: Lower risk on this side: what it uses does not notice.",
      "Testing: Resilience tests and fallback paths: no failure put them to the test in this window.",
      "Watch: None of its calls failed in this window. How often a timeout or a fallback stepped in is not known from traces.",
    ]);
  });

  it("says what one depends on, and what that costs it", () => {
    // 2 of 20 calls to users failed, and 20 of 50 requests need it: it loses .4 × .1 = 4 %.
    expect(told("orders")).toEqual([
      "upstream of 1 that calls it, upstream of 1 that consumes its messages",
      "Role: Provides data or functions to 1: web. Its messages go to 1: mail.",
      "Depends on: 2 itself, 1 of them through others: each is one more way to fail for those that stand on it.",
      "If it fails: 1 service would fail with orders, and at most 38.5 % of the calls from outside. mail goes on, without anything new to work on.",
      "Uptime: It declares no objective, so its caller cannot say what to promise.",
      "Contract: It defines and maintains what 2 services rely on.",
      "Releases: High risk: a breaking change reaches 2 services directly.",
      "Versions: Keep the contract backward compatible, for 2 services.",
      "Caching: May keep what it works out, behind a stable interface. No cache of it was seen.",
      "Testing: Stability, performance and backward compatibility: what 2 services rely on.",
      "Watch: Throughput, latency and errors, which reach all of them: 5.00 /min, p99 12.5 ms, 6.00 %.",
      "Changes: Announce changes to: mail, web.",
      "downstream of 1 that it calls",
      "Role: Uses data or functions of 1: users.",
      "Depends on: 1: users; through them on 1 more.",
      "If it fails: What fails there goes on to those that stand on it, unless a fallback stops it.",
      "Uptime: Its ceiling is 96.000 %, by what was observed: none of them declares an objective.",
      "Contract: It follows the contract of 1: users.",
      "Releases: Lower risk on this side: what it uses does not notice.",
      "Versions: Adapt when users changes its interface.",
      "Caching: Keep answers that can be used again, to depend less on others. Most calls go to users: 20 in 50 requests. No cache of it was seen.",
      "Testing: Contract tests with users. Resilience tests and fallback paths, first for users.",
      "Watch: users costs it most: 10.0 % of the calls there failed, 100 % of the loss. How often a timeout or a fallback stepped in is not known from traces.",
      "Changes: Listen for changes of: users.",
    ]);
  });

  it("gives no ceiling to one that outlives failures of what it calls", () => {
    // 2 of 20 calls failed, which would fail 4 of 100; 1 of 50 requests did.
    const nodes = GRAPH.nodes.map((node) => (node.id === "orders" ? { ...node, errors: 1 } : node));
    const lines = told("orders", "", "data-flow", { ...GRAPH, nodes });
    expect(lines).toContain(
      "Watch: users costs it most: 10.0 % of the calls there failed, some of which it outlives. How often a timeout or a fallback stepped in is not known from traces.",
    );
    expect(lines).toContain(
      "Uptime: 98.000 % was measured, more than failures of what it calls allow: it outlives them, by retries or fallbacks for instance.",
    );
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
        "Role: Works on messages of 1: orders.",
        "Depends on: Nobody in order to answer: it calls none.",
        "If it fails: It ends there: no service needs it. It waits when orders sends nothing, and does not fail.",
        "Uptime: Nobody that sends it messages limits it: messages break the chain.",
        "Contract: It follows the contract of 1: orders.",
        "Releases: Lower risk: no service stands on it, so it can be released on its own.",
        "Versions: Adapt when orders changes its interface.",
        "Testing: Contract tests with orders.",
        "Watch: Whether messages still come: 5.00 /min.",
        "Changes: No service has to be told when it changes. Listen for changes of: orders.",
      ]);
  });

  it("says that what only users call stops at its users", () => {
    expect(told("web")).toContain("If it fails: It ends there: no service needs it, its users do.");
    expect(told("web")[0]).toBe("downstream of 1 that it calls");
  });

  it("has every row of the guide's table, whatever the role and the perspective", () => {
    for (const perspective of ["data-flow", "request-flow"] as const)
      for (const id of ["users", "orders", "web", "admin"]) {
        const titles = told(id, "", perspective).map((line) => line.slice(0, line.indexOf(":")));
        expect(GUIDE_ASPECTS.filter((title) => !titles.includes(title))).toEqual([]);
      }
  });

  it("says nothing of one that stands alone", () => {
    const graph = graphOf([graphEdge("entry:user", "alone", { kind: "entry" })]);
    expect(told("alone", "", "data-flow", graph)).toEqual([]);
  });

  it("says what is not known of one that sends no spans, and of one without requests", () => {
    const graph = graphOf(
      [graphEdge("a", "bank", { inferred: true })],
      [graphNode("bank", { kind: "external", state: "not_instrumented", calls: 0 })],
    );
    const lines = told("bank", "", "data-flow", graph);
    expect(lines).toContain("Depends on: What it needs itself is not known: it sends no spans.");
    expect(lines).toContain(
      "Caching: May keep what it works out, behind a stable interface. Whether it uses a cache is not known.",
    );
    expect(lines).toContain(
      "Watch: Throughput, latency and errors, which reach all of them: no requests were measured in this window.",
    );
  });

  it("knows failures of calls of one that records no requests itself", () => {
    const graph = graphOf([call("browser", "shop", 20, 3)], [graphNode("browser", { calls: 0 })]);
    const lines = told("browser", "", "data-flow", graph);
    expect(lines).toContain(
      "Watch: shop costs it most: 15.0 % of the calls there failed. How often a timeout or a fallback stepped in is not known from traces.",
    );
    expect(lines).toContain(
      "Caching: Keep answers that can be used again, to depend less on others. Most calls go to shop: 20. No cache of it was seen.",
    );
    const idle = graphOf([graphEdge("browser", "shop", { calls: 0, state: "no_calls" })]);
    expect(told("browser", "", "data-flow", idle)).toContain(
      "Watch: It made no calls in this window. How often a timeout or a fallback stepped in is not known from traces.",
    );
  });

  it("names the caches that it uses", () => {
    const graph = graphOf(
      [
        graphEdge("a", "b"),
        graphEdge("a", "cache:redis", { kind: "database" }),
        graphEdge("a", "db:x", { kind: "database" }),
      ],
      [
        graphNode("cache:redis", { kind: "cache", name: "redis", role: null }),
        graphNode("db:x", { kind: "database", name: "x", role: null }),
      ],
    );
    expect(told("a", "", "data-flow", graph)).toContain(
      "Caching: Keep answers that can be used again, to depend less on others. Most calls go to b: 10 in 10 requests. It uses 1 cache: redis.",
    );
  });

  it("reads the guide's chain right in both senses of the word", () => {
    // The order service calls the user service and publishes to the notification service.
    const graph = graphOf([
      graphEdge("OrderService", "UserService"),
      graphEdge("OrderService", "NotificationService", { kind: "async", via: "topic:placed" }),
    ]);
    const heads = (perspective: Graph["perspective"]): string[] =>
      ["UserService", "OrderService", "NotificationService"].map((id) =>
        told(id, "", perspective, graph)
          .filter((line) => /^(up|down)stream of/.test(line))
          .join(" / "),
      );
    expect(heads("data-flow")).toEqual([
      "upstream of 1 that calls it",
      "upstream of 1 that consumes its messages / downstream of 1 that it calls",
      "downstream of 1 whose messages it consumes",
    ]);
    expect(heads("request-flow")).toEqual([
      "downstream of 1 that calls it",
      "upstream of 1 that consumes its messages / upstream of 1 that it calls",
      "downstream of 1 whose messages it consumes",
    ]);
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
