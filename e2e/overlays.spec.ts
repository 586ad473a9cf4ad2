import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "@/lib/contract/graph";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";

let server: Headwater;
const MINUTE = 60_000;

const calls = (caller: string, callee: string, count: number, atMs: number) =>
  Array.from({ length: count }, () => namedCall({ caller, callee, atMs })).flat();

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  const now = Date.now() - 5_000;
  await sendSpans(server, [
    ...calls("web", "shop", 40, now),
    ...calls("shop", "payments", 10, now),
    ...calls("shop", "stock", 40, now),
    ...calls("shop", "old-ledger", 20, now - 8 * MINUTE),
    ...calls("web", "shop", 20, now - 8 * MINUTE),
    ...calls("shop", "stock", 20, now - 8 * MINUTE),
  ]);
});

test("the change overlay names what came and what went", async ({ page }) => {
  await page.goto(`${server.url}/map?last=5m&overlay=change&outline=true`);
  const item = (name: string) => page.getByRole("treeitem").filter({ hasText: new RegExp(`^${name}`) });
  await expect(item("payments")).toContainText("new");
  await expect(item("old-ledger")).toContainText("gone");
  await expect(item("stock")).not.toContainText(/new|gone/);
});

test("the blast radius says who fails, and with what share of the calls from outside", async ({ page }) => {
  await page.goto(`${server.url}/map?last=5m&overlay=blast&sel=node:payments`);
  const panel = page.getByRole("complementary", { name: "payments" });
  await expect(
    panel.getByText("At most 25.0 % of the calls from outside reach payments and fail with it."),
  ).toBeVisible();
  await expect(panel.getByText("Directly, 1")).toBeVisible();
});

test("the latency overlay offers sides and quantiles, and keeps the choice in the URL", async ({ page }) => {
  await page.goto(`${server.url}/map?last=5m&outline=true`);
  await page.getByRole("button", { name: "Overlay" }).click();
  await page.getByRole("menuitemradio", { name: "Latency" }).click();
  await page.getByRole("button", { name: "Latency: which" }).click();
  await page.getByRole("menuitemradio", { name: "server p50" }).click();
  await expect(page).toHaveURL(/overlay=latency&option=server-p50|option=server-p50&overlay=latency/);
  await expect(page.getByText("server p50, measured")).toBeVisible();
  // Every call of this system takes 10 ms at the server; buckets are 3.1 % wide.
  await expect(page.getByRole("treeitem").filter({ hasText: /^stock/ })).toContainText(/(9\.\d\d|10\.\d) ms/);
});

test("latency and change compare with the window before, the hour before or targets, and the URL says which", async ({
  page,
  startHeadwater,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "headwater-e2e-"));
  const config = join(folder, "headwater.yaml");
  writeFileSync(config, 'objectives:\n  api: { latency: { p50: "25ms" } }\n  store: { latency: { p50: "80ms" } }\n');
  const judged = await startHeadwater({ env: { HEADWATER_CONFIG: config } });
  const now = Date.now() - 5_000;
  const some = (caller: string, callee: string, ms: number, ago: number) =>
    Array.from({ length: 150 }, () => namedCall({ caller, callee, ms, atMs: now - ago * MINUTE })).flat();
  // Three times as slow as half an hour ago, and as slow as five minutes ago.
  await sendSpans(judged, [...some("web", "api", 10, 30), ...some("web", "api", 30, 7), ...some("web", "api", 30, 0)]);
  await sendSpans(judged, [...some("api", "store", 40, 0), ...some("api", "ledger", 10, 30)]);
  const item = (name: string) => page.getByRole("treeitem").filter({ hasText: new RegExp(`^${name}`) });
  const choose = async (label: string): Promise<void> => {
    await page.getByRole("button", { name: "Latency: against what" }).click();
    await page.getByRole("menuitemradio", { name: label }).click();
  };
  const legend = page.locator("footer");

  await page.goto(`${judged.url}/map?last=5m&outline=true&overlay=latency&option=server-p50`);
  await expect(page.getByRole("button", { name: "Latency: against what" })).toContainText("targets");
  await expect(item("api")).toContainText(/(29\.\d|30\.\d) ms > 25\.0 ms/);
  await expect(item("store")).toContainText(/(39\.\d|40\.\d) ms ≤ 80\.0 ms/);
  await expect(legend).toContainText("over its target, 25.0 ms to 80.0 ms");

  await choose("hour before");
  await expect(page).toHaveURL(/against=hour/);
  await expect(item("api")).toContainText("×3.0");
  await expect(legend).toContainText("≥ 1.5× the hour before");
  const from = (await page.locator("footer span").last().textContent())!;
  expect(from).toMatch(/^the hour before, [\d-]*\s?\d\d:\d\d–[\d-]*\s?\d\d:\d\d UTC/);

  await choose("window before");
  await expect(page).toHaveURL(/against=before/);
  await expect(item("api")).not.toContainText("×");
  await expect(legend).toContainText("≥ 1.5× the window before");
  await page.reload();
  await expect(legend).toContainText("≥ 1.5× the window before");

  // ledger was called half an hour ago, so it is gone since the hour before, and not since the window before.
  await page.goto(`${judged.url}/map?last=5m&outline=true&overlay=change&against=hour`);
  await expect(item("store")).toContainText("new");
  await expect(item("ledger")).toContainText("gone");
  await expect(page.getByRole("button", { name: "Change: against what" })).toContainText("hour before");
  await page.goto(`${judged.url}/map?last=5m&outline=true&overlay=change`);
  await expect(item("store")).toContainText("new");
  await expect(item("ledger")).toBeVisible();
  await expect(item("ledger")).not.toContainText("gone");
  await page.goto(`${judged.url}/map?last=5m&overlay=change&against=never`);
  await expect(page.getByText("There is nothing “never” to compare with: this is the default.")).toBeVisible();
  rmSync(folder, { recursive: true });
});

test("focus shows a part, step by step, and says what it hides", async ({ page }) => {
  await page.goto(`${server.url}/map?last=5m&sel=node:payments&outline=true`);
  await page.getByRole("button", { name: "Focus the map on it" }).click();
  const focus = page.getByRole("region", { name: "Focus" });
  const nodes = page.getByRole("treeitem");
  await expect(nodes).toHaveCount(2);
  await expect(focus).toContainText(/\+\d hidden/);
  await focus.getByRole("button", { name: "Callers: one step more" }).click();
  await expect(nodes).toHaveCount(3);
  await expect(page).toHaveURL(/callers=2/);
  await page.reload();
  await expect(nodes).toHaveCount(3);
  await focus.getByRole("button", { name: "Whole map" }).click();
  await expect(nodes).not.toHaveCount(3);
});

test("what is seen can be taken along", async ({ page }) => {
  await page.goto(`${server.url}/map?last=5m`);
  await expect(page.getByTestId("map-canvas")).toBeVisible();
  const take = async (name: string): Promise<Buffer> => {
    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name }).click();
    return readFile(await (await download).path());
  };
  expect(await take("Picture (PNG)").then((png) => png.subarray(1, 4).toString())).toBe("PNG");
  const drawing = (await take("Drawing (SVG)")).toString();
  const seen = await page.evaluate((text) => {
    const file = new DOMParser().parseFromString(text, "image/svg+xml");
    const texts = [...file.querySelectorAll("text")].map(({ textContent }) => textContent);
    return { root: file.documentElement.localName, titles: file.querySelectorAll("g > title").length, texts };
  }, drawing);
  const graph = (await (await fetch(`${server.url}/api/v1/graph?last=5m`)).json()) as Graph;
  expect(seen.root).toBe("svg");
  for (const { name } of graph.nodes) expect(seen.texts).toContain(name);
  expect(seen.titles).toBe(graph.nodes.length + graph.edges.length);
  expect((await take("Mermaid")).toString()).toContain("flowchart LR");
  expect((await take("CSV")).toString()).toContain("shop,payments,sync");
});

test("unknown things in the URL are said, and the screen opens", async ({ page }) => {
  await page.goto(`${server.url}/map?overlay=foo&last=banana&sel=edge:nope&perspective=sideways`);
  const notices = page.getByRole("status");
  await expect(notices.filter({ hasText: "got banana" })).toBeVisible();
  await expect(notices.filter({ hasText: "There is no perspective “sideways”" })).toBeVisible();
  await expect(notices.filter({ hasText: "There is no overlay “foo”" })).toBeVisible();
  await expect(notices.filter({ hasText: "not in this window" })).toBeVisible();
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
});

const DAY = "2026-01-02T10:00:00Z";
for (const { what, query, notice, refused } of [
  { what: "a period that is too long", query: "last=999d", notice: "This is the last 1h: last must be a period" },
  {
    what: "a window that ends before it begins",
    query: `from=${DAY}&to=2026-01-01T10:00:00Z`,
    notice: "from must be before to",
  },
  { what: "a day without a time", query: "from=2026-01-01", notice: "from must be RFC 3339 or epoch milliseconds" },
  {
    what: "a change that cannot be read",
    query: "overlay=sla&whatIf=rubbish",
    notice: "The ceilings did not come: whatIf must be",
    refused: /api\/v1\/sla/,
  },
  {
    what: "a change of no call",
    query: "overlay=sla&whatIf=shop:nobody:async",
    notice: "Nothing is changed by what-if shop:nobody:async",
  },
]) {
  test(`${what} in the URL is said, and the map opens`, async ({ page, expectFault }) => {
    if (refused) expectFault(refused);
    await page.goto(`${server.url}/map?${query}`);
    await expect(page.getByRole("status").filter({ hasText: notice })).toBeVisible();
    await expect(page.getByText(/nodes, largest/)).toBeVisible();
    await expect(page.getByText("The map did not come.")).toHaveCount(0);
  });
}

test("a right URL brings no notice", async ({ page }) => {
  const answered = page.waitForResponse((response) => response.url().includes("/api/v1/sla"));
  await page.goto(`${server.url}/map?overlay=sla&last=1440m&perspective=request-flow&whatIf=shop:stock:async`);
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
  await expect(page.getByText("Last 1440 min")).toBeVisible();
  expect((await answered).status()).toBe(200);
  await expect(page.getByText(/This is the last|There is no perspective|did not come|Nothing is changed/)).toHaveCount(
    0,
  );
});

for (const path of ["services", "services/shop", "dependencies", "traces", "sla", "cycles"]) {
  test(`/${path} says once what cannot be`, async ({ page }) => {
    await page.goto(`${server.url}/${path}?perspective=sideways&last=999d`);
    await expect(page.getByText("There is no perspective “sideways”")).toHaveCount(1);
    await expect(page.getByText("This is the last 1h: last must be a period")).toHaveCount(1);
    await expect(page.getByRole("main")).not.toContainText(/did not come|could not begin/);
  });
}

test("the question mark shows the keys", async ({ page }) => {
  await page.goto(`${server.url}/map`);
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
});
