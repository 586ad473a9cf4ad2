// Finding by keyboard: on the map from one match to the next, and the palette's other ways.
import type { Locator, Page } from "@playwright/test";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";

let server: Headwater;
let traceId: string;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  const pairs = [
    ["web", "pay-api"],
    ["pay-api", "pay-ledger"],
    ["pay-api", "fast-pay"],
    ["web", "stock"],
  ] as const;
  const spans = pairs.flatMap(([caller, callee]) => namedCall({ caller, callee }));
  traceId = spans[0]!.traceId;
  await sendSpans(server, spans);
});

/** A page that has just come may not listen to keys yet, and what is typed before the palette has the keyboard is lost. */
async function openPalette(page: Page, key: string): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: "Find or focus" });
  await expect(async () => {
    if (!(await dialog.isVisible())) await page.keyboard.press(key);
    await expect(dialog.getByRole("combobox")).toBeFocused({ timeout: 1_000 });
  }).toPass();
  return dialog;
}

const PAYS = ["pay-api", "pay-ledger", "fast-pay"];

for (const key of ["Control+k", "Meta+k", "/"]) {
  test(`${key} finds on the map: n of m, Enter steps, Escape gives the keyboard back`, async ({ page }) => {
    await page.goto(`${server.url}/map?outline=true`);
    const from = page.getByRole("treeitem").nth(1);
    await from.focus();
    const dialog = await openPalette(page, key);
    await page.keyboard.type("pay");
    const count = dialog.getByRole("status");
    await expect(count).toHaveText("1 of 3");
    await expect(dialog.getByRole("option")).toHaveCount(3);
    await page.keyboard.press("ArrowDown");
    await expect(count).toHaveText("2 of 3");
    await page.keyboard.press("ArrowUp");
    const panel = page
      .getByRole("complementary", { includeHidden: true })
      .getByRole("heading", { level: 2, includeHidden: true });
    const shown: string[] = [];
    for (const place of [1, 2, 3, 1]) {
      await page.keyboard.press("Enter");
      await expect(count).toHaveText(new RegExp(`^${place} of 3: `));
      const name = (await count.textContent())!.split(": ")[1]!;
      await expect(panel).toHaveText(name);
      await expect(page).toHaveURL(new RegExp(`sel=node(:|%3A)${name}`));
      await expect(dialog.getByRole("option")).toHaveCount(0); // the map is in sight
      shown.push(name);
    }
    expect(shown.slice(0, 3).sort()).toEqual([...PAYS].sort());
    expect(shown[3]).toBe(shown[0]);
    expect(shown[2]).toBe("fast-pay"); // names that begin so come first
    await page.keyboard.press("Shift+Enter");
    await expect(count).toHaveText("3 of 3: fast-pay");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(from).toBeFocused();
    await expect(page.getByRole("complementary", { name: "fast-pay" })).toBeVisible();
  });
}

test("one match is opened at once; without a match it says so; numbers are found too", async ({ page }) => {
  await page.goto(`${server.url}/map`);
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
  const dialog = await openPalette(page, "/");
  await page.keyboard.type("nobody");
  await expect(dialog.getByText("Nothing of that name.")).toBeVisible();
  await expect(dialog.getByRole("status")).toHaveText("");
  await dialog.getByRole("combobox").fill("p50 < 9");
  await expect(dialog.getByText("Nothing of that name.")).toBeVisible();
  await dialog.getByRole("combobox").fill("p50 > 9");
  await expect(dialog.getByRole("status")).toHaveText("1 of 4");
  await dialog.getByRole("combobox").fill("ledger");
  await expect(dialog.getByRole("status")).toHaveText("1 of 1");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("complementary", { name: "pay-ledger" })).toBeVisible();
});

test("a slash that is typed is text", async ({ page }) => {
  await page.goto(`${server.url}/services`);
  const filter = page.getByLabel("Filter services");
  await filter.fill("pay");
  await filter.press("/");
  await expect(filter).toHaveValue("pay/");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("every screen of the palette is where it says, with what was set", async ({ page }) => {
  const screens = ["Services", "Dependencies", "SLA", "Cycles", "Traces", "Sources", "Settings", "Map"];
  await page.goto(`${server.url}/map?last=15m`);
  for (const screen of screens) {
    const dialog = await openPalette(page, "Control+k");
    await page.keyboard.type(screen.toLowerCase());
    await dialog.getByRole("option", { name: screen, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/${screen.toLowerCase()}(\\?|$)`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(screen);
    if (!["Sources", "Settings", "Map"].includes(screen)) await expect(page).toHaveURL(/last=15m/);
  }
});

test("an id opens its trace, and a node on another screen its own page", async ({ page }) => {
  await page.goto(`${server.url}/services`);
  await expect(page.getByRole("row").filter({ hasText: "stock" })).toBeVisible();
  await openPalette(page, "Control+k");
  await page.keyboard.type(traceId.toUpperCase());
  // An id is no name: Enter means the trace once that is on the list.
  await expect(page.getByRole("dialog").getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${server.url}/traces/${traceId}`);
  await expect(page.getByText("2 spans", { exact: true })).toBeVisible();
  await page.goto(`${server.url}/services`);
  await expect(page.getByRole("row").filter({ hasText: "stock" })).toBeVisible();
  await openPalette(page, "Control+k");
  await page.keyboard.type("pay");
  await expect(page.getByRole("dialog").getByRole("option")).toHaveCount(3);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/services\/pay-(api|ledger)/);
});
