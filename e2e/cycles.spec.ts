// Circular dependencies on their screen, against what the simulator knows: a seed chosen at run time.
import type { Locator, Page } from "@playwright/test";
import type { Cycles } from "@/lib/contract/cycles";
import { asText, formatCount, formatRate, formatShare, type Quantity } from "@/lib/domain/format-number";
import { type Span, SpanKind } from "@/lib/domain/span";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { type Loops, simulateLoops } from "./loops";
import { shop } from "./shop";

test.describe("a shop with a loop of each kind", () => {
  let server: Headwater;
  let told: Loops;

  test.beforeAll(async ({ startHeadwater }) => {
    server = await startHeadwater();
    told = simulateLoops();
    await sendSpans(server, told.spans);
    test.info().annotations.push({ type: "seed", description: told.seed });
    await expect
      .poll(async () => {
        const { cycles } = (await (await fetch(`${server.url}/api/v1/cycles`)).json()) as Cycles;
        return cycles.flatMap(({ hops }) =>
          hops.map(({ caller, callee, calls }) => calls - told.calls(caller, callee)),
        );
      })
      .toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  const across = (): [string, string] =>
    told.calls("storefront", "catalog") >= told.calls("storefront", "reviews")
      ? ["catalog", "reviews"]
      : ["reviews", "catalog"];
  const rate = (caller: string, callee: string): Quantity => formatRate(told.calls(caller, callee), told.minutes);
  /** Server spans of this name, the newest first. */
  const served = (name: string): Span[] =>
    told.spans
      .filter((span) => span.kind === SpanKind.SERVER && span.name === name)
      .sort((a, b) => Number(b.startNs - a.startNs));
  const rows = (page: Page, table: string) =>
    page.getByRole("table", { name: table }).locator("tbody").getByRole("row");

  test("names every loop with its type, its rate, its share and its cut", async ({ page }) => {
    await page.goto(`${server.url}/cycles`);
    const [a, b] = across();
    const [there, back] = [told.calls(a, b), told.calls(b, a)];
    const least = there <= back ? [a, b] : [b, a];
    const ledger = told.calls("ledger", "billing");
    const expected = [
      [
        "orders → inventory → pricing → orders",
        "synchronous, re-entrant",
        asText(rate("pricing", "orders")),
        asText(formatShare(told.calls("pricing", "orders"), told.calls("storefront", "orders"))),
        "no loop",
        "pricing → orders",
      ],
      [
        "billing → ledger ⇢ billing",
        "closed by async",
        asText(rate("ledger", "billing")),
        asText(formatShare(ledger, told.calls("storefront", "billing"))),
        "no loop",
        "ledger ⇢ billing",
      ],
      [`${a} → ${b} → ${a}`, "only across requests", asText(rate(least[0]!, least[1]!)), "–", "no loop", null],
    ];
    const list = rows(page, "Cycles");
    await expect(list).toHaveCount(3);
    for (const [i, cells] of expected.entries())
      for (const [at, text] of cells.entries())
        if (text !== null) await expect(list.nth(i).locator("th, td").nth(at)).toHaveText(text);
    // With equal traffic either edge would do.
    if (there !== back) await expect(list.nth(2).locator("td").nth(4)).toHaveText(`${least[0]} → ${least[1]}`);
    await expect(page.getByRole("status").filter({ hasText: "cycle" })).toHaveText("3 cycles");
  });

  test("a check with a wrong count fails", async ({ page }) => {
    test.fail();
    await page.goto(`${server.url}/cycles`);
    const wrong = asText(formatRate(told.calls("pricing", "orders") + 1, told.minutes));
    await expect(rows(page, "Cycles").first().locator("td").nth(1)).toHaveText(wrong, { timeout: 2_000 });
  });

  test("a cycle that is not there is named as such, and the others stay", async ({ page }) => {
    await page.goto(`${server.url}/cycles?cycle=nothing`);
    await expect(page.getByText("The cycle asked for is not in this window")).toBeVisible();
    await expect(rows(page, "Cycles")).toHaveCount(3);
    await expect(page.getByRole("complementary")).toHaveCount(0);
  });

  test("the panel walks the loop, shows the trace and the cut", async ({ page }) => {
    await page.goto(`${server.url}/cycles`);
    await page.getByRole("button", { name: "orders → inventory → pricing → orders" }).click();
    const panel = page.getByRole("complementary");
    await expect(panel.getByRole("heading", { level: 2 })).toHaveText("orders → inventory → pricing → orders");
    const steps = panel.getByRole("list", { name: "Members in order" }).getByRole("listitem");
    const loop = ["orders", "inventory", "pricing", "orders"];
    await expect(steps).toHaveCount(3);
    for (let i = 0; i < 3; i++) {
      await expect(steps.nth(i)).toContainText(`${loop[i]} calls ${loop[i + 1]}`);
      await expect(steps.nth(i)).toContainText(asText(rate(loop[i]!, loop[i + 1]!)));
    }
    const [round, entered] = [told.calls("pricing", "orders"), told.calls("storefront", "orders")];
    await expect(panel.getByText(/goes round:/)).toHaveText(
      `${asText(formatShare(round, entered))} of what enters goes round: ${asText(formatCount(round))} of ${asText(formatCount(entered))} requests.`,
    );
    await expect(
      panel.getByRole("img", { name: "Witness trace: orders, inventory, pricing, orders; orders is entered twice" }),
    ).toBeVisible();
    // Neither comes back to itself: the operation that closes the loop calls nobody.
    await expect(panel.getByText("By operation it is no loop: every chain of calls ends.")).toBeVisible();
    const chain = panel.getByRole("list", { name: "Operations in order" }).getByRole("listitem");
    // Every trace that goes round, and the ten newest of either other step: whoever calls inventory calls pricing.
    const steps3 = ["POST /reservations", "GET /prices/{sku}", "GET /orders/{id}"].map(served);
    const looked = new Set(
      steps3.flatMap((spans, i) => (i < 2 ? spans.slice(0, 10) : spans)).map(({ traceId }) => traceId),
    ).size;
    await expect(chain).toHaveText([
      `orders POST /orders${looked} →`,
      `inventory POST /reservations${looked} →`,
      `pricing GET /prices/{sku}${round} →`,
      "orders GET /orders/{id}",
    ]);
    const minuteOf = (span: Span | undefined): string =>
      `${new Date(Number(span!.startNs / 1_000_000n)).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    const fact = (name: string) => panel.locator("dl > div").filter({ hasText: name }).locator("dd");
    await expect(fact("Traces looked at")).toHaveText(`${looked}, all there are`);
    await expect(fact("Traces that go round")).toHaveText(String(round));
    await expect(fact("Traces that miss spans")).toHaveText("0");
    await expect(fact("First seen")).toHaveText(
      steps3
        .map((spans) => minuteOf(spans.at(-1)))
        .sort()
        .at(-1)!,
    );
    await expect(fact("Last seen")).toHaveText(steps3.map((spans) => minuteOf(spans[0])).sort()[0]!);
    const cut = panel.getByRole("table").locator("tbody").getByRole("row");
    await expect(cut).toHaveCount(3);
    await expect(cut.first()).toHaveText(`pricing → orders${asText(rate("pricing", "orders"))}yes`);
    await expect(panel.getByText("pricing → orders, the rarest step")).toBeVisible();
    await panel.getByRole("button", { name: "Next cycle" }).click();
    await expect(panel.getByRole("heading", { level: 2 })).toHaveText("billing → ledger ⇢ billing");
    await expect(steps.nth(1)).toContainText("ledger sends messages to billing");
    // The trace that is named is there, and is the one that the panel shows.
    await panel.getByRole("link", { name: /^[0-9a-f]{4}…/ }).click();
    await expect(page.getByRole("treeitem").first()).toBeVisible();
  });

  /** Tabs until this has the keyboard: nothing is reachable only by mouse. */
  async function tabTo(page: Page, target: Locator): Promise<void> {
    for (let presses = 0; presses < 60; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error("the keyboard does not get there");
  }

  test("by keyboard alone: from loop to loop, to the map, along the band, and into a trace", async ({ page }) => {
    await page.goto(`${server.url}/cycles`);
    const panel = page.getByRole("complementary");
    const title = panel.getByRole("heading", { level: 2 });
    const bar = page.getByRole("region", { name: "Cycles" });
    const [first, second] = ["orders → inventory → pricing → orders", "billing → ledger ⇢ billing"];
    await expect(rows(page, "Cycles")).toHaveCount(3);
    await tabTo(page, page.getByRole("button", { name: second }));
    await page.keyboard.press("Enter");
    await expect(title).toHaveText(second);
    await page.keyboard.press("p");
    await expect(title).toHaveText(first);
    await page.keyboard.press("p");
    await expect(page).toHaveURL(/cycle=/);
    await expect(panel.getByText("Circular dependency 3 of 3")).toBeVisible();
    await page.keyboard.press("n");
    await expect(title).toHaveText(first);

    await tabTo(page, panel.getByRole("link", { name: "Show on map" }));
    await page.keyboard.press("Enter");
    await expect(bar).toContainText("Cycle 1 of 3");
    await page.keyboard.press("n");
    await expect(bar).toContainText("Cycle 2 of 3");
    await tabTo(page, bar.getByRole("button", { name: "Next cycle (N)" }));
    await page.keyboard.press("Enter");
    await expect(bar).toContainText("Cycle 3 of 3");
    await page.keyboard.press("n");
    await expect(bar).toContainText("Cycle 1 of 3");
    await expect(title).toHaveText(first);
    await tabTo(page, panel.getByRole("link", { name: /^[0-9a-f]{4}…/ }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
    await expect(page.getByRole("treeitem").first()).toBeVisible();
  });

  test("no list without an answer: it is loading, then it failed, then it is there", async ({ page, expectFault }) => {
    expectFault(/503/);
    let answers = 0;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/api/v1/cycles?*", async (route) => {
      answers++;
      await held;
      if (answers > 3) return route.continue();
      await route.fulfill({ status: 503, json: { error: { code: "unavailable", message: "the store is away" } } });
    });
    await page.goto(`${server.url}/cycles`);
    await expect(page.getByRole("status", { name: "Loading" })).toBeVisible();
    await expect(page.getByText(/\d cycles?$/)).toHaveCount(0);
    release();
    const alert = page.getByRole("alert").filter({ hasText: "The cycles did not come." });
    await expect(alert).toBeVisible({ timeout: 20_000 });
    await alert.getByRole("button", { name: "Try again" }).press("Enter");
    await expect(rows(page, "Cycles")).toHaveCount(3);
  });

  test("a later answer that does not come is said, and the last one stays", async ({ page, expectFault }) => {
    test.setTimeout(90_000);
    expectFault(/503/);
    await page.goto(`${server.url}/cycles`);
    await expect(rows(page, "Cycles")).toHaveCount(3);
    await expect(page.getByText(/^Not up to date/)).toHaveCount(0);
    await page.route("**/api/v1/cycles?*", (route) =>
      route.fulfill({ status: 503, json: { error: { code: "unavailable", message: "the store is away" } } }),
    );
    await expect(page.getByText(/^Not up to date: /)).toBeVisible({ timeout: 40_000 });
    await expect(rows(page, "Cycles")).toHaveCount(3);
    await page.unroute("**/api/v1/cycles?*");
    await expect(page.getByText(/^Not up to date/)).toHaveCount(0, { timeout: 40_000 });
  });

  /** How many pixels of the map have the band's colour, and how many that of its marks. */
  const painted = (page: Page) =>
    page.getByTestId("map-canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const count = (r: number, g: number, b: number): number => {
        let found = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) found++;
        return found;
      };
      return { band: count(0xe5, 0xd0, 0xe3), marks: count(0xa8, 0x39, 0x9a) };
    });

  test("the map shows a loop as a band, step by step, and the URL says which", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`${server.url}/cycles`);
    await page.getByRole("button", { name: "orders → inventory → pricing → orders" }).click();
    await page.getByRole("complementary").getByRole("link", { name: "Show on map" }).click();
    await expect(page).toHaveURL(/\/map\?.*overlay=cycles&cycle=[0-9a-f]+$/);
    const bar = page.getByRole("region", { name: "Cycles" });
    const panel = page.getByRole("complementary");
    await expect(bar).toContainText("Cycle 1 of 3");
    await expect(bar).toContainText("orders → inventory → pricing → orderssynchronous, re-entrant");
    await expect(bar).toContainText(`since ${new Date().toISOString().slice(0, 4)}-`);
    await expect(page.getByText("cycle 1 of 3, 3 members")).toBeVisible();
    await expect(panel.getByRole("heading", { level: 2 })).toHaveText("orders → inventory → pricing → orders");
    await expect.poll(async () => (await painted(page)).band).toBeGreaterThan(3_000);
    expect((await painted(page)).marks).toBeGreaterThan(300);

    const entered = page.url();
    await page.keyboard.press("n");
    await expect(bar).toContainText("Cycle 2 of 3");
    await expect(bar).toContainText("billing → ledger ⇢ billing");
    await expect(panel.getByRole("heading", { level: 2 })).toHaveText("billing → ledger ⇢ billing");
    await page.keyboard.press("p");
    await expect(page).toHaveURL(entered);
    await page.keyboard.press("p");
    await expect(bar).toContainText("Cycle 3 of 3");
    await expect(bar).toContainText("only across requests");
    await bar.getByRole("button", { name: "Next cycle" }).click();
    await expect(bar).toContainText("Cycle 1 of 3");
    await expect(page).toHaveURL(entered); // the address follows what is shown a moment later
    await page.reload();
    await expect(bar).toContainText("Cycle 1 of 3");

    await page.keyboard.press("Escape");
    await expect(page).not.toHaveURL(/cycle=[0-9a-f]/);
    await expect(bar).toContainText("3 cycles");
    await expect(panel).toHaveCount(0);
    await expect(page.getByText("cheapest cut")).toBeVisible();
  });

  test("every call of the loop carries its rate in the outline", async ({ page }) => {
    await page.goto(`${server.url}/map?overlay=cycles&cycle=1&outline=true`);
    await expect(page.getByRole("region", { name: "Cycles" })).toContainText("Cycle 1 of 3");
    const pricing = page
      .getByRole("treeitem")
      .filter({ hasText: /^pricing/ })
      .first();
    await pricing.focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("treeitem", { name: /^orders\. pricing calls orders/ })).toContainText(
      asText(rate("pricing", "orders")),
    );
  });

  test("no other overlay has a band", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`${server.url}/map?overlay=cycles`);
    await expect.poll(async () => (await painted(page)).band).toBeGreaterThan(3_000);
    await page.goto(`${server.url}/map?cycle=1`);
    await expect(page.getByText(/nodes, largest/)).toBeVisible();
    await page.waitForTimeout(500);
    expect(await painted(page)).toEqual({ band: 0, marks: 0 });
    await expect(page.getByRole("region", { name: "Cycles" })).toHaveCount(0);
  });

  test("a cycle that is not there is said, and all are shown", async ({ page }) => {
    await page.goto(`${server.url}/map?overlay=cycles&cycle=nobody`);
    await expect(
      page.getByRole("status").filter({ hasText: "The cycle asked for is not in this window" }),
    ).toBeVisible();
    await expect(page.getByRole("region", { name: "Cycles" })).toContainText("3 cycles");
  });

  test("from the band to its traces", async ({ page }) => {
    await page.goto(`${server.url}/map?overlay=cycles&cycle=1`);
    await page.getByRole("complementary").getByRole("link", { name: "Traces at the cut" }).click();
    await expect(page).toHaveURL(/\/traces\?.*service=orders&operation=/);
    // Every trace found goes round: that operation is only called from pricing.
    const found = page.getByRole("table", { name: "Traces" }).or(page.getByRole("grid", { name: "Traces" }));
    await expect(found).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: /traces?/ })).toContainText(
      `${Math.min(100, told.calls("pricing", "orders"))} trace`,
    );
  });

  test("self-calls stand apart, with their count", async ({ page }) => {
    await page.goto(`${server.url}/cycles`);
    const self = rows(page, "Services that call themselves");
    await expect(self).toHaveCount(1);
    await expect(self.locator("th, td").nth(0)).toHaveText("tax");
    await expect(self.locator("th, td").nth(3)).toHaveText(String(told.calls("tax", "tax")));
  });

  test("the rail leads there", async ({ page }) => {
    await page.goto(`${server.url}/dependencies`);
    await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Cycles" }).click();
    await expect(page).toHaveURL(/\/cycles$/);
    await expect(rows(page, "Cycles")).toHaveCount(3);
  });
});

test("a shop without loops says so", async ({ page, startHeadwater }) => {
  const server = await startHeadwater();
  // Without shipping, nothing that orders tells comes back to it.
  const spans = shop({ requests: 60 }).spans.filter(
    ({ resource }) =>
      !resource.attributes.some(([key, value]) => key === "service.name" && value === "shipping-service"),
  );
  await sendSpans(server, spans);
  await page.goto(`${server.url}/cycles`);
  await expect(page.getByText("No service depends on itself through others in this window.")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "cycle" })).toHaveText("0 cycles");
  await page.getByRole("link", { name: "Look at the last 24 h" }).press("Enter");
  await expect(page).toHaveURL(/last=24h/);
  await expect(page.getByRole("link", { name: "Look at the last 24 h" })).toHaveCount(0);
  await page.goto(`${server.url}/map?overlay=cycles`);
  await expect(page.getByRole("region", { name: "Cycles" })).toHaveText(
    "No service depends on itself through others in this window.",
  );
});
