// What screens say about what they show: axes, legends, minutes that are not over, names that do not fit, nothing at all.
import type { Page } from "@playwright/test";
import { asText, formatMs } from "@/lib/domain/format-number";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { expect, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";
import { shop } from "./shop";

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
const serviceOf = (span: Span): string => textAttribute(span.resource.attributes, "service.name")!;
const calls = (caller: string, callee: string, count: number) =>
  Array.from({ length: count }, () => namedCall({ caller, callee })).flat();

test.describe("before the first span", () => {
  test("the bar has nothing that would do nothing, on every screen", async ({ page, startHeadwater }) => {
    const server = await startHeadwater();
    for (const path of ["/map", "/services", "/dependencies", "/sla", "/traces"]) {
      await page.goto(server.url + path);
      await expect(page.getByRole("heading", { name: /^No spans yet/ })).toBeVisible();
      await expect(page.getByRole("button", { name: "Time range" })).toHaveCount(0);
      await expect(page.getByRole("button", { name: "Pause" })).toHaveCount(0);
      await expect(page.getByRole("button", { name: /^Overlay/ })).toHaveCount(0);
      await expect(page.getByRole("group", { name: "Upstream means" })).toHaveCount(0);
      await expect(page.getByRole("button", { name: "Environment", exact: true })).toHaveText("no source yet");
    }
    // They come with the first span.
    await sendSpans(server, calls("web", "api", 2));
    await page.goto(`${server.url}/map`);
    await expect(page.getByRole("button", { name: "Time range" })).toBeVisible();
    await expect(page.getByRole("group", { name: "Upstream means" })).toBeVisible();
  });

  test("a window without spans is not a first run, and the newest spans are one press away", async ({
    page,
    startHeadwater,
  }) => {
    const server = await startHeadwater();
    await sendSpans(server, calls("web", "api", 3));
    await page.goto(`${server.url}/services?from=2026-01-01T00:00:00.000Z&to=2026-01-01T01:00:00.000Z`);
    await expect(page.getByRole("heading", { name: "No spans in this window." })).toBeVisible();
    await expect(page.getByRole("button", { name: "Time range" })).toBeVisible();
    await page.getByRole("button", { name: /^Show the newest/ }).press("Enter");
    await expect(page.getByRole("row").filter({ hasText: "api" })).toBeVisible();
  });
});

test.describe("a trace", () => {
  let spans: Span[];
  let url: string;
  test.beforeAll(async ({ startHeadwater }) => {
    const server = await startHeadwater();
    const told = shop({ requests: 60 });
    await sendSpans(server, told.spans);
    const order = told.spans.find((span) => serviceOf(span) === "order-service" && span.name === "place order")!;
    spans = told.spans.filter(({ traceId }) => traceId === order.traceId);
    url = `${server.url}/traces/${order.traceId}`;
  });

  const bars = (page: Page): Promise<string[]> =>
    page.locator("[role=treeitem] [data-kind]").evaluateAll((all) => all.map((bar) => bar.getAttribute("data-kind")!));

  test("has a bar of the right kind and length for every span, and a legend", async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 1600 });
    await page.goto(url);
    await expect(page.getByRole("treeitem")).toHaveCount(spans.length);
    expect((await bars(page)).sort()).toEqual(spans.map(({ kind }) => KINDS[kind]!).sort());
    const legend = page.locator("footer");
    for (const words of ["answers a request or takes a message", "work inside", "calls or sends, and waits", "failed"])
      await expect(legend.getByText(words, { exact: true })).toBeVisible();
    const [startNs] = spans.map((span) => span.startNs).sort((a, b) => Number(a - b));
    const [endNs] = spans.map((span) => span.endNs).sort((a, b) => Number(b - a));
    const total = Number(endNs! - startNs!) / 1e6;
    await expect(
      page
        .getByRole("main")
        .getByText(asText(formatMs(total)), { exact: true })
        .first(),
    ).toBeVisible();
    // Lengths are shares of the whole: the longest call is as long as its spans say.
    const call = spans.filter(({ kind }) => kind === SpanKind.CLIENT).sort((a, b) => Number(b.endNs - a.endNs))[0]!;
    const drawn = await page
      .getByRole("treeitem", { name: new RegExp(`^${serviceOf(call)}, `) })
      .locator("[data-kind=client]")
      .evaluateAll((all) =>
        all.map((bar) => bar.getBoundingClientRect().width / bar.parentElement!.getBoundingClientRect().width),
      );
    const share = Number(call.endNs - call.startNs) / 1e6 / total;
    expect(drawn.some((width) => Math.abs(width - share) < 0.005)).toBe(true);
  });

  test("its axis has round numbers", async ({ page }) => {
    await page.goto(url);
    const axis = page.getByText("Service and operation", { exact: true }).locator("..");
    await expect(axis).toContainText("0 ms");
    const ticks = (await axis.locator("span > span").allTextContents()).map((text) => Number.parseFloat(text));
    expect(ticks.length).toBeGreaterThan(1);
    for (const tick of ticks.slice(1)) expect(String(tick)).toMatch(/^[\d.]*[1-9]0*$/);
    const [, step] = ticks as [number, number];
    expect([1, 2, 5]).toContain(Number(step.toPrecision(1)) / 10 ** Math.floor(Math.log10(step)));
  });

  test("leads from a span to its service", async ({ page }) => {
    await page.goto(url);
    await page.getByRole("tree").focus();
    await page.keyboard.press("Home");
    const panel = page.getByRole("complementary");
    await expect(panel.getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/)).toBeVisible();
    const service = await panel.getByRole("link").first().textContent();
    await panel.getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 2, name: service!, exact: true })).toBeVisible();
  });
});

test.describe("minutes that are not over", () => {
  /** Far enough from the end of the minute for the page to be read within it. */
  const untilEarlyInMinute = async (page: Page): Promise<void> => {
    const ms = Date.now() % 60_000;
    if (ms > 35_000) await page.waitForTimeout(60_000 - ms + 500);
  };

  test("are not drawn, and said", async ({ page, startHeadwater }) => {
    test.setTimeout(120_000);
    const server = await startHeadwater();
    const minute = 60_000;
    await untilEarlyInMinute(page);
    const now = Math.floor(Date.now() / minute) * minute;
    const callsAt = (count: number, atMs: number) =>
      Array.from({ length: count }, () => namedCall({ caller: "web", callee: "api", atMs })).flat();
    await sendSpans(server, [
      ...callsAt(30, now - 3 * minute + 5_000),
      ...callsAt(20, now - 2 * minute + 5_000),
      ...callsAt(25, now - minute + 5_000),
      ...callsAt(7, now + 100),
    ]);
    await page.goto(`${server.url}/services/api?last=5m`);
    await expect(page.getByTestId("minute")).toContainText(/is not over and not drawn: 7 requests so far/);
    const rate = page.locator("section").filter({ hasText: /^Rate/ }).locator("svg path.stroke-ink-2");
    // Three minutes, one line: a move and two lines.
    expect((await rate.getAttribute("d"))!.replace(/[\d. ]/g, "")).toBe("MLL");
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await expect(page.getByTestId("minute")).toHaveText(/: 7 requests, .*; the minute is not over$/);
    await page.keyboard.press("ArrowLeft");
    await expect(page.getByTestId("minute")).toHaveText(/: 25 requests, .* ms$/);
    // A window that ends with a whole minute has no such.
    const fixed = `from=${new Date(now - 3 * minute).toISOString()}&to=${new Date(now).toISOString()}`;
    await page.goto(`${server.url}/services/api?${fixed}`);
    await expect(page.getByTestId("minute")).toHaveText("Point at a minute, or press ← → here.");
    expect((await rate.getAttribute("d"))!.replace(/[\d. ]/g, "")).toBe("MLL");
  });
});

test("services are listed with the version that they run", async ({ page, startHeadwater }) => {
  const server = await startHeadwater();
  const { spans } = shop({ requests: 300 }); // of so many, some need the supplier
  await sendSpans(server, spans);
  await page.goto(`${server.url}/services?kind=all`);
  for (const service of ecommerce.services) {
    const row = page
      .getByRole("row")
      .filter({ hasText: service.name })
      .filter({ hasText: /Service/ });
    await expect(row.getByRole("gridcell").nth(3)).toHaveText(service.version);
  }
  const database = page.getByRole("row").filter({ hasText: "orders-db" });
  await expect(database.getByRole("gridcell").nth(3)).toHaveText("–");
});

test("names that differ at their end are told apart where they do not fit", async ({ page, startHeadwater }) => {
  const server = await startHeadwater();
  const prefix = "a-team.with-a-long-name.in-a-platform.of-a-company.checkout-service";
  const names = [`${prefix}-eu-west-1`, `${prefix}-eu-west-2`];
  await sendSpans(
    server,
    names.flatMap((name) => calls(`${name}-caller`, name, 2)),
  );
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${server.url}/dependencies`);
  for (const name of names) {
    const cell = page.getByRole("gridcell", { name, exact: true });
    const end = cell.getByText(name.slice(-20), { exact: true });
    const [outer, inner] = [(await cell.boundingBox())!, (await end.boundingBox())!];
    expect(inner.width).toBeGreaterThan(80);
    expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width);
    await expect(cell.getByTitle(name)).toBeVisible();
  }
});

test("5,000 operations of a service scroll, each once", async ({ page, startHeadwater }) => {
  test.setTimeout(120_000);
  const server = await startHeadwater();
  const operation = (i: number): string => `GET /products/${String(i).padStart(4, "0")}/availability`;
  await sendSpans(
    server,
    Array.from({ length: 5_000 }, (_, i) =>
      namedCall({ caller: "web", callee: "api", operation: operation(i) }),
    ).flat(),
  );
  await page.goto(`${server.url}/services/api`);
  const grid = page.getByRole("grid", { name: "Operations" });
  await expect(grid).toHaveAttribute("aria-rowcount", "5001", { timeout: 30_000 });
  await page.getByRole("button", { name: "Operation", exact: true }).click();
  await grid.focus();
  await page.keyboard.press("End");
  await expect(grid.getByRole("link", { name: operation(4_999) })).toBeVisible();
  expect(await grid.getByRole("row").count()).toBeLessThan(60);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`operation=${encodeURIComponent(operation(4_999))}`));
});

test("the table of ceilings says who calls nobody, and is walked by keys", async ({ page, startHeadwater }) => {
  const server = await startHeadwater();
  await sendSpans(server, [...calls("web", "api", 5), ...calls("api", "billing", 5)]);
  await page.goto(`${server.url}/sla?option=declared`);
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  // What nothing limits has no ceiling of 100 %, only what was measured.
  await expect(row("billing")).toHaveText("billing–calls nobody–––––––100 %–");
  await expect(row("api")).toContainText("1 callee");
  await expect(page.getByRole("region", { name: "No objectives" })).toContainText("objectives:");
  await page.getByRole("grid", { name: "SLA" }).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/map\?overlay=sla&sel=node/);
});
