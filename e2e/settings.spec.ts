// What a person can set or has to know: every value as the server was started, nothing secret, and what an edit would change.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { SETTINGS_TABLE } from "@/lib/server/settings-table";
import { expect, type Headwater, test } from "./fixtures";

const TOKEN = "a-secret-that-nobody-may-ever-see";
const folder = mkdtempSync(join(tmpdir(), "headwater-e2e-"));
const config = join(folder, "headwater.yaml");
const GOOD = [
  "perspective: request-flow",
  "server:",
  "  retainMinutes: 14d",
  "objectives:",
  '  checkout: { availability: "99.9%" }',
  "",
].join("\n");
let server: Headwater;

test.beforeAll(async ({ startHeadwater }) => {
  writeFileSync(config, GOOD);
  server = await startHeadwater({
    env: {
      HEADWATER_CONFIG: config,
      HEADWATER_TOKEN: TOKEN,
      HEADWATER_RETAIN_SPANS: "36h",
      HEADWATER_OTLP_PROT: "1",
    },
  });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Shows the token once, as people do. */
async function open(page: Page, path = "/settings"): Promise<void> {
  await page.context().setExtraHTTPHeaders({ authorization: `Bearer ${TOKEN}` });
  await page.goto(server.url + path);
  await expect(page.getByRole("heading", { name: "Settings of the server" })).toBeVisible();
}
const row = (page: Page, variable: string) =>
  page.getByRole("row").filter({ has: page.getByText(variable, { exact: true }) });

test("tells what is in force, and what set it", async ({ page }) => {
  await open(page);
  await expect(row(page, "HEADWATER_RETAIN_SPANS")).toContainText(/36h\s*variable/);
  await expect(row(page, "HEADWATER_RETAIN_MINUTES")).toContainText(/14d\s*headwater.yaml/);
  await expect(row(page, "HEADWATER_PERSPECTIVE")).toContainText(/request-flow\s*headwater.yaml/);
  await expect(row(page, "HEADWATER_MAX_BODY_MIB")).toContainText(/20\s*default/);
  await expect(row(page, "HEADWATER_CORS_ORIGINS")).toContainText(/not set\s*default/);
  await expect(row(page, "PORT")).toContainText(new URL(server.url).port);
  await expect(page.getByRole("row")).toHaveCount(Object.keys(SETTINGS_TABLE).length + 1);
  const main = page.getByRole("main");
  await expect(main).toContainText(server.otlpUrl.replace("127.0.0.1", "localhost"));
  await expect(main).toContainText(server.dataDir);
  await expect(main).toContainText("is read; 1 objective, 0 aliases, 0 gateways in force");
  await expect(main).toContainText("HEADWATER_OTLP_PROT is no setting; did you mean HEADWATER_OTLP_PORT?");
  const definition = page.locator("dt").filter({ hasText: "Request flow" });
  await expect(definition).toContainText("default");
});

test("never says the token, and asks for it as every other screen", async ({ page, expectFault }) => {
  expectFault(/401/);
  const refused = await fetch(`${server.url}/api/v1/settings`);
  expect(refused.status).toBe(401);
  const answer = await (
    await fetch(`${server.url}/api/v1/settings`, { headers: { authorization: `Bearer ${TOKEN}` } })
  ).text();
  expect(answer).not.toContain(TOKEN);
  expect(JSON.parse(answer).token).toBe(true);
  await page.goto(`${server.url}/settings`);
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Open" }).click();
  await expect(row(page, "HEADWATER_TOKEN")).toContainText("set, never shown");
  expect(await page.content()).not.toContain(TOKEN);
  await page.getByRole("button", { name: "Forget it in this browser" }).click();
  await expect(page.getByRole("heading", { name: "This server wants a token" })).toBeVisible();
});

test("follows the file: what counts from the next start, and what would keep it from starting", async ({ page }) => {
  await open(page);
  const retention = row(page, "HEADWATER_RETAIN_MINUTES");
  await expect(retention).not.toContainText("next start");
  writeFileSync(config, GOOD.replace("14d", "20d"));
  await expect(retention).toContainText("another value counts from the next start", { timeout: 15_000 });
  await expect(retention).toContainText("14d");
  writeFileSync(config, GOOD.replace("14d", "soon").replace('"99.9%"', "99.9"));
  const problems = page.getByRole("list", { name: "Problems" });
  await expect(problems).toContainText(
    `The next start would fail: ${config}: server.retainMinutes="soon" must be a period`,
    { timeout: 15_000 },
  );
  await expect(problems).toContainText("Error, line 5, objectives.checkout.availability");
  await expect(page.getByRole("main")).toContainText("1 objective, 0 aliases, 0 gateways in force");
  writeFileSync(config, GOOD);
  await expect(problems).not.toContainText("next start", { timeout: 15_000 });
});

test("lines can be copied as they stand", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  const copied = async (name: string): Promise<string> => {
    await page.evaluate(() => navigator.clipboard.writeText("something else"));
    await page.getByRole("button", { name: `Copy: ${name}` }).click();
    const read = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(read).not.toBe("something else");
    return read();
  };
  expect(await copied("export HEADWATER_RETAIN_SPANS=36h")).toBe("export HEADWATER_RETAIN_SPANS=36h");
  expect(await copied("perspective: request-flow")).toBe("perspective: request-flow");
  expect(await copied("Backup")).toContain(
    `npx headwater backup --from ${server.url.replace("127.0.0.1", "localhost")} /backups/`,
  );
  expect(await copied("Restore")).toContain(`--data ${server.dataDir}`);
});

test("the theme is chosen by keyboard, kept, and given back to the system", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await open(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await expect(page.getByText("Reduced, as this system asks for.")).toBeVisible();
  await page.getByRole("radio", { name: "System" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await expect.poll(ground).toBe("rgb(12, 18, 17)");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await page.getByText("System", { exact: true }).click();
  await expect.poll(ground).toBe("rgb(244, 246, 245)");
  await page.reload();
  await expect(page.getByRole("radio", { name: "System" })).toBeChecked();
  expect((await page.context().cookies()).filter(({ name }) => name === "headwater_theme")).toEqual([]);
});

test("is reached from the rail, the palette and by key, and named among the keys", async ({ page }) => {
  await open(page, "/settings");
  await page.goto(`${server.url}/sources`);
  await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveURL(/\/settings$/);
  await page.goto(`${server.url}/sources`);
  await expect(page.getByRole("heading", { name: "Doors" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("A service, database").fill("settings");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings$/);
  await page.goto(`${server.url}/sources`);
  await expect(page.getByRole("heading", { name: "Doors" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("settings");
  await page.keyboard.press("Escape");
  await page.keyboard.press(",");
  await expect(page).toHaveURL(/\/settings$/);
});

test("places on the map are kept in this browser and can be forgotten", async ({ page }) => {
  await open(page);
  await expect(page.getByText("None are kept.")).toBeVisible();
  await page.evaluate(() => localStorage.setItem("headwater.map x", "{}"));
  await page.reload();
  await expect(page.getByText("Kept for 1 map")).toBeVisible();
  await page.getByRole("button", { name: "Forget them" }).click();
  await expect(page.getByText("None are kept.")).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});
