// Every screen in both themes and sizes: nothing for axe to find, nothing cut off, the theme chosen stays chosen.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { simulateLoops } from "./loops";
import { shop } from "./shop";

let server: Headwater;
let empty: Headwater;
let looped: Headwater;
/** The sizes for which the screens are drawn. */
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
];
const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
const SCREENS = [
  "first run",
  "nothing in the window",
  "map",
  "outline",
  "edge panel",
  "node panel",
  "latency overlay",
  "sla overlay",
  "blast overlay",
  "focus",
  "map of traces",
  "dependencies",
  "services",
  "service",
  "topic",
  "unknown service",
  "search",
  "search without an answer",
  "sla",
  "cycles",
  "cycles overlay",
  "cycle band",
  "trace",
  "span panel",
  "critical path",
  "map of one trace",
  "sources",
  "settings",
] as const;
let screens: Record<(typeof SCREENS)[number], string>;

test.beforeAll(async ({ startHeadwater }) => {
  [server, empty, looped] = [await startHeadwater(), await startHeadwater(), await startHeadwater()];
  const { spans } = shop({ requests: 200 });
  await sendSpans(server, spans);
  const graph = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as {
    nodes: { id: string; kind: string }[];
    edges: { id: string; kind: string }[];
  };
  await sendSpans(looped, simulateLoops().spans);
  const { cycles } = (await (await fetch(`${looped.url}/api/v1/cycles`)).json()) as { cycles: { id: string }[] };
  screens = {
    "first run": `${empty.url}/map`,
    "nothing in the window": `${server.url}/map?from=2026-01-01T00:00:00.000Z&to=2026-01-01T01:00:00.000Z`,
    map: `${server.url}/map`,
    outline: `${server.url}/map?outline=true`,
    "edge panel": `${server.url}/map?sel=edge:${graph.edges.find(({ kind }) => kind === "sync")!.id}`,
    "node panel": `${server.url}/map?sel=node:order-service`,
    "latency overlay": `${server.url}/map?overlay=latency&outline=true`,
    "blast overlay": `${server.url}/map?overlay=blast&sel=node:payment-service`,
    "sla overlay": `${server.url}/map?overlay=sla&sel=node:order-service`,
    focus: `${server.url}/map?focus=order-service`,
    "map of traces": `${server.url}/map?traces=service%3Dpayment-service`,
    sla: `${server.url}/sla`,
    dependencies: `${server.url}/dependencies`,
    services: `${server.url}/services?kind=all`,
    service: `${server.url}/services/order-service`,
    topic: `${server.url}/services/${encodeURIComponent(graph.nodes.find(({ kind }) => kind === "topic")!.id)}`,
    "unknown service": `${server.url}/services/nobody`,
    search: `${server.url}/traces?service=order-service`,
    "search without an answer": `${server.url}/traces?service=nobody`,
    trace: `${server.url}/traces/${spans[0]!.traceId}`,
    "span panel": `${server.url}/traces/${spans[0]!.traceId}?span=${spans[0]!.spanId}.${KINDS[spans[0]!.kind]}`,
    "critical path": `${server.url}/traces/${spans[0]!.traceId}?path=true`,
    "map of one trace": `${server.url}/map?traces=trace%3D${spans[0]!.traceId}`,
    sources: `${server.url}/sources`,
    settings: `${server.url}/settings`,
    cycles: `${looped.url}/cycles?cycle=${cycles[0]!.id}`,
    "cycles overlay": `${looped.url}/map?overlay=cycles`,
    "cycle band": `${looped.url}/map?overlay=cycles&cycle=${cycles[0]!.id}`,
  };
});

/** Pixels by which a page is wider than its window. */
const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    for (const name of SCREENS) {
      test(`axe finds nothing, and nothing is cut off: ${name}`, async ({ page }) => {
        await page.goto(screens[name]);
        await expect(page.getByRole("main")).toBeVisible();
        await page.waitForTimeout(700); // the stream keeps the network busy, so there is nothing else to wait for
        for (const size of SIZES) {
          await page.setViewportSize(size);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const at = `${size.width}x${size.height}`;
          expect(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
            at,
          ).toEqual([]);
          expect(await tooWide(page), at).toBeLessThanOrEqual(0);
        }
      });
    }
  });
}

test("axe would find something", async ({ page }) => {
  test.fail();
  await page.goto(screens.sources);
  await expect(page.getByRole("main")).toBeVisible();
  await page.evaluate(() => {
    document.querySelector("main")!.append(document.createElement("button"));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});

test("nothing is cut off sideways where there is little room", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const [name, url] of Object.entries(screens)) {
    await page.goto(url);
    await expect(page.getByRole("main")).toBeVisible();
    expect(await tooWide(page), name).toBeLessThanOrEqual(0);
  }
});

test("the theme chosen stays, from the first paint", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(screens.map);
  await page.getByRole("button", { name: "Dark theme" }).click();
  const answer = await page.goto(screens.dependencies);
  expect(await answer!.text()).toContain('data-theme="dark"');
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(background).toBe("rgb(12, 18, 17)");
});
