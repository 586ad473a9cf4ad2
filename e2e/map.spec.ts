import type { Page } from "@playwright/test";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { expect, test } from "./fixtures";
import { namedCall } from "./named-call";
import { shop } from "./shop";

/** Moves over the map until something can be pressed there. */
async function findMark(page: Page): Promise<{ x: number; y: number }> {
  const box = (await page.getByTestId("map-canvas").boundingBox())!;
  for (let y = box.y + 60; y < box.y + box.height - 60; y += 22) {
    for (let x = box.x + 40; x < box.x + box.width - 80; x += 22) {
      await page.mouse.move(x, y);
      if ((await page.locator(".cursor-pointer > [data-testid=map-canvas]").count()) > 0) return { x, y };
    }
  }
  throw new Error("There is nothing on the map.");
}

test("the map is drawn, and what is pressed opens", async ({ page, send }) => {
  await send(shop().spans);
  await page.goto("/map");
  await expect(page.getByTestId("map-canvas")).toBeVisible();
  await expect(page.getByText(/^\d+ nodes, largest/)).toBeVisible();
  const colours = await page.getByTestId("map-canvas").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3]! > 200) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
    return seen.size;
  });
  expect(colours).toBeGreaterThan(20);
  const { x, y } = await findMark(page);
  await page.mouse.click(x, y);
  await expect(page.getByRole("complementary")).toBeVisible();
  await expect(page).toHaveURL(/sel=(node|edge)/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toBeHidden();
});

test("a failing edge is found with the keyboard alone", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  const { spans } = shop({ requests: 150 });
  const broken = Array.from({ length: 30 }, (_, i) =>
    namedCall({
      caller: "order-service",
      callee: "tax-service",
      failed: i % 3 === 0,
      environment: ecommerce.environment,
    }),
  );
  await send([...spans, ...broken.flat()], server);
  await page.goto(`${server.url}/map`);
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
  await page.keyboard.press("o");
  const focused = page.locator(":focus");
  await expect(focused).toHaveRole("treeitem");
  const say = async (): Promise<string> => (await focused.getAttribute("aria-label")) ?? "";
  // Walk to the caller, open it, and go down to what it says is failing.
  for (let i = 0; i < 60 && !(await say()).startsWith("order-service"); i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 30 && !/order-service calls tax-service.*failing/.test(await say()); i++)
    await page.keyboard.press("ArrowDown");
  expect(await say()).toMatch(/^tax-service\. order-service calls tax-service, 33\.3 % errors, failing/);
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary");
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText("order-service calls tax-service");
  await expect(panel.getByText("failing 33.3 %")).toBeVisible();
  await expect(panel.getByText("10 of 30 calls")).toBeVisible();
});

test("new calls show by themselves, and nodes stay where they are", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  await send(Array.from({ length: 5 }, () => namedCall({ caller: "web", callee: "api" })).flat(), server);
  await page.goto(`${server.url}/map`);
  await expect(page.getByText(/^3 nodes|^2 nodes/)).toBeVisible();
  const places = () => page.evaluate(() => JSON.stringify(localStorage));
  await expect.poll(places).toContain("headwater.map");
  const before = await places();
  await page.getByRole("button", { name: /Find or focus/ }).click();
  await page.keyboard.type("api");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary");
  await expect(panel.getByText("5 requests", { exact: true })).toBeVisible();
  const sentAt = Date.now();
  await send(Array.from({ length: 7 }, () => namedCall({ caller: "web", callee: "api" })).flat(), server);
  await expect(panel.getByText("12 requests", { exact: true })).toBeVisible({ timeout: 5_000 });
  test.info().annotations.push({ type: "seen after", description: `${Date.now() - sentAt} ms` });
  expect(await places()).toBe(before);
});

test("what is set stands in the URL and comes back", async ({ page, send }) => {
  await send(shop().spans);
  await page.goto("/map");
  await page.getByText("Request flow", { exact: true }).click();
  await expect(page.getByText("sends requests · calls")).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("order-service");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "order-service" })).toBeVisible();
  await page.keyboard.press("o");
  await expect(page.getByRole("tree")).toBeVisible();
  await expect(page).toHaveURL(/outline=true/); // the address follows what is shown a moment later
  const url = page.url();
  await page.goto("/sources");
  await page.goto(url);
  await expect(page.getByText("sends requests · calls")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "order-service" })).toBeVisible();
  await expect(page.getByRole("tree")).toBeVisible();
});

test("the words follow the perspective, messages do not", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  await send(shop({ requests: 200 }).spans, server);
  const graph = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as {
    edges: { id: string; caller: string; callee: string; kind: string }[];
  };
  const call = graph.edges.find((edge) => edge.caller === "order-service" && edge.callee === "user-service")!;
  const message = graph.edges.find((edge) => edge.caller === "order-service" && edge.kind === "async")!;
  const sentence = async (perspective: string, id: string): Promise<string | null> => {
    await page.goto(`${server.url}/map?perspective=${perspective}&sel=edge:${id}`);
    return page.getByRole("complementary").locator("header p").first().textContent();
  };
  expect(await sentence("data-flow", call.id)).toBe(
    "user-service is upstream of order-service: it provides the answer.",
  );
  expect(await sentence("request-flow", call.id)).toBe(
    "user-service is downstream of order-service: it receives the request.",
  );
  const flows = await sentence("data-flow", message.id);
  expect(flows).toMatch(/^order-service is upstream of /);
  expect(await sentence("request-flow", message.id)).toBe(flows);
});

test("hostile names are text", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  const names = [
    "<img src=x onerror=alert(1)>",
    "__proto__",
    "constructor",
    "</script><script>alert(1)</script>",
    "x".repeat(300),
    "‮ecivres",
    "a\nb",
  ];
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const spans = names.flatMap((name, at) =>
    namedCall({ caller: names[(at + 1) % names.length]!, callee: name, operation: name }),
  );
  await send(spans, server);
  const rejected = { ...spans[0]!, startNs: 1n }; // shown as an example of what was rejected
  await fetch(`${server.otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body: Buffer.from(encodeSpans([rejected])),
  });
  await page.goto(`${server.url}/map?outline=true`);
  await expect(page.getByRole("treeitem")).toHaveCount(names.length);
  for (const name of names.slice(0, 4)) {
    await expect(page.getByRole("treeitem").filter({ hasText: name })).toHaveCount(1);
    await page.goto(`${server.url}/map?sel=${encodeURIComponent(`node:${name}`)}`);
    await expect(page.getByRole("complementary").getByRole("heading", { level: 2 })).toHaveText(name);
    await page.goto(`${server.url}/map?outline=true`);
  }
  await page.goto(`${server.url}/dependencies`);
  await expect(page.getByRole("row")).toHaveCount(names.length + 1);
  expect(await page.locator("img").count()).toBe(0);
  const trace = `traces/${spans[0]!.traceId}`;
  for (const path of ["sources", trace, "traces", "services", "sla", "cycles", "map?overlay=sla&outline=true"]) {
    await page.goto(`${server.url}/${path}`);
    await expect(page.getByText(names[0]!).first(), path).toBeVisible();
    expect(await page.locator("img").count(), path).toBe(0);
  }
  await page.goto(`${server.url}/sources`);
  const imperfect = page.getByRole("region", { name: "Imperfect data" });
  await expect(imperfect.getByText(`span ${names[0]} at 0 us`)).toBeVisible();
  expect(dialogs).toEqual([]);
});
