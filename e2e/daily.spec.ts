// The services table, a service's page and the search for traces, against what really happened: a seed chosen at run time.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { servicePath } from "@/components/services/service-path";
import type { Graph } from "@/lib/contract/graph";
import { asText, formatCount, formatShare } from "@/lib/domain/format-number";
import { type Span, textAttribute } from "@/lib/domain/span";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";
import { type Shop, shop } from "./shop";
import { shownGraph } from "./shown-graph";

let server: Headwater;
let told: Shop;
let graph: Graph;

test.beforeAll(async ({ startHeadwater }) => {
  server = await startHeadwater();
  told = shop({
    requests: 400,
    faults: [{ service: "payment-service", fromUs: 0, toUs: Number.MAX_SAFE_INTEGER, errorRate: 0.2 }],
  });
  await sendSpans(server, told.spans);
  graph = await shownGraph(server, told);
});

const errorsOf = ({ calleeErrors, betweenErrors }: { calleeErrors: number; betweenErrors: number }): number =>
  calleeErrors + betweenErrors;
const serviceOf = (span: Span): string => textAttribute(span.resource.attributes, "service.name")!;
const isServerSide = (span: Span): boolean => span.kind === 2 || span.kind === 5;
const msOf = (span: Span): number => Number(span.endNs - span.startNs) / 1e6;
/** As the simulator writes failures: 5xx, or an error status that no 4xx explains. */
function failed(span: Span): boolean {
  const code = Number(
    textAttribute(span.attributes, "http.response.status_code") ??
      textAttribute(span.attributes, "http.status_code") ??
      0,
  );
  return code >= 500 || (span.status.code === 2 && code < 400);
}
const tracesWhere = (meets: (span: Span) => boolean): Set<string> =>
  new Set(told.spans.filter(meets).map(({ traceId }) => traceId));
/** Distinct neighbours and counts that the simulator knows of a service. */
function truthOf(id: string) {
  const own = told.spans.filter((span) => serviceOf(span) === id && isServerSide(span));
  const edges = told.truth.list();
  const far = (list: typeof edges, end: "caller" | "callee"): number => new Set(list.map((edge) => edge[end])).size;
  const sync = edges.filter(({ kind }) => kind !== "async");
  return {
    requests: own.length,
    errors: own.filter(failed).length,
    calls: far(
      sync.filter(({ caller }) => caller === id),
      "callee",
    ),
    calledBy: far(
      sync.filter(({ callee }) => callee === id),
      "caller",
    ),
  };
}

async function csvRows(page: Page): Promise<Map<string, Record<string, string>>> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const [head, ...lines] = (await readFile(await (await download).path(), "utf8")).trim().split("\n");
  const names = head!.split(",");
  const rows = lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at]!, cell])));
  return new Map(rows.map((row) => [row.id!, row]));
}

test("the table of services has every service with its true counts", async ({ page }) => {
  const ids = [...new Set(told.spans.map(serviceOf))].sort();
  await page.goto(`${server.url}/services`);
  await expect(page.getByRole("status").filter({ hasText: /^\d+ services$/ })).toHaveText(`${ids.length} services`);
  const rows = await csvRows(page);
  expect([...rows.keys()].sort()).toEqual(ids);
  for (const id of ids) {
    const row = rows.get(id)!;
    const truth = truthOf(id);
    expect([row.requests, row.errors, row.calls, row.called_by].map(Number), id).toEqual([
      truth.requests,
      truth.errors,
      truth.calls,
      truth.calledBy,
    ]);
  }
  await page.getByLabel("Kind").click();
  await page.getByRole("menuitemradio", { name: /^All kinds/ }).click();
  await expect(page.getByRole("status").filter({ hasText: /^\d+ nodes$/ })).toHaveText(`${graph.nodes.length} nodes`);
  expect([...(await csvRows(page)).keys()].sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
});

test("a check with a wrong count fails", async ({ page }) => {
  test.fail();
  await page.goto(`${server.url}/services`);
  const row = (await csvRows(page)).get("order-service")!;
  expect(Number(row.requests)).toBe(truthOf("order-service").requests + 1);
});

test("services are sorted, filtered, and opened by keys", async ({ page }) => {
  await page.goto(`${server.url}/services`);
  const grid = page.getByRole("grid", { name: "Services" });
  await page.getByRole("button", { name: "Name", exact: true }).click();
  const names = () =>
    page.getByRole("row").evaluateAll((rows) => rows.slice(1).map((row) => row.children[0]!.textContent));
  const sorted = graph.nodes
    .filter(({ kind }) => kind === "service")
    .map(({ name }) => name)
    .sort();
  await expect.poll(names).toEqual(sorted);
  await page.getByLabel("Filter services").fill("order");
  await expect.poll(names).toEqual(sorted.filter((name) => name.includes("order")));
  await expect(page).toHaveURL(/filter=order/);
  await grid.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const first = sorted.find((name) => name.includes("order"))!;
  await expect(page).toHaveURL(new RegExp(`/services/${first}$`));
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(first);
  await page.goBack();
  await expect.poll(names).toEqual(sorted.filter((name) => name.includes("order")));
  await grid.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/map\?.*sel=node/);
});

test("roles follow the perspective", async ({ page }) => {
  const [up, down, both] = ["purely upstream", "purely downstream", "upstream and downstream"] as const;
  // order-service, asked by api-gateway for web-client, asks user-service and, through inventory-service, supplier-service;
  // payment-service asks a host outside; notification-service only works on messages, and asks a host outside.
  const inDataFlow = {
    "web-client": down,
    "api-gateway": both,
    "order-service": both,
    "user-service": up,
    "inventory-service": both,
    "supplier-service": up,
    "payment-service": both,
    "shipping-service": both,
    "notification-service": down,
  };
  const inRequestFlow = {
    ...inDataFlow,
    "web-client": up,
    "user-service": down,
    "supplier-service": down,
    "notification-service": both,
  };
  const rolesShown = () =>
    page
      .getByRole("row")
      .evaluateAll((rows) =>
        Object.fromEntries(rows.slice(1).map((row) => [row.children[0]!.textContent, row.children[2]!.textContent])),
      );
  await page.goto(`${server.url}/services`);
  await expect(page.getByRole("group", { name: "Perspective" })).toHaveAccessibleDescription(
    /^Data flow: upstream provides data · is called; .* Request flow: upstream sends requests · calls; /,
  );
  await expect.poll(rolesShown).toEqual(inDataFlow);
  await page.getByText("Request flow", { exact: true }).click();
  await expect.poll(rolesShown).toEqual(inRequestFlow);
  await page.getByText("Data flow", { exact: true }).click();
  await expect.poll(rolesShown).toEqual(inDataFlow);
});

const isStore = (id: string): boolean =>
  ["database", "cache"].includes(graph.nodes.find((node) => node.id === id)!.kind);

test("a service's page shows its true numbers, minute by minute", async ({ page }) => {
  for (const id of [...new Set(told.spans.map(serviceOf))]) {
    const truth = truthOf(id);
    await page.goto(`${server.url}${servicePath(id)}`);
    await expect(page.getByRole("heading", { level: 2 })).toHaveText(id);
    if (truth.requests === 0) {
      await expect(page.getByText("No requests to it were seen in this window.")).toBeVisible();
      continue;
    }
    const counted = `${asText(formatCount(truth.errors))} of ${asText(formatCount(truth.requests))} requests`;
    await expect(page.getByText(counted, { exact: true })).toBeVisible();
    await expect(
      page.getByText(asText(formatShare(truth.errors, truth.requests)), { exact: true }).first(),
    ).toBeVisible();
    const edges = told.truth.list().filter(({ kind }) => kind !== "async");
    const callees = edges.filter(({ caller }) => caller === id).map(({ callee }) => callee);
    const stores = new Set(callees.filter(isStore)).size;
    const others = truth.calls - stores;
    const words = [
      others > 0 && (stores === 0 ? `${others}` : `${others} ${others === 1 ? "other" : "others"}`),
      stores > 0 && `${stores} ${stores === 1 ? "store" : "stores"}`,
    ];
    const list = page.getByRole("table").filter({ hasText: `Calls ${words.filter(Boolean).join(" and ")}Rate` });
    await expect(list).toHaveCount(callees.length > 0 ? 1 : 0);
    for (const edge of edges.filter(({ caller }) => caller === id)) {
      const name = graph.nodes.find((node) => node.id === edge.callee)!.name;
      const row = list.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
      await expect(row).toContainText(asText(formatShare(errorsOf(edge), edge.calls)));
    }
  }
});

test("the minutes can be walked by keys and add up to the truth", async ({ page }) => {
  // A window of its own: one that moves with the clock may lose a minute while it is walked.
  const minute = 60_000;
  const startsMs = told.spans.map(({ startNs }) => Number(startNs / 1_000_000n)).sort((a, b) => a - b);
  const fromMs = Math.floor(startsMs[0]! / minute) * minute;
  const minutes = Math.floor(startsMs.at(-1)! / minute) - fromMs / minute + 1;
  const [from, to] = [fromMs, fromMs + minutes * minute].map((ms) => new Date(ms).toISOString());
  await page.goto(`${server.url}/services/order-service?from=${from}&to=${to}`);
  const slider = page.getByRole("slider", { name: "Minute by minute" });
  await slider.focus();
  await page.keyboard.press("End");
  let requests = 0;
  let failures = 0;
  for (let at = 0; at < minutes; at++) {
    const words = (await slider.getAttribute("aria-valuetext"))!;
    expect(words).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC: /);
    requests += Number(/: (\d+) requests/.exec(words)?.[1] ?? 0);
    failures += Number(/, (\d+) failed/.exec(words)?.[1] ?? 0);
    await expect(page.getByTestId("minute")).toHaveText(words);
    await page.keyboard.press("ArrowLeft");
  }
  const truth = truthOf("order-service");
  expect([requests, failures]).toEqual([truth.requests, truth.errors]);
});

test("a search finds the true traces", async ({ page }) => {
  const times = told.spans
    .filter((span) => serviceOf(span) === "order-service")
    .map(msOf)
    .sort((a, b) => a - b);
  const limit = Math.ceil(times[Math.floor(times.length * 0.9)]!);
  const operation = told.spans.find((span) => serviceOf(span) === "order-service" && span.kind === 2)!.name;
  const topic = told.spans
    .map((span) => textAttribute(span.attributes, "messaging.destination.name"))
    .find((name) => name !== undefined)!;
  const searches: readonly (readonly [Record<string, string>, (span: Span) => boolean])[] = [
    [{ service: "payment-service" }, (span) => serviceOf(span) === "payment-service"],
    [{ service: "order-service", operation }, (span) => serviceOf(span) === "order-service" && span.name === operation],
    [{ error: "true" }, failed],
    [
      { service: "order-service", minMs: String(limit) },
      (span) => serviceOf(span) === "order-service" && msOf(span) >= limit,
    ],
    [
      { attribute: `messaging.destination.name=${topic}` },
      (span) => textAttribute(span.attributes, "messaging.destination.name") === topic,
    ],
  ];
  for (const [params, meets] of searches) {
    const truth = tracesWhere(meets);
    await page.goto(`${server.url}/traces?${new URLSearchParams(params)}`);
    if (truth.size === 0) {
      await expect(page.getByText(/^No trace in this window/)).toBeVisible();
      continue;
    }
    const status = page.locator("footer").getByRole("status");
    const more = page.getByRole("button", { name: "More" });
    for (let shown = Math.min(100, truth.size); shown < truth.size; shown = Math.min(truth.size, shown + 100)) {
      await expect(status).toContainText(`${shown} traces so far`);
      await more.click();
    }
    await expect(status, JSON.stringify(params)).toContainText(
      `${truth.size} ${truth.size === 1 ? "trace" : "traces"}, newest first`,
    );
    const first = await page
      .getByRole("row")
      .nth(1)
      .getByTitle(/^[0-9a-f]{32}$/)
      .getAttribute("title");
    expect(truth).toContain(first);
  }
});

test("a search is typed, refused with a reason, and opens a trace by keys", async ({ page, expectFault }) => {
  expectFault(/status of 400/);
  await page.goto(`${server.url}/traces`);
  await page.getByLabel("Took at least, ms").fill("fast");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "minMs must be milliseconds" })).toBeVisible();
  await expect(page.getByLabel("Took at least, ms")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Took at least, ms").fill("");
  await page.getByLabel("Service", { exact: true }).fill("order-service");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/service=order-service/);
  const truth = tracesWhere((span) => serviceOf(span) === "order-service");
  await expect(page.locator("footer").getByRole("status")).toContainText(
    truth.size > 100 ? "100 traces so far" : `${truth.size} traces, newest first`,
  );
  const grid = page.getByRole("grid", { name: "Traces" });
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  const id = await page
    .locator("[aria-selected=true]")
    .getByTitle(/^[0-9a-f]{32}$/)
    .getAttribute("title");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/traces/${id}`));
  expect(truth).toContain(id);
});

test("panels lead to the traces behind them", async ({ page }) => {
  const edge = graph.edges.find(({ errors, callee }) => errors > 0 && callee === "payment-service")!;
  await page.goto(`${server.url}/map?sel=edge:${edge.id}`);
  await page.getByRole("complementary").getByRole("link", { name: "Failed", exact: true }).click();
  await expect(page).toHaveURL(/\/traces\?/);
  const truth = tracesWhere((span) => serviceOf(span) === edge.callee && failed(span));
  await expect(page.locator("footer").getByRole("status")).toContainText(
    `${truth.size} ${truth.size === 1 ? "trace" : "traces"}`,
  );
});

test("names of any kind have their pages", async ({ page, startHeadwater }) => {
  const other = await startHeadwater();
  const names = ["..", ".", "a/b c", "100%", "x?y#z", '<img src=x onerror="alert(1)">', "~..", "é ü\u{1F600}", "=1+1"];
  await sendSpans(
    other,
    names.flatMap((callee) => namedCall({ caller: "caller", callee, operation: "GET /<b>" })),
  );
  await page.goto(`${other.url}/services`);
  await expect(page.getByRole("status").filter({ hasText: /services$/ })).toHaveText(`${names.length + 1} services`);
  for (const name of names) {
    await page.goto(`${other.url}${servicePath(name)}`);
    await expect(page.getByRole("heading", { level: 2 })).toHaveText(name);
    await expect(page.getByText("0 of 1 request", { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "All traces" }).click();
    await expect(page.locator("footer").getByRole("status")).toContainText("1 trace, newest first");
  }
});

test("5,000 services scroll", async ({ page, startHeadwater }) => {
  test.setTimeout(120_000);
  const wide = await startHeadwater();
  const spans = Array.from({ length: 5_000 }, (_, i) =>
    namedCall({ caller: "hub", callee: `service-${String(i).padStart(4, "0")}` }),
  ).flat();
  await sendSpans(wide, spans);
  await page.goto(`${wide.url}/services`);
  await expect(page.getByRole("status").filter({ hasText: /services$/ })).toHaveText("5,001 services", {
    timeout: 30_000,
  });
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await page.getByRole("grid").focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("row").filter({ hasText: "service-4999" })).toBeVisible();
  expect(await page.getByRole("row").count()).toBeLessThan(120);
  await page.getByLabel("Filter services").fill("service-3");
  await expect(page.getByRole("status").filter({ hasText: /of 5,001 services$/ })).toHaveText(
    "1,000 of 5,001 services",
  );
});
