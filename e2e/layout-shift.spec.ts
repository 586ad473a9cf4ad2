// Nothing jumps while a screen comes: what moves by itself in the first seconds, as browsers measure it.
import type { Page } from "@playwright/test";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { simulateLoops } from "./loops";
import { shop } from "./shop";

/** Browsers call up to 0.1 good; a line of text that pushes a table down is about 0.03. */
const MOST = 0.02;
const WATCHED_MS = 2_500;

let server: Headwater;
let looped: Headwater;
let traceId: string;

test.beforeAll(async ({ startHeadwater }) => {
  [server, looped] = [await startHeadwater(), await startHeadwater()];
  const { spans } = shop({ requests: 200 });
  traceId = spans[0]!.traceId;
  await sendSpans(server, spans);
  await sendSpans(looped, simulateLoops().spans);
});

interface Shift {
  readonly value: number;
  readonly what: string;
}

/** What moved without having been asked to, from the first paint on. */
async function shiftsOf(page: Page, url: string): Promise<Shift[]> {
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map(({ node, previousRect, currentRect }) => {
          const name = node instanceof HTMLElement ? `${node.tagName}.${node.className}` : String(node?.nodeName);
          const at = ({ x, y, width, height }: DOMRect): string => [x, y, width, height].map(Math.round).join(" ");
          return `${name.slice(0, 60)} ${at(previousRect)} → ${at(currentRect)}`;
        });
        shifts.push({ value: entry.value, what: what.join("; ") });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url);
  await expect(page.getByRole("main")).toBeVisible();
  await page.waitForTimeout(WATCHED_MS);
  return page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);
}

const sum = (shifts: readonly Shift[]): number => shifts.reduce((total, { value }) => total + value, 0);

const SCREENS: readonly (readonly [name: string, url: () => string])[] = [
  ["map", () => `${server.url}/map`],
  ["outline", () => `${server.url}/map?outline=true`],
  ["node panel", () => `${server.url}/map?sel=node:order-service`],
  ["latency overlay", () => `${server.url}/map?overlay=latency`],
  ["sla overlay", () => `${server.url}/map?overlay=sla&sel=node:order-service`],
  ["map of a trace", () => `${server.url}/map?traces=trace%3D${traceId}`],
  ["services", () => `${server.url}/services`],
  ["service", () => `${server.url}/services/order-service`],
  ["dependencies", () => `${server.url}/dependencies`],
  ["sla", () => `${server.url}/sla`],
  ["cycles", () => `${looped.url}/cycles`],
  ["cycles overlay", () => `${looped.url}/map?overlay=cycles`],
  ["traces", () => `${server.url}/traces`],
  ["trace", () => `${server.url}/traces/${traceId}`],
  ["critical path", () => `${server.url}/traces/${traceId}?path=true`],
  ["sources", () => `${server.url}/sources`],
  ["settings", () => `${server.url}/settings`],
];

for (const [name, url] of SCREENS) {
  test(`nothing jumps: ${name}`, async ({ page }) => {
    const shifts = await shiftsOf(page, url());
    expect(sum(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(MOST);
  });
}

test("a late banner would be seen to jump", async ({ page }) => {
  await page.addInitScript(() => {
    addEventListener("load", () =>
      setTimeout(() => {
        const banner = document.createElement("p");
        banner.textContent = "Late news.";
        banner.style.height = "60px";
        document.body.prepend(banner);
      }, 1_000),
    );
  });
  expect(sum(await shiftsOf(page, `${server.url}/services`))).toBeGreaterThan(MOST);
});
