// Systems that are not the shop: one service, names of sixty characters, one failure in twenty-five thousand calls.
import type { Page } from "@playwright/test";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";
import { aloneService, longNames, sizedSystem } from "./sized";

let server: Headwater;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  await sendSpans(server, aloneService("lonely", "one"));
  await sendSpans(server, sizedSystem({ environment: "long", names: longNames }));
});

const PATHS = ["/map?outline=true&", "/services?", "/dependencies?", "/sla?", "/traces?", "/cycles?"];

/** Elements with words of their own that stand out of the window, or out of the panel that they are in. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("aside, header, main, footer")]
      .filter((box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "auto")
      .map((box) => `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`),
  );

test("one service alone: every screen says what there is", async ({ page }) => {
  for (const path of PATHS) {
    await page.goto(`${server.url}${path}env=one`);
    await expect(page.getByRole("main")).not.toHaveAttribute("aria-busy", "true");
    expect(await cutOff(page), path).toEqual([]);
  }
  await page.goto(`${server.url}/map?env=one&outline=true`);
  await expect(page.getByRole("treeitem")).toHaveCount(1);
  await expect(page.getByRole("treeitem")).toContainText("lonely");
  await expect(page.getByText(/^1 node · 0 edges/)).toBeVisible();
  await expect(page.getByTestId("map-canvas")).toBeVisible();
  await page.goto(`${server.url}/services?env=one`);
  await expect(page.getByRole("row").filter({ hasText: "lonely" })).toBeVisible();
});

test("names of sixty characters: whole where they are read, apart where they are cut", async ({ page }) => {
  expect(longNames.every((name) => name.length === 60)).toBe(true);
  for (const width of [1440, 1920]) {
    await page.setViewportSize({ width, height: width === 1440 ? 900 : 1080 });
    for (const path of PATHS) {
      await page.goto(`${server.url}${path}env=long`);
      await expect(page.getByRole("main")).not.toHaveAttribute("aria-busy", "true");
      await page.waitForTimeout(300);
      expect(await cutOff(page), `${path} at ${width}`).toEqual([]);
    }
  }
  await page.goto(`${server.url}/map?env=long&outline=true&sel=node:${longNames[3]}`);
  await expect(page.getByRole("complementary").getByRole("heading", { level: 2 })).toHaveText(longNames[3]!);
  await expect(page.getByRole("treeitem")).toHaveCount(longNames.length);
  // What is seen of a name differs from what is seen of every other.
  for (const path of ["/services", "/dependencies", "/sla"]) {
    await page.goto(`${server.url}${path}?env=long`);
    await expect(page.getByRole("row").nth(5)).toBeVisible();
    const seen = await page.evaluate(() =>
      [...document.querySelectorAll("[role=row]")].flatMap((row) => {
        const cell = [...row.querySelectorAll<HTMLElement>("[title]")].find(({ title }) => title.length === 60);
        if (!cell) return [];
        const parts = [...cell.querySelectorAll<HTMLElement>("[data-kept]")];
        const whole = parts.every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth + 1);
        return [{ title: cell.title, kept: parts.map(({ textContent }) => textContent).join("…"), whole }];
      }),
    );
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.filter(({ whole }) => !whole)).toEqual([]);
    const titles = new Set(seen.map(({ title }) => title));
    expect(new Set(seen.map(({ kept }) => kept)).size).toBe(titles.size);
    // The saboteur's twin: ends alone do not tell them apart.
    expect(new Set([...titles].map((title) => title.slice(-20))).size).toBeLessThan(titles.size);
  }
});

test("what is waited for is said after a moment, and goes when it is there", async ({ page }) => {
  // Each is held until it has been said.
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/api\/v1\/graph\?/, async (route) => {
    await held;
    await route.continue();
  });
  await page.addInitScript(() => {
    const now = Worker.prototype.postMessage;
    const letGo = new Promise<void>((resolve) => Object.assign(window, { layOut: resolve }));
    Worker.prototype.postMessage = function (this: Worker, message: unknown) {
      void letGo.then(() => now.call(this, message));
    } as typeof now;
  });
  // A fixed window: a live one is told by the stream, too.
  const [from, to] = [-3_600_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
  await page.goto(`${server.url}/map?env=long&from=${from}&to=${to}`);
  const said = page.getByRole("main").getByRole("status");
  await expect(said.filter({ hasText: "Asking for the graph…" })).toBeVisible();
  answer();
  await expect(said.filter({ hasText: `Laying out ${longNames.length} nodes…` })).toBeVisible();
  await page.evaluate(() => (window as unknown as { layOut(): void }).layOut());
  await expect(page.getByTestId("map-canvas")).toBeVisible();
  await expect(said.filter({ hasText: "…" })).toHaveCount(0);
});

test("one failure in 25,000 calls is 0.004 %, never nothing", async ({ page }) => {
  test.setTimeout(120_000);
  const at = Date.now() - 20_000;
  for (let part = 0; part < 5; part++)
    await sendSpans(
      server,
      Array.from({ length: 5_000 }, (_, i) =>
        namedCall({ caller: "web", callee: "api", environment: "rare", atMs: at, failed: part + i === 0 }),
      ).flat(),
    );
  const seen: string[] = [];
  const expectRare = async (path: string, where: (page: Page) => ReturnType<Page["locator"]>): Promise<void> => {
    await page.goto(`${server.url}${path}`);
    await expect(where(page), path).toContainText(/0\.004(00)?\s?%/, { timeout: 20_000 });
    const text = (await where(page).textContent())!;
    expect(text, path).not.toMatch(/(^|[^\d.])0(\.0+)?\s?%/);
    seen.push(path);
  };
  const edge = (
    (await (await fetch(`${server.url}/api/v1/graph?env=rare`)).json()) as {
      edges: { id: string; callee: string; calls: number; errors: number }[];
    }
  ).edges.find(({ callee }) => callee === "api")!;
  expect([edge.calls, edge.errors]).toEqual([25_000, 1]);
  await expectRare("/map?env=rare&outline=true", (of) => of.getByRole("treeitem").filter({ hasText: /^api/ }));
  await expectRare("/services?env=rare", (of) => of.getByRole("row").filter({ hasText: "api" }).first());
  await expectRare("/dependencies?env=rare", (of) => of.getByRole("row").filter({ hasText: "api" }).first());
  await page.goto(`${server.url}/map?env=rare&sel=edge:${edge.id}`);
  await expect(page.getByRole("complementary")).toContainText(/0\.004(00)?\s?%/);
  await page.goto(`${server.url}/services/api?env=rare`);
  await expect(page.getByRole("main")).toContainText(/0\.004(00)?\s?%/);
  await page.goto(`${server.url}/sla?env=rare&option=observed`);
  await expect(page.getByRole("row").filter({ hasText: "api" }).first()).toContainText(/99\.996(00)?\s?%/);
  expect(seen).toHaveLength(3);
});
