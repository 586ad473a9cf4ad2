// The map of the traces that a search finds, against plain counts over the spans that were sent.
import type { Graph } from "@/lib/contract/graph";
import { type Span, textAttribute } from "@/lib/domain/span";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { type Shop, shop } from "./shop";

let server: Headwater;
let told: Shop;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  told = shop({
    requests: 260,
    faults: [{ service: "payment-service", fromUs: 0, toUs: Number.MAX_SAFE_INTEGER, errorRate: 0.2 }],
  });
  await sendSpans(server, told.spans);
});

const serviceOf = (span: Span): string => textAttribute(span.resource.attributes, "service.name")!;
const failed = (span: Span): boolean =>
  Number(textAttribute(span.attributes, "http.response.status_code") ?? 0) >= 500 ||
  (span.status.code === 2 && !textAttribute(span.attributes, "http.response.status_code"));

test("draws the graph of found traces and of nothing else, and leads back", async ({ page }) => {
  const ids = new Set(
    told.spans.filter((span) => serviceOf(span) === "payment-service" && failed(span)).map(({ traceId }) => traceId),
  );
  const spans = told.spans.filter(({ traceId }) => ids.has(traceId));
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const calls = spans.filter((span) => {
    const parent = byId.get(span.parentSpanId);
    return serviceOf(span) === "payment-service" && span.kind === 2 && parent && serviceOf(parent) === "order-service";
  }).length;
  expect(ids.size).toBeGreaterThan(3);

  await page.goto(`${server.url}/traces?service=payment-service&error=true`);
  await expect(page.getByRole("status").filter({ hasText: `${ids.size} traces` })).toBeVisible();
  await page.getByRole("link", { name: "Map these traces" }).click();
  const bar = page.getByRole("region", { name: "Traces on the map" });
  await expect(bar).toContainText(`Graph of ${ids.size} traces found by service payment-service, failed`);
  await expect(page).toHaveURL(/\/map\?.*traces=service%3Dpayment-service%26error%3Dtrue/);

  const whole = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as Graph;
  const edge = whole.edges.find(({ caller, callee }) => caller === "order-service" && callee === "payment-service")!;
  expect(edge.calls).toBeGreaterThan(calls);
  await page.goto(`${page.url()}&sel=edge:${edge.id}`);
  const panel = page.getByRole("complementary");
  await expect(panel.getByText(`${calls} calls`, { exact: true })).toBeVisible();
  await expect(panel.getByText("Rate", { exact: true })).toHaveCount(0); // the window's minutes are not these traces'
  await page.reload();
  await expect(panel.getByText(`${calls} calls`, { exact: true })).toBeVisible();

  await bar.getByRole("button", { name: "Back to all" }).click();
  await expect(page).not.toHaveURL(/traces=/);
  await expect(page.getByText(/nodes, largest/)).toContainText(`${whole.nodes.length} nodes`);
  await expect(bar).toHaveCount(0);
});

test("says that it stops at the newest two hundred", async ({ page }) => {
  await page.goto(`${server.url}/map?traces=`);
  await expect(page.getByRole("region", { name: "Traces on the map" })).toContainText(
    "Graph of the newest 200 traces; there are more",
  );
});

test("nothing found is said, with the way back", async ({ page }) => {
  await page.goto(`${server.url}/map?traces=service%3Dnobody`);
  await expect(page.getByText("No trace in this window has a span that meets all of this.")).toBeVisible();
  await page.getByRole("button", { name: "Back to all" }).click();
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
});

test("what cannot be looked for is said", async ({ page, expectFault }) => {
  expectFault(/400/);
  await page.goto(`${server.url}/map?traces=minMs%3Dsoon`);
  await expect(page.getByText("The traces could not be mapped.")).toBeVisible();
  await expect(page.getByText(/minMs must be milliseconds/)).toBeVisible();
});

test("an overlay that needs more than these traces is not offered", async ({ page }) => {
  await page.goto(`${server.url}/map?traces=service%3Dpayment-service&overlay=sla`);
  await expect(page.getByRole("status").filter({ hasText: "needs more than these traces" })).toBeVisible();
  await page.getByRole("button", { name: "Overlay" }).click();
  await expect(page.getByRole("menuitemradio")).toHaveText(["Health", "Blast radius"]);
});
