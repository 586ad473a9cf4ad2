// What roles ask for, on a service's page and in its panel, against what the simulator knows: a seed chosen at run time.
import type { Graph } from "@/lib/contract/graph";
import { asText, formatRate, formatShare } from "@/lib/domain/format-number";
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
  };
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
      if (needing.length > 0)
        await expect(advice, id).toContainText(
          `Keep the contract backward compatible. Announce changes to: ${needing.join(", ")}.`,
        );
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
    failed > 0 ? `${nameOf(card.callee)} costs it most: ${asText(formatShare(failed, card.calls))}` : "None";
  await expect(panel).toContainText(spender);
});

test("a wrong count is found", async ({ page }) => {
  test.fail();
  await page.goto(`${server.url}/services/user-service`);
  const wrong = truthOf("user-service").failing + 1;
  await expect(page.getByText(`${wrong} services would fail with user-service`)).toBeVisible({ timeout: 2_000 });
});
