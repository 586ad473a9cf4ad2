// What is wrong with the store is said on every screen: what is missing since a file could not be opened, and why no spans are taken,
// as long as it is so.
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Health } from "@/lib/contract/sources";
import { expect, sendSpans, test } from "./fixtures";
import { shop } from "./shop";

const notice = (page: Page) => page.getByRole("status", { name: "Store" });
const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Where the screen's content ends, from the top of the window; it is drawn anew while it comes. */
async function endOfMain(page: Page): Promise<number> {
  const box = await page.getByRole("main").boundingBox();
  return box ? box.y + box.height : Number.POSITIVE_INFINITY;
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test("a database that could not be opened: every screen says so, and works", async ({ page, startHeadwater }) => {
      const dataDir = mkdtempSync(join(tmpdir(), "headwater-e2e-"));
      writeFileSync(join(dataDir, "headwater.duckdb"), "not a database ".repeat(2_000));
      const server = await startHeadwater({ dataDir });
      const [kept] = readdirSync(dataDir).filter((name) => name.startsWith("headwater.duckdb.bad-"));
      await sendSpans(server, shop({ requests: 100 }).spans);
      for (const path of ["map", "services/order-service", "sla", "traces", "sources"]) {
        await page.goto(`${server.url}/${path}`);
        await expect(notice(page), path).toContainText(`It was moved to ${join(dataDir, kept!)}`);
        await expect.poll(() => endOfMain(page), path).toBeLessThanOrEqual(page.viewportSize()!.height);
        expect(await tooWide(page), path).toBeLessThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
          path,
        ).toEqual([]);
      }
    });
  });
}

test("why no spans are taken stands there until they are", async ({ page, headwater, expectFault }) => {
  expectFault(/status of 503/);
  const health = (failure: string | null): Health => ({
    status: failure === null ? "ok" : "failing",
    version: "0",
    failure,
    reasons: failure === null ? [] : [{ code: "disk_low", text: failure }],
    notices: [],
    minutesToDerive: null,
  });
  const why = "The disk of the data folder is nearly full: no spans are taken.";
  let failure: string | null = why;
  await page.route("**/healthz", (route) =>
    route.fulfill({ status: failure === null ? 200 : 503, json: health(failure) }),
  );
  await page.goto(`${headwater.url}/sources`);
  await expect(notice(page)).toHaveText(why);
  failure = null;
  await expect(notice(page)).toHaveCount(0, { timeout: 15_000 });
  await expect(page.getByRole("main")).toBeVisible();
});
