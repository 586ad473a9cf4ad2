import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";

let server: Headwater;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  const calls = (caller: string, callee: string, count: number, failed: number) =>
    Array.from({ length: count }, (_, i) => namedCall({ caller, callee, failed: i < failed })).flat();
  await sendSpans(server, [
    ...calls("web", "api", 50, 0),
    ...calls("api", "billing", 40, 20),
    ...calls("api", "search", 30, 1),
  ]);
});

test("rows are sorted by a press on a heading, and filtered by names and numbers", async ({ page }) => {
  await page.goto(`${server.url}/dependencies`);
  const callees = () =>
    page.getByRole("row").evaluateAll((rows) => rows.slice(1).map((row) => row.children[2]!.textContent));
  await expect.poll(callees).toEqual(["billing", "search", "api"]);
  await page.getByRole("button", { name: "Callee", exact: true }).click();
  await expect.poll(callees).toEqual(["api", "billing", "search"]);
  const filter = page.getByLabel("Filter edges");
  await filter.fill("errors > 10 %");
  await expect.poll(callees).toEqual(["billing"]);
  await filter.fill("api, errors < 10 %, errors > 0 %");
  await expect.poll(callees).toEqual(["search"]);
  await filter.fill("colour > 3");
  await expect(page.getByRole("alert").filter({ hasText: "colour > 3" })).toBeVisible();
  await filter.fill("nobody");
  await expect(page.getByText("No edge matches.")).toBeVisible();
});

test("keys move between rows, open the panel, and lead to the map", async ({ page }) => {
  await page.goto(`${server.url}/dependencies`);
  const grid = page.getByRole("grid");
  await expect(page.getByRole("row")).toHaveCount(4);
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "api calls billing" })).toBeVisible();
  await expect(page).toHaveURL(/sel=edge/);
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/map\?.*sel=edge/);
});
