// The guide's example, from spans and headwater.yaml to the page: .999 × .999 × .995 is 99.301 %, 61.2 hours a year.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";

let server: Headwater;
let folder: string;
/** Every request of this system takes its callee 10 ms. */
const LATENCY: Record<string, string> = {
  payments: '    latency: { p50: "5ms" }\n',
  orders: '    latency: { p50: "50ms", p99: "1s" }\n',
};

test.beforeAll(async ({ startHeadwater }) => {
  folder = mkdtempSync(join(tmpdir(), "headwater-sla-"));
  const config = join(folder, "headwater.yaml");
  const objectives = { checkout: "99.9%", orders: "99.9%", cart: "99.9%", payments: "99.5%", nobody: "99%" };
  writeFileSync(
    config,
    `objectives:\n${Object.entries(objectives)
      .map(([name, availability]) => `  ${name}:\n    availability: "${availability}"\n${LATENCY[name] ?? ""}`)
      .join("")}`,
  );
  server = await startHeadwater({ env: { HEADWATER_CONFIG: config } });
  const calls = ["orders", "cart", "payments"].flatMap((callee) =>
    Array.from({ length: 20 }, () => namedCall({ caller: "checkout", callee })).flat(),
  );
  await sendSpans(server, [...calls, ...namedCall({ caller: "web", callee: "checkout" })]);
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the table says what can be promised", async ({ page }) => {
  await page.goto(`${server.url}/sla`);
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "checkout" }) });
  await expect(row).toContainText("impossible");
  await expect(row).toContainText("99.301 %");
  await expect(row).toContainText("5 h 02 min");
  await expect(row).toContainText("payments 5.0×");
  await expect(page.getByRole("region", { name: "Configuration" })).toContainText("nobody");
  await row.getByRole("link", { name: "checkout" }).click();
  await expect(page.getByRole("complementary", { name: "SLA ceiling of checkout" })).toBeVisible();
});

test("the panel shows the sum, and what would be if", async ({ page }) => {
  await page.goto(`${server.url}/map?overlay=sla&sel=node:checkout`);
  const panel = page.getByRole("complementary", { name: "SLA ceiling of checkout" });
  await expect(panel.getByRole("heading", { name: "99.900 % cannot be promised" })).toBeVisible();
  await expect(panel.getByRole("row").filter({ hasText: "Independent" }).first()).toContainText(
    "99.301 %5 h 02 min61.2 h",
  );
  await expect(panel.getByText(".995 × .999 × .999 = .993011")).toBeVisible();
  await panel.getByLabel("What if: payments").selectOption("make async");
  const changed = panel.getByRole("region", { name: "What if" });
  await expect(changed.getByRole("row").filter({ hasText: "Independent" })).toContainText("99.301 %99.800 %1 h 26 min");
  await expect(changed).toContainText("3 h 36 min won in 30 days");
  await expect(page).toHaveURL(/whatIf=checkout:payments:async/);
  await page.reload();
  await expect(changed).toContainText("only if outages overlap");
  await panel.getByRole("button", { name: "Reset" }).click();
  await expect(changed).toBeHidden();
});

test("declared and observed are two views", async ({ page }) => {
  await page.goto(`${server.url}/map?overlay=sla&sel=node:checkout`);
  const panel = page.getByRole("complementary", { name: "SLA ceiling of checkout" });
  await panel.getByText("Observed", { exact: true }).click();
  await expect(panel.getByText(/not enough traffic to confirm the target/)).toBeVisible();
  await expect(panel.getByText(".993011")).toBeHidden();
});

test("latency is held against its objective", async ({ page }) => {
  await page.goto(`${server.url}/map?overlay=latency&option=server-p50&outline=true`);
  const line = (name: string) => page.getByRole("treeitem").filter({ hasText: new RegExp(`^${name}`) });
  await expect(line("payments")).toContainText(/^payments(9\.\d\d|10\.\d) ms > 5\.00 ms/);
  await expect(line("orders")).toContainText(/^orders(9\.\d\d|10\.\d) ms ≤ 50\.0 ms/);
  await expect(line("cart")).not.toContainText(/[>≤]/);
  await expect(page.getByText("≥ 2×, or over its target")).toBeVisible();
  await page.goto(`${server.url}/map?overlay=sla&sel=node:payments`);
  const payments = page.getByRole("complementary", { name: "SLA ceiling of payments" });
  await expect(payments.getByText(/^p50 at most 5\.00 ms/)).toBeVisible();
  await expect(payments.getByText(/ms measured, missed$/)).toBeVisible();
  await page.goto(`${server.url}/map?overlay=sla&sel=node:orders`);
  const orders = page.getByRole("complementary", { name: "SLA ceiling of orders" });
  await expect(orders.getByText(/ms measured, kept$/)).toBeVisible();
  await expect(orders.getByText(/ms measured, too few to tell \(20\)$/)).toBeVisible();
  await page.goto(`${server.url}/map?overlay=sla&sel=node:cart`);
  await expect(page.getByText("Latency objective")).toHaveCount(0);
});
