// The demo as a person plays with it: a fault is switched on, and what is on the screen changes.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { DemoState } from "@/lib/contract/demo";
import type { Graph } from "@/lib/contract/graph";
import { asText, formatCount, formatShare } from "@/lib/domain/format-number";
import { expect, type Headwater, test } from "./fixtures";

const ask = async <T>(server: Headwater, path: string, body?: object): Promise<T> => {
  const init = body && { method: "POST", body: JSON.stringify(body) };
  return (await (await fetch(`${server.url}/api/v1/${path}`, init)).json()) as T;
};
const faultsOn = async (server: Headwater): Promise<string[]> =>
  (await ask<DemoState>(server, "demo")).faults.filter(({ on }) => on).map(({ id }) => id);

const charges = async (server: Headwater): Promise<Graph["edges"][number] | undefined> =>
  (await ask<Graph>(server, "graph?last=5m")).edges.find(
    ({ caller, callee }) => caller === "order-service" && callee === "payment-service",
  );

const errorLine = (page: Page) => page.getByRole("complementary").getByText(/^[\d.,\skM]+ of [\d.,\skM]+ calls$/);

test.describe("the demo", () => {
  test.describe.configure({ mode: "serial" });
  let server: Headwater;

  test.beforeAll(async ({ startHeadwater }) => {
    server = await startHeadwater();
    await ask(server, "demo", { running: true });
    await expect.poll(async () => (await charges(server))?.calls ?? 0, { timeout: 20_000 }).toBeGreaterThan(500);
  });

  test.afterAll(async () => {
    await ask(server, "demo", { running: false });
  });

  test("a fault switched on by keyboard above the map shows in the panel, and is switched off again", async ({
    page,
  }) => {
    test.setTimeout(90_000);
    const before = (await charges(server))!;
    expect(before.errors / before.calls).toBeLessThan(0.03);
    await page.goto(`${server.url}/map?last=5m&sel=edge:${before.id}`);
    await expect(errorLine(page)).toBeVisible();
    const menu = page.getByRole("button", { name: /^Demo/ });
    await menu.focus();
    await page.keyboard.press("Enter");
    const item = page.getByRole("menuitemcheckbox", { name: /^Payment failing/ });
    await expect(item).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).include("[role=menu]").analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.keyboard.type("Payment f");
    await expect(item).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(item).toBeChecked();
    await expect.poll(() => faultsOn(server)).toEqual(["payment-failing"]);
    await page.keyboard.press("Escape");
    await expect(menu).toHaveText(/1 fault/);
    const share = async (): Promise<number> => Number.parseFloat((await errorLine(page).locator("..").textContent())!);
    await expect.poll(share, { timeout: 70_000 }).toBeGreaterThan(3);
    // Once nothing comes any more, the panel says what the API says.
    await menu.click();
    await item.click();
    await expect(item).not.toBeChecked();
    await expect.poll(() => faultsOn(server)).toEqual([]);
    await ask(server, "demo", { running: false });
    await page.keyboard.press("Escape");
    await expect(async () => {
      const now = (await charges(server))!;
      await expect(page.getByRole("complementary")).toContainText(
        `${asText(formatCount(now.errors))} of ${asText(formatCount(now.calls))} calls`,
        { timeout: 500 },
      );
      await expect(page.getByRole("complementary")).toContainText(asText(formatShare(now.errors, now.calls)), {
        timeout: 500,
      });
    }).toPass({ timeout: 20_000 });
    await expect(menu).toHaveCount(0, { timeout: 10_000 }); // the demo is off
  });

  test("the sources screen has a switch with a sentence for each fault", async ({ page }) => {
    await ask(server, "demo", { running: true });
    await page.goto(`${server.url}/sources`);
    const { faults } = await ask<DemoState>(server, "demo");
    const section = page.getByRole("region", { name: "Demo traffic" });
    await expect(section.getByRole("switch")).toHaveCount(faults.length);
    for (const { label, sentence } of faults) {
      await expect(section.getByRole("switch", { name: label, description: sentence })).not.toBeChecked();
    }
    await section.getByRole("switch", { name: "Retry storm" }).click();
    await expect(section.getByRole("switch", { name: "Retry storm" })).toBeChecked();
    await section.getByRole("switch", { name: "Notification down" }).press("Space");
    await expect.poll(() => faultsOn(server)).toEqual(["retry-storm", "notification-down"]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
    await section.getByRole("button", { name: "Stop" }).click();
    await expect(section.getByRole("switch")).toHaveCount(0);
    await expect.poll(() => faultsOn(server)).toEqual([]);
  });

  test("the menu is not there over other traffic than the demo's", async ({ page, send }) => {
    const { shop } = await import("./shop");
    await send(shop({ requests: 20 }).spans, server);
    await ask(server, "demo", { running: true });
    await page.goto(`${server.url}/map?env=demo`);
    await expect(page.getByRole("button", { name: /^Demo/ })).toBeVisible();
    await page.goto(`${server.url}/map?env=production`);
    await expect(page.getByRole("button", { name: "Environment" })).toHaveText("production");
    await page.waitForTimeout(500);
    await expect(page.getByRole("button", { name: /^Demo/ })).toHaveCount(0);
  });
});
