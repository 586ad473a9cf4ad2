// Going from screen to screen, and losing and finding the server again.
import { expect, test } from "./fixtures";
import { namedCall } from "./named-call";

test("what is set goes along to other screens, and pausing keeps the period", async ({
  page,
  startHeadwater,
  send,
}) => {
  const server = await startHeadwater();
  await send(namedCall({ caller: "web", callee: "api", environment: "blue" }), server);
  await send(
    Array.from({ length: 9 }, () => namedCall({ caller: "web", callee: "api", environment: "green" })).flat(),
    server,
  );
  await page.goto(`${server.url}/map?env=blue&last=15m&perspective=request-flow`);
  await page.getByRole("link", { name: "Dependencies" }).click();
  await expect(page).toHaveURL(/\/dependencies\?env=blue&last=15m&perspective=request-flow/);
  await expect(page.getByRole("button", { name: "Environment" })).toHaveText("blue+1");
  await page.getByRole("link", { name: "Map", exact: true }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page).toHaveURL(/from=/);
  await page.getByRole("button", { name: "Go live" }).click();
  await expect(page.getByRole("button", { name: "Time range" })).toContainText("Last 15 min");
});

test("the demo does not hide what a team sends itself", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  const many = Array.from({ length: 30 }, () => namedCall({ caller: "a", callee: "b", environment: "demo" })).flat();
  await send([...many, ...namedCall({ caller: "web", callee: "api", environment: "prod" })], server);
  await page.goto(`${server.url}/map`);
  await expect(page.getByRole("button", { name: "Environment" })).toHaveText("prod+1");
});

test("the time menu is for the keyboard too", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  await send(namedCall({ caller: "web", callee: "api" }), server);
  await page.goto(`${server.url}/map`);
  const button = page.getByRole("button", { name: "Time range" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("From").fill("2026-03-01 10:00");
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("From")).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByLabel("From").fill("2026-03-01 10:00");
  await page.getByLabel("To", { exact: true }).fill("not a time");
  await expect(page.getByText("Write times as 2026-03-01 10:00.")).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("2026-03-01 11:00");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=2026-03-01T10:00:00.000Z&to=2026-03-01T11:00:00.000Z/);
});

test("closing a panel gives the keyboard back to where it came from", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  await send(namedCall({ caller: "web", callee: "api" }), server);
  await page.goto(`${server.url}/map?outline=true`);
  const item = page.getByRole("treeitem").first();
  await item.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Close the panel" }).press("Enter");
  await expect(page.getByRole("complementary")).toBeHidden();
  await expect(item).toBeFocused();
});

test("a server that goes is said to be gone, and found again when it comes back", async ({
  page,
  startHeadwater,
  send,
  expectFault,
}) => {
  test.setTimeout(180_000);
  expectFault(/net::ERR_/);
  const server = await startHeadwater();
  await send(namedCall({ caller: "web", callee: "api" }), server);
  await page.goto(`${server.url}/map`);
  await expect(page.getByTestId("map-canvas")).toBeVisible();
  const { port } = new URL(server.url);
  const { mkdtempSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const kept = mkdtempSync(`${tmpdir()}/headwater-kept-`);
  await server.stop("SIGKILL");
  await expect(page.getByRole("button", { name: "Pause" })).toContainText("No answer", { timeout: 60_000 });
  await expect(page.getByText(/^Not up to date/)).toBeVisible();
  const again = await startHeadwater({ env: { PORT: port }, dataDir: kept });
  await send(namedCall({ caller: "web", callee: "api" }), again);
  await expect(page.getByRole("button", { name: "Pause" })).toHaveText("Live", { timeout: 60_000 });
});
