import { gzipSync } from "node:zlib";
import { expect, test } from "./fixtures";

/** OTLP JSON of about this size: `calls` calls from one service to another. */
function fileOf(calls: number, startMs: number): Buffer {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
  const resourceSpans = ["web", "api"].map((service, side) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: Array.from({ length: calls }, (_, i) => ({
          traceId: hex(i + 1, 32),
          spanId: hex(i * 2 + 1 + side, 16),
          ...(side === 1 && { parentSpanId: hex(i * 2 + 1, 16) }),
          name: "GET /items",
          kind: side === 0 ? 3 : 2,
          startTimeUnixNano: `${startMs + i}000000`,
          endTimeUnixNano: `${startMs + i + 5}000000`,
          attributes: [{ key: "http.request.method", value: { stringValue: "GET" } }],
        })),
      },
    ],
  }));
  return Buffer.from(JSON.stringify({ resourceSpans }));
}

test("before the first span it says what to do, and the demo draws the map", async ({ page, startHeadwater }) => {
  const server = await startHeadwater();
  await page.goto(`${server.url}/map`);
  await expect(page.getByRole("heading", { name: "No spans yet. Send some, and the map draws itself." })).toBeVisible();
  await expect(
    page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlpUrl.replace("127.0.0.1", "localhost")}`),
  ).toBeVisible();
  await page.getByRole("button", { name: "Start demo traffic" }).click();
  await expect(page.getByText(/^\d+ nodes, largest/)).toBeVisible({ timeout: 20_000 });
  await page.getByRole("link", { name: "Sources" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Start", exact: true })).toBeVisible();
});

test("a file of 11 MB is uploaded and shown, gzip too, and twice is once", async ({ page, startHeadwater }) => {
  test.setTimeout(120_000);
  const server = await startHeadwater();
  const calls = 21_000;
  const file = fileOf(calls, Date.UTC(2026, 0, 5, 10, 0));
  expect(file.length).toBeGreaterThan(11e6);
  await page.goto(`${server.url}/map`);
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "not-what-it-seems.txt", mimeType: "text/plain", buffer: file });
  // The map of the file's own window.
  await expect(page.getByText(/^[23] nodes, largest/)).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveURL(/from=2026-01-05/);
  await page.goto(`${server.url}/sources`);
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "again.gz", mimeType: "application/gzip", buffer: gzipSync(file) });
  await expect(page.getByText("again.gz: OTLP JSON, 0 of 42,000 spans stored, 42,000 known already")).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole("link", { name: "show on the map" }).click();
  await expect(page).toHaveURL(/from=2026-01-05/);
});

test("a file that is no trace is refused with a reason", async ({ page, expectFault }) => {
  expectFault(/status of 4\d\d/);
  await page.goto("/sources");
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await expect(page.getByText(/^notes\.txt: .{10,}/)).toBeVisible();
});

test("rejected spans are shown with a reason and an example", async ({ page, startHeadwater }) => {
  const server = await startHeadwater();
  const span = { name: "x", kind: 2, startTimeUnixNano: `${Date.now()}000000`, endTimeUnixNano: `${Date.now()}000000` };
  const body = {
    resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, traceId: "0".repeat(32), spanId: "1".repeat(16) }] }] }],
  };
  const answer = await fetch(`${server.otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(await answer.json()).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
  await page.goto(`${server.url}/sources`);
  const row = page.getByRole("region", { name: "Imperfect data" }).getByRole("row").filter({ hasText: "rejected" });
  await expect(row).toHaveCount(1);
});

test("a server with a token asks for it", async ({ page, startHeadwater, expectFault }) => {
  expectFault(/status of 401/);
  const token = "a long enough secret";
  const server = await startHeadwater({ env: { HEADWATER_TOKEN: token } });
  await page.goto(`${server.url}/map`);
  await page.getByLabel("Token").fill("not the right one");
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toBeVisible();
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("heading", { name: /^No spans yet/ })).toBeVisible();
});
