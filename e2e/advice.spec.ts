// What roles ask for, on a service's page and in its panel, against what the simulator knows: a seed chosen at run time.

import type { Graph } from "@/lib/contract/graph";
import { asText, formatRate, formatShare } from "@/lib/domain/format-number";
import { type CallTree, DAY_MS, repeat, traceFileOf } from "@/test/helpers/call-trees";
import { GUIDE_ASPECTS } from "@/test/helpers/guide-aspects";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { type Shop, shop } from "./shop";
import { shownGraph } from "./shown-graph";

let server: Headwater;
let told: Shop;
let graph: Graph;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  told = shop({ requests: 300 });
  await sendSpans(server, told.spans);
  graph = await shownGraph(server, told);
});

const kindOf = (id: string) => graph.nodes.find((node) => node.id === id)!.kind;
const nameOf = (id: string) => graph.nodes.find((node) => node.id === id)!.name;
const sorted = (ids: string[]) => [...new Set(ids)].map(nameOf).sort();

/** Relations of a service as the simulator counted them. */
function truthOf(id: string) {
  const edges = told.truth.list();
  const sync = edges.filter(({ kind }) => kind === "sync" || kind === "database");
  const async = edges.filter(({ kind, callee }) => kind === "async" && kindOf(callee) === "service");
  const callees = [...new Set(sync.filter(({ caller }) => caller === id).map(({ callee }) => callee))];
  const stores = callees.filter((callee) => ["database", "cache"].includes(kindOf(callee)));
  return {
    callers: sorted(sync.filter(({ callee }) => callee === id).map(({ caller }) => caller)),
    consumers: sorted(async.filter(({ caller }) => caller === id).map(({ callee }) => callee)),
    producers: sorted(async.filter(({ callee }) => callee === id).map(({ caller }) => caller)),
    callees: sorted(callees.filter((callee) => !stores.includes(callee))),
    stores: sorted(stores),
    failing: new Set(needing(id)).size,
    failingNames: needing(id).map(nameOf),
    busiest: busiestOf(sync.filter(({ caller, callee }) => caller === id && !stores.includes(callee))),
  };
}

/** Who got most calls; null for a tie, and where nobody is called. */
function busiestOf(calls: readonly { callee: string; calls: number }[]): string | null {
  const totals = new Map<string, number>();
  for (const { callee, calls: count } of calls) totals.set(callee, (totals.get(callee) ?? 0) + count);
  const [first, second] = [...totals].sort((a, b) => b[1] - a[1]);
  return first && first[1] > (second?.[1] ?? 0) ? nameOf(first[0]) : null;
}

/** Everybody who calls it, and who calls those. */
function needing(id: string): string[] {
  const found = new Set<string>();
  const walk = (of: string): void => {
    for (const { kind, caller, callee } of told.truth.list()) {
      if (kind !== "sync" || callee !== of || found.has(caller) || caller === id) continue;
      found.add(caller);
      walk(caller);
    }
  };
  walk(id);
  return [...found];
}

for (const perspective of ["data-flow", "request-flow"] as const) {
  test(`every service reads right: ${perspective}`, async ({ page }) => {
    test.setTimeout(120_000);
    const [called, calling] = perspective === "data-flow" ? ["Upstream", "Downstream"] : ["Downstream", "Upstream"];
    const services = graph.nodes.filter(({ kind }) => kind === "service").map(({ id }) => id);
    for (const id of services) {
      const truth = truthOf(id);
      await page.goto(`${server.url}/services/${id}?perspective=${perspective}`);
      await expect(page.getByRole("heading", { level: 2 })).toHaveText(id);
      const advice = page.locator("section", {
        has: page.getByRole("heading", { level: 3, name: "What its role asks for" }),
      });
      const needing = [...new Set([...truth.callers, ...truth.consumers])].sort();
      const followed = [...new Set([...truth.callees, ...truth.producers])].sort();
      if (needing.length > 0) await expect(advice, id).toContainText(`Announce changes to: ${needing.join(", ")}.`);
      const missing = [
        ...(needing.length + followed.length > 0 ? [] : ["Contract", "Versions"]),
        ...(needing.length + truth.callees.length > 0 ? [] : ["Caching"]),
      ];
      await expect(advice.getByRole("rowheader"), id).toHaveText(
        GUIDE_ASPECTS.filter((title) => !missing.includes(title)),
      );
      const row = (title: string) =>
        advice.getByRole("row").filter({ has: page.getByRole("rowheader", { name: title }) });
      if (needing.length > 0) {
        const { length } = needing;
        const services = length === 1 ? "1 service" : `${length} services`;
        const all = truth.failing + truth.consumers.filter((name) => !truth.failingNames.includes(name)).length;
        await expect(row("Releases"), id).toContainText(
          `High risk: a breaking change reaches ${services} directly${all > length ? `, ${all} in all` : ""}.`,
        );
        await expect(row("Versions"), id).toContainText(`backward compatible, for ${services}.`);
      } else
        await expect(row("Releases"), id).toContainText(
          "Lower risk: no service stands on it, so it can be released on its own.",
        );
      if (followed.length > 0) {
        await expect(row("Contract"), id).toContainText(`of ${followed.length}: ${followed.join(", ")}.`);
        await expect(row("Changes"), id).toContainText(`Listen for changes of: ${followed.join(", ")}.`);
      }
      const busiest = truth.busiest;
      if (busiest) await expect(row("Caching"), id).toContainText(`Most calls go to ${busiest}`);
      if (truth.failing > 0)
        await expect(advice, id).toContainText(
          `${truth.failing} ${truth.failing === 1 ? "service" : "services"} would fail with ${id}`,
        );
      if (truth.callers.length > 0)
        await expect(advice.getByRole("heading", { level: 4 }).first(), id).toContainText(
          `${called} of ${truth.callers.length} that`,
        );
      if (truth.consumers.length > 0)
        await expect(advice, id).toContainText(
          new RegExp(`upstream of ${truth.consumers.length} that consumes? its messages`, "i"),
        );
      if (truth.producers.length > 0)
        await expect(advice, id).toContainText(
          new RegExp(`downstream of ${truth.producers.length} whose messages it consumes`, "i"),
        );
      if (truth.callees.length > 0)
        await expect(advice, id).toContainText(`${calling} of ${truth.callees.length} that it calls`);
      const depends = [...truth.callees, ...truth.stores];
      if (depends.length > 0) await expect(advice, id).toContainText(`${depends.length}: ${depends.join(", ")}`);
    }
  });
}

test("the panel has the same, with the service's own numbers", async ({ page }) => {
  await page.goto(`${server.url}/map?sel=node:payment-service`);
  const panel = page.getByRole("complementary", { name: "payment-service" });
  const requests = told.truth.list().filter(({ kind, callee }) => kind === "sync" && callee === "payment-service");
  const [calls, errors] = [
    requests.reduce((sum, edge) => sum + edge.calls, 0),
    requests.reduce((sum, edge) => sum + edge.calleeErrors, 0),
  ];
  const minutes = new Set(told.spans.map(({ startNs }) => startNs / 60_000_000_000n)).size;
  await expect(panel).toContainText(`which reach all of them: ${asText(formatRate(calls, minutes))}, p99 `);
  await expect(panel).toContainText(`ms, ${asText(formatShare(errors, calls))}.`);
  const card = told.truth
    .list()
    .find(({ caller, callee }) => caller === "payment-service" && kindOf(callee) === "external")!;
  const failed = card.calleeErrors + card.betweenErrors;
  const spender =
    failed > 0
      ? `${nameOf(card.callee)} costs it most: ${asText(formatShare(failed, card.calls))}`
      : "None of its calls failed";
  await expect(panel).toContainText(spender);
});

test("the guide's chain reads right in both senses of the word", async ({ page }) => {
  // The order service calls the user service, and publishes what the notification service works on.
  const tree: CallTree = {
    service: "OrderService",
    calls: [{ service: "UserService" }, { service: "NotificationService", topic: "order-placed" }],
  };
  const body = traceFileOf(
    repeat(10, () => tree),
    "guide",
  );
  await fetch(`${server.url}/api/v1/import`, { method: "POST", body });
  const window = `from=${new Date(DAY_MS).toISOString()}&to=${new Date(DAY_MS + 60_000).toISOString()}&env=guide`;
  const right = {
    "data-flow": {
      UserService: ["purely upstream", ["Upstream of 1 that calls it"]],
      OrderService: [
        "upstream and downstream",
        ["Upstream of 1 that consumes its messages", "Downstream of 1 that it calls"],
      ],
      NotificationService: ["purely downstream", ["Downstream of 1 whose messages it consumes"]],
    },
    "request-flow": {
      UserService: ["purely downstream", ["Downstream of 1 that calls it"]],
      OrderService: ["purely upstream", ["Upstream of 1 that consumes its messages", "Upstream of 1 that it calls"]],
      NotificationService: ["purely downstream", ["Downstream of 1 whose messages it consumes"]],
    },
  } as const;
  for (const [perspective, services] of Object.entries(right))
    for (const [service, [role, sides]] of Object.entries(services)) {
      const question = `${window}&perspective=${perspective}`;
      await page.goto(`${server.url}/services/${service}?${question}`);
      const advice = page.locator("section", {
        has: page.getByRole("heading", { level: 3, name: "What its role asks for" }),
      });
      await expect(page.getByText(`${service} is ${role}.`), perspective).toBeVisible();
      await expect(advice.getByRole("heading", { level: 4 }), `${service}, ${perspective}`).toHaveText([...sides]);
      await page.goto(`${server.url}/map?${question}&sel=node:${service}`);
      const panel = page.getByRole("complementary", { name: service });
      await expect(panel.getByRole("heading", { level: 4 }), `panel of ${service}`).toHaveText([...sides]);
    }
  await page.goto(`${server.url}/services/UserService?${window}`);
  await expect(page.getByText("1 service would fail with UserService")).toBeVisible();
  await expect(page.getByText("Announce changes to: OrderService.")).toBeVisible();
});

test("a wrong count is found", async ({ page }) => {
  test.fail();
  await page.goto(`${server.url}/services/user-service`);
  const wrong = truthOf("user-service").failing + 1;
  await expect(page.getByText(`${wrong} services would fail with user-service`)).toBeVisible({ timeout: 2_000 });
});
