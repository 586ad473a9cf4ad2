// The guide's example, from spans and headwater.yaml to the page: .999 × .999 × .995 is 99.301 %, 61.2 hours a year. And a team
// that declared nothing: what its callees delivered.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { ServiceSla, Sla } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatDowntime, formatHours } from "@/lib/domain/format-number";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";

let server: Headwater;
let undeclared: Headwater;
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
  undeclared = await startHeadwater();
  await sendSpans(undeclared, [
    ...someFail("web", "checkout", 20, 3),
    ...someFail("checkout", "orders", 20, 1),
    ...someFail("checkout", "payments", 10, 1),
  ]);
});

const someFail = (caller: string, callee: string, calls: number, failures: number) =>
  Array.from({ length: calls }, (_, at) => namedCall({ caller, callee, failed: at < failures })).flat();

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

test("a file with errors leaves the last good objectives in force, and that is said", async ({
  page,
  startHeadwater,
}) => {
  const config = join(folder, "broken.yaml");
  const broken = "objectives: { checkout: { availability: 99.9 } }\n";
  writeFileSync(config, broken);
  const other = await startHeadwater({ env: { HEADWATER_CONFIG: config } });
  await sendSpans(other, namedCall({ caller: "web", callee: "checkout" }));
  await page.goto(`${other.url}/sla`);
  const said = page.getByRole("region", { name: "Configuration" });
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "checkout" }) });
  const none = page.getByRole("region", { name: "No objectives" });
  await expect(said).toContainText("The file has errors: no objectives are in force.");
  await expect(said).toContainText('must be text such as "99.9%"');
  await expect(none).toHaveCount(0);
  writeFileSync(config, 'objectives: { checkout: { availability: "99.9%" } }\n');
  await page.reload();
  await expect(row).toContainText(/99\.9(00)? %/);
  await expect(said).toHaveCount(0);
  writeFileSync(config, broken);
  await page.reload();
  await expect(said).toContainText("The file has errors: the last good objectives are in force.");
  await expect(row).toContainText(/99\.9(00)? %/);
  writeFileSync(config, ""); // the twin: a file without errors and without objectives
  await page.reload();
  await expect(none).toBeVisible();
  await expect(said).toHaveCount(0);
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

// .999 × .999 = .998001 of the others; what payments leaves by each change, worked out by hand.
const CHANGES = [
  ["make async", "async", "If payments becomes async", "99.800 %1 h 26 min", "3 h 36 min won"],
  ["drop the call", "drop", "If payments is called no more", "99.800 %1 h 26 min", "3 h 36 min won"],
  // 1 − .005 × .001 = .999995
  ["fallback 99.9 %", "fallback=99.9%", "If payments has a fallback of 99.9 %", "99.800 %1 h 27 min", "3 h 35 min won"],
  // .998001 × .9995 = .997502
  ["promises 99.95 %", "objective=99.95%", "If payments promises 99.95 %", "99.750 %1 h 48 min", "3 h 14 min won"],
  // .998001 × .99 = .98802
  ["promises 99 %", "objective=99%", "If payments promises 99 %", "98.802 %8 h 37 min", "3 h 36 min lost"],
] as const;

for (const [label, change, title, independent, won] of CHANGES) {
  test(`what-if ${change} stands in the address, and the address shows the same`, async ({ page }) => {
    await page.goto(`${server.url}/map?overlay=sla&sel=node:checkout`);
    const panel = page.getByRole("complementary", { name: "SLA ceiling of checkout" });
    const changed = panel.getByRole("region", { name: "What if" });
    await panel.getByLabel("What if: payments").selectOption(label);
    await expect(changed.getByRole("heading")).toContainText(title);
    await expect(changed.getByRole("row").filter({ hasText: "Independent" })).toContainText(`99.301 %${independent}`);
    await expect(changed).toContainText(`${won} in 30 days`);
    await expect.poll(() => new URL(page.url()).searchParams.get("whatIf")).toBe(`checkout:payments:${change}`);
    const said = await changed.textContent();
    await page.reload();
    await expect.poll(() => changed.textContent()).toBe(said);
    await expect(panel.getByLabel("What if: payments")).toHaveValue(change);
  });
}

test("an equal split can be tried, and is enough", async ({ page }) => {
  await page.goto(`${server.url}/map?overlay=sla&sel=node:checkout`);
  const panel = page.getByRole("complementary", { name: "SLA ceiling of checkout" });
  await expect(panel.getByText(/would have to promise 99\.967 % for the target; 99\.984 % if half/)).toBeVisible();
  await panel.getByRole("button", { name: "Try it" }).click();
  const changed = panel.getByRole("region", { name: "What if" });
  await expect(changed.getByRole("heading")).toContainText("With these 3 changes");
  // .99967³ = .999010326…
  await expect(changed.getByRole("row").filter({ hasText: "Independent" })).toContainText("99.301 %99.901 %42.8 min");
  // 1 − 3 × .00033 = .99901 even if outages never overlap: rounding up leaves that much.
  await expect(changed).toContainText("safe");
  await expect.poll(() => new URL(page.url()).searchParams.get("whatIf")?.split(";").length).toBe(3);
  await page.reload();
  await expect(changed).toContainText("safe");
  await expect(panel.getByLabel("What if: cart")).toHaveValue("objective=99.967%");
});

test("the axis of nines says in words what it draws", async ({ page }) => {
  await page.goto(`${server.url}/map?overlay=sla&sel=node:checkout`);
  await expect(page.getByRole("img", { name: /^Axis of nines/ })).toHaveAccessibleName(
    "Axis of nines: target 99.900 %; ceiling 99.300–99.500 %, 99.301 % if independent; measured 100 %",
  );
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
  await expect(page.locator("footer")).toContainText("over its target, 5.00 ms to 50.0 ms");
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

test.describe("a team that declared nothing", () => {
  // Of 20 requests 3 failed. Each called orders, which failed in 1 of 20; half of them payments, which failed in 1 of 10:
  // .95 × (1 − .5 × .1) = .9025, one of the three failures is its own, and .95 × .9025 is to be expected.
  const CEILING = 0.9025;
  let checkout: ServiceSla["observed"];

  test.beforeAll(async () => {
    const answer = async (): Promise<Sla> => (await fetch(`${undeclared.url}/api/v1/sla`)).json() as Promise<Sla>;
    const found = async () => (await answer()).services.find(({ id }) => id === "checkout")?.observed;
    await expect
      .poll(async () => (await found())?.callees.map(({ id, calls }) => `${id} ${calls}`), { timeout: 20_000 })
      .toEqual(["orders 20", "payments 10"]);
    expect((await answer()).configuration.objectives).toBe(0);
    checkout = (await found())!;
    expect(checkout.independent?.availability).toBeCloseTo(CEILING, 12);
    expect(checkout.measured?.availability).toBeCloseTo(0.85, 12);
    expect(checkout.own).toBeCloseTo(0.95, 12);
    expect(checkout.expected?.availability).toBeCloseTo(0.95 * CEILING, 12);
  });

  const percent = (availability: number): string => asText(formatAvailability(availability));

  async function readsAsAnswered(page: Page): Promise<void> {
    const { independent, expected, own, measured } = checkout;
    const down = formatDowntime(independent!.minutesPer30Days);
    const year = formatHours(independent!.hoursPerYear);
    const timeout = 5_000;
    await page.goto(`${undeclared.url}/map?overlay=sla&outline=true&sel=node:checkout`);
    const panel = page.getByRole("complementary", { name: "SLA ceiling of checkout" });
    await expect(panel.getByRole("radio", { name: "Observed" })).toBeChecked();
    const line = (name: string) => panel.getByRole("row").filter({ hasText: new RegExp(`^${name}`) });
    await expect(line("Independent")).toContainText(`${percent(independent!.availability)}${down}${year}`, { timeout });
    await expect(line("Own code")).toContainText(percent(own!), { timeout });
    await expect(line("Expected")).toContainText(percent(expected!.availability), { timeout });
    await expect(page.getByRole("treeitem").filter({ hasText: /^checkout/ })).toContainText(
      `≤ ${percent(independent!.availability)}`,
      { timeout },
    );
    await page.goto(`${undeclared.url}/sla`);
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "checkout" }) });
    for (const text of [
      percent(independent!.availability),
      `${down}${year}`,
      "orders 50.0 %",
      percent(own!),
      percent(expected!.availability),
      percent(measured!.availability),
    ])
      await expect(row).toContainText(text, { timeout });
  }

  test("map, panel and table open with what was observed, as the API answers it", async ({ page }) => {
    await readsAsAnswered(page);
  });

  test("a page that said another number would be caught", async ({ page }) => {
    await page.route("**/api/v1/sla?*", async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as Sla;
      for (const { observed } of answer.services) if (observed.independent) observed.independent.availability = 0.91;
      await route.fulfill({ response, json: answer });
    });
    await expect(readsAsAnswered(page)).rejects.toThrow('unexpected value "Independentno correlation91.000 %');
  });

  test("a choice stays, whichever side is the default", async ({ page }) => {
    const panel = page.getByRole("complementary", { name: "SLA ceiling of checkout" });
    const side = (name: string) => panel.getByRole("radio", { name });
    for (const [base, other, first] of [
      [undeclared, "Declared", "Observed"],
      [server, "Observed", "Declared"],
    ] as const) {
      await page.goto(`${base.url}/map?overlay=sla&sel=node:checkout`);
      await expect(side(first)).toBeChecked();
      await panel.getByText(other, { exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`option=${other.toLowerCase()}`));
      await page.reload();
      await expect(side(other)).toBeChecked();
      await page.getByRole("button", { name: "SLA ceiling: which" }).click();
      await page.getByRole("menuitemradio", { name: first }).click();
      await expect(side(first)).toBeChecked();
      await expect(page).toHaveURL(new RegExp(`option=${first.toLowerCase()}`));
    }
    await page.goto(`${undeclared.url}/sla`);
    await page.getByRole("group", { name: "Numbers" }).getByText("Declared", { exact: true }).click();
    await expect(page.getByRole("columnheader", { name: "Can be promised" })).toBeVisible();
    await expect(page).toHaveURL(/option=declared/);
    await page.getByRole("link", { name: "checkout" }).click();
    await expect(side("Declared")).toBeChecked();
  });
});
