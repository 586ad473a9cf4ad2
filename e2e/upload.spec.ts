// Files dragged onto the page as a person does it: real files, from outside of the browser, over a line that takes a while.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { CDPSession, Page } from "@playwright/test";
import type { Sources } from "@/lib/contract/sources";
import { formatWhole } from "@/lib/domain/format-number";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { expect, type Headwater, test } from "./fixtures";
import { namedCall } from "./named-call";

const MINUTE = 60_000;
const FIRST = Date.UTC(2026, 0, 5, 10);
const CALLS = 6_000;
const SPANS = formatWhole(2 * CALLS);

let folder: string;
const at = (name: string): string => join(folder, name);
const calls = (count: number, atMs: number, environment = "uploaded") =>
  Array.from({ length: count }, (_, i) =>
    namedCall({ caller: "web", callee: "api", atMs: atMs + (i % 3) * MINUTE, environment }),
  ).flat();

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headwater-upload-"));
  writeFileSync(at("large.pb"), encodeSpans(calls(CALLS, FIRST)));
  writeFileSync(at("later.gz"), gzipSync(encodeSpans(calls(5, FIRST + 10 * MINUTE))));
  writeFileSync(at("notes.txt"), "hello\n");
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets files be dropped in the middle of the page, not on the zone: anywhere counts. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize()!;
  const data = { items: [], files: files.map(at), dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height - 40, data });
  await session.detach();
}

/** Bytes a second that go out. Ends with the session. */
async function slow(page: Page, uploadThroughput: number): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  });
  return session;
}

const bar = (page: Page) => page.getByRole("progressbar");
const importDoor = async ({ url }: Headwater) =>
  ((await (await fetch(`${url}/api/v1/sources`)).json()) as Sources).doors.find(({ name }) => name === "import")!;

test("files dropped one after another: progress, gzip, one refused with its reason, the others in", async ({
  page,
  startHeadwater,
  expectFault,
}) => {
  expectFault(/status of 400/);
  const server = await startHeadwater();
  await page.goto(`${server.url}/map?env=another`);
  await expect(page.getByRole("heading", { name: /^No spans yet/ })).toBeVisible();
  await slow(page, 1_500_000);
  await drop(page, ["large.pb"]);
  await expect(page.getByText("Sending large.pb")).toBeVisible();
  const shares = new Set<number>();
  await expect
    .poll(
      async () => {
        const share = Number(await bar(page).getAttribute("value"));
        if (share > 0 && share < 1) shares.add(share);
        return shares.size;
      },
      { intervals: [50] },
    )
    .toBeGreaterThan(2);
  expect([...shares]).toEqual([...shares].sort((a, b) => a - b));
  // More while that is under way: they wait their turn.
  await drop(page, ["notes.txt", "later.gz"]);
  await expect(page.getByText("Sending large.pb")).toBeVisible();
  const said = page.getByRole("status");
  await expect(said.getByText(/^notes\.txt: expected a JSON object or list/)).toBeVisible({ timeout: 30_000 });
  await expect(said.getByText(/^later\.gz: OTLP protobuf, 10 of 10 spans stored/)).toBeVisible();
  await expect(said.getByText(`large.pb: OTLP protobuf, ${SPANS} of ${SPANS} spans stored`)).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  expect(await importDoor(server)).toMatchObject({ requests: 3, refused: 1, stored: 2 * CALLS + 10 });
  // One was refused, so the screen stays until that is read; what came in is one press away.
  await said.getByRole("link", { name: "show on the map" }).first().click();
  await expect(page).toHaveURL(/env=uploaded&from=2026-01-05T10%3A00/);
  await expect(page.getByText(/^2 nodes, largest/)).toBeVisible();
});

test("after files that all came in, the map opens on their own window and environment", async ({
  page,
  startHeadwater,
}) => {
  const server = await startHeadwater();
  await page.goto(`${server.url}/map?env=another`);
  await expect(page.getByRole("heading", { name: /^No spans yet/ })).toBeVisible();
  writeFileSync(at("early.pb"), encodeSpans(calls(3, FIRST)));
  await drop(page, ["later.gz", "early.pb"]);
  await expect(page.getByText(/^2 nodes, largest/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Environment" })).toHaveText("uploaded");
  await expect(page).toHaveURL(/to=2026/);
  const { searchParams } = new URL(page.url());
  expect(Date.parse(searchParams.get("from")!)).toBe(FIRST);
  expect(Date.parse(searchParams.get("to")!)).toBe(FIRST + 12 * MINUTE + 1);
  // The map has no place to drop files, and one dropped there all the same does not take the place of the page.
  await drop(page, ["later.gz"]);
  await page.waitForTimeout(300);
  await expect(page.getByText(/^2 nodes, largest/)).toBeVisible();
  expect((await importDoor(server)).requests).toBe(2);
});

test("cancelled, all of it ends: nothing waits, the server goes on, and the same file can be sent again", async ({
  page,
  startHeadwater,
  expectFault,
}) => {
  expectFault(/status of 400/);
  const server = await startHeadwater();
  await page.goto(`${server.url}/sources`);
  await expect(page.getByRole("heading", { name: "Upload traces" })).toBeVisible();
  const throttled = await slow(page, 300_000);
  await drop(page, ["large.pb", "notes.txt"]);
  await expect.poll(async () => Number(await bar(page).getAttribute("value"))).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText(/^large\.pb: cancelled; what had arrived by then may be stored/)).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  await expect(page.getByText(/^notes\.txt/)).toHaveCount(0);
  await expect.poll(async () => (await importDoor(server)).refused).toBe(1);
  await throttled.detach();
  await drop(page, ["large.pb"]);
  await expect(page.getByText(new RegExp(`^large\\.pb: OTLP protobuf, [\\d,]+ of ${SPANS} spans stored`))).toBeVisible({
    timeout: 30_000,
  });
  const { stored } = await importDoor(server);
  expect(stored).toBe(2 * CALLS);
  await drop(page, ["notes.txt"]);
  await expect(page.getByText(/^notes\.txt: expected/)).toBeVisible();
});
