// One trace: what its end waited for, and the map of it alone.
import type { Page } from "@playwright/test";
import type { Graph } from "@/lib/contract/graph";
import { asText, formatMs } from "@/lib/domain/format-number";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { slowCriticalPath } from "@/test/helpers/slow-critical-path";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";
import { type Shop, shop } from "./shop";

let server: Headwater;
/** One request among many: its spans are one trace. */
let one: Shop;
let traceId: string;
const serviceOf = (span: Span): string => textAttribute(span.resource.attributes, "service.name")!;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  await sendSpans(server, shop({ requests: 100 }).spans);
  for (let i = 0; ; i++) {
    one = shop({ requests: 1, seed: `one request ${Date.now()} ${i}` });
    if (new Set(one.spans.map((span) => span.traceId)).size === 1 && one.truth.list().length >= 6) break;
  }
  traceId = one.spans[0]!.traceId;
  await sendSpans(server, one.spans);
});

/** Name and time on the path of every span that is waited for, by the slow rule. */
function waitedFor(): string[] {
  const byId = new Map(one.spans.map((span) => [span.spanId, span]));
  const us = (ns: bigint): number => Number(ns / 1000n);
  const waits = (span: Span): boolean => {
    const parent = byId.get(span.parentSpanId);
    return span.kind !== SpanKind.CONSUMER && (!parent || waits(parent));
  };
  const spans = one.spans.filter(waits).sort((a, b) => Number(!!a.parentSpanId) - Number(!!b.parentSpanId));
  const times = slowCriticalPath(
    spans.map(({ spanId, parentSpanId, startNs, endNs }) => ({
      id: spanId,
      parent: parentSpanId || null,
      start: us(startNs),
      duration: us(endNs) - us(startNs),
    })),
  );
  const total = Object.values(times).reduce((sum, time) => sum + time, 0);
  expect(total).toBe(us(spans[0]!.endNs) - us(spans[0]!.startNs));
  return Object.entries(times).map(([id, time]) => {
    const span = byId.get(id)!;
    return `${serviceOf(span)}, ${span.name}: ${asText(formatMs(time / 1000))}`;
  });
}

const shownOnPath = async (page: Page): Promise<string[]> =>
  (
    await page
      .getByRole("treeitem", { name: /of the critical path$/ })
      .evaluateAll((all) => all.map((item) => item.getAttribute("aria-label")!))
  ).map((label) => {
    const parts = label.split(", ");
    return `${parts[0]}, ${parts[1]}: ${parts.at(-1)!.replace(" of the critical path", "")}`;
  });

test("the critical path marks what the end waited for, in the URL and by key", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 1600 });
  await page.goto(`${server.url}/traces/${traceId}`);
  await expect(page.getByRole("treeitem")).toHaveCount(one.spans.length);
  expect(await shownOnPath(page)).toEqual([]);
  const toggle = page.getByRole("button", { name: "Critical path" });
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveURL(/path=true/);
  const expected = waitedFor().sort();
  expect((await shownOnPath(page)).sort()).toEqual(expected);
  // What is marked for a reader is marked for the eye: a line each, and its time in words.
  const marked = page.getByRole("treeitem").filter({ has: page.locator("[data-path]") });
  await expect(marked).toHaveCount(expected.length);
  await expect(page.getByRole("treeitem").filter({ hasText: /path [\d.]+ / })).toHaveCount(expected.length);
  await expect(page.locator("footer").getByText("critical path: what the end waited for")).toBeVisible();
  // Lines lie side by side from the root's begin to its end.
  const lines = await page
    .locator("[data-path]")
    .evaluateAll((all) => all.map((line) => line.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  const sorted = (lines as [number, number][]).sort((a, b) => a[0] - b[0]);
  for (const [at, [left]] of sorted.entries())
    if (at > 0) expect(Math.abs(left - sorted[at - 1]![1])).toBeLessThan(1.5);

  await page.reload();
  await expect(marked).toHaveCount(expected.length);
  const summary = page.getByRole("region", { name: "Critical path" });
  await expect(summary).toContainText(`${expected.length} span`);
  await summary.getByRole("button").first().click();
  await expect(page).toHaveURL(/span=/);
  await page.keyboard.press("Escape");
  await page.getByRole("tree").focus();
  await page.keyboard.press("c");
  await expect(page).not.toHaveURL(/path=true/);
  await expect(marked).toHaveCount(0);
});

test("leads to the map of this trace alone: its true calls, and no others", async ({ page }) => {
  await page.goto(`${server.url}/traces/${traceId}`);
  const answered = page.waitForResponse((response) => response.url().includes("/api/v1/graph/traces"));
  await page.getByRole("link", { name: "Show on map" }).click();
  await expect(page).toHaveURL(new RegExp(`/map\\?.*traces=trace%3D${traceId}`));
  const { graph } = (await (await answered).json()) as { graph: Graph };
  const keyOf = (edge: { caller: string; callee: string; kind: string; calls: number }, via: string | null): string =>
    `${edge.kind} ${edge.caller} ${edge.callee} ${via ?? ""}: ${edge.calls}`;
  const told = one.truth.list().map((edge) => keyOf(edge, edge.via));
  const mapped = graph.edges.filter(({ calls }) => calls > 0).map((edge) => keyOf(edge, edge.via));
  expect(mapped.sort()).toEqual(told.sort());
  // The saboteur's twin: the map of the window has other numbers.
  const whole = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as Graph;
  expect(whole.edges.map((edge) => keyOf(edge, edge.via)).sort()).not.toEqual(told.sort());

  const bar = page.getByRole("region", { name: "Traces on the map" });
  await expect(bar).toContainText(`Graph of one trace, ${traceId}`);
  await expect(page.getByText(/nodes, largest/)).toContainText(`${graph.nodes.length} nodes`);
  await bar.getByRole("link", { name: "Open it" }).click();
  await expect(page).toHaveURL(`${server.url}/traces/${traceId}`);
});

test("a trace that is not stored is said on its map", async ({ page }) => {
  await page.goto(`${server.url}/map?traces=trace%3D123abc`);
  await expect(page.getByText("No span of trace 123abc is stored.")).toBeVisible();
});

test("clocks that cannot both be right are said, and nothing is shifted", async ({ page, startHeadwater }) => {
  const other = await startHeadwater();
  const spans = namedCall({ caller: "web", callee: "api", ms: 40 });
  const late = spans.map((span) =>
    span.kind === SpanKind.SERVER
      ? { ...span, startNs: span.startNs + 90_000_000n, endNs: span.endNs + 90_000_000n }
      : span,
  );
  await sendSpans(other, late);
  const [client, work] = [SpanKind.CLIENT, SpanKind.SERVER].map((kind) => late.find((span) => span.kind === kind)!);
  const leastMs = Number(work!.endNs - client!.endNs) / 1e6;
  expect(leastMs).toBeGreaterThan(50);
  await page.goto(`${other.url}/traces/${work!.traceId}`);
  await expect(page.getByText(`api's clock is at least ${asText(formatMs(leastMs))} ahead of web's`)).toBeVisible();
  await page.goto(`${server.url}/traces/${traceId}`);
  await expect(page.getByRole("treeitem").first()).toBeVisible();
  await expect(page.getByText(/'s clock is at least/)).toHaveCount(0);
});

test("the map of one trace names the environment of that trace, and the window another", async ({
  page,
  startHeadwater,
}) => {
  const two = await startHeadwater();
  const blue = namedCall({ caller: "web", callee: "api", environment: "blue" });
  const green = Array.from({ length: 5 }, () => namedCall({ caller: "web", callee: "api", environment: "green" }));
  await sendSpans(two, [...blue, ...green.flat()]);
  const environment = page.getByRole("button", { name: "Environment", exact: true });
  await page.goto(`${two.url}/map?traces=trace%3D${blue[0]!.traceId}`);
  await expect(environment).toHaveText("blue+1");
  await page.getByRole("button", { name: "Back to all" }).click();
  await expect(environment).toHaveText("green+1");
});
