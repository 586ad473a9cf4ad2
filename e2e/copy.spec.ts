// What the copy buttons give: the text that is shown, which works as it stands, with the token in its place.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { parse } from "yaml";
import type { Graph } from "@/lib/contract/graph";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { call, frame } from "@/test/helpers/server-requests";
import { jsonOf } from "@/test/helpers/server-spans";
import { expect, type Headwater, test } from "./fixtures";
import { namedCall } from "./named-call";

const TOKEN = "a-token-of-16-characters";
const OPEN = "Environment variables";
const APP = `
SERVICE=$OTEL_SERVICE_NAME ENVIRONMENT=copied EXPORTER=$(echo $OTEL_EXPORTER_OTLP_PROTOCOL | tr / -)
export SERVICE ENVIRONMENT EXPORTER
exec "$0" test/helpers/server-otel-app.cjs`;

let open: Headwater;
let guarded: Headwater;
test.beforeAll(async ({ startHeadwater }) => {
  const env = { HEADWATER_TOKEN: TOKEN, HEADWATER_RETAIN_SPANS: "90m", HEADWATER_RETAIN_MINUTES: "30d" };
  [open, guarded] = [await startHeadwater(), await startHeadwater({ env })];
});
test.beforeEach(({ context }) => context.grantPermissions(["clipboard-read", "clipboard-write"]));

const shownIn = (page: Page, label: string): Promise<string> =>
  page
    .getByRole("region", { name: label, exact: true })
    .locator("pre > span")
    .evaluateAll((lines) => lines.map((line) => line.textContent).join("\n"));

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

/** Presses the button beside a text. Returns what is on the clipboard then, which has to be that text. */
async function copied(page: Page, label: string): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText("something else"));
  await expect(page.getByRole("region", { name: label, exact: true })).toBeVisible();
  const shown = await shownIn(page, label);
  await page.getByRole("button", { name: `Copy: ${label}` }).click();
  await expect.poll(() => clipboard(page)).toBe(shown);
  return shown;
}

/** Runs lines in a shell as a person would who pastes them. Returns what it prints; fails when it ends with another code than 0. */
async function paste(lines: string, cwd?: string): Promise<string> {
  const child = spawn("sh", ["-ec", lines], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  expect(code, said).toBe(0);
  return said;
}

/** Runs a service of the OpenTelemetry SDK in a shell after these lines, and asks it once. */
async function serviceAfter(lines: string): Promise<void> {
  const child = spawn("sh", ["-ec", lines + APP, process.execPath], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  const ended = once(child, "exit");
  child.send("end");
  expect((await ended)[0]).toBe(0);
}

const servicesOf = async ({ url }: Headwater, env: string): Promise<string[]> => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const { nodes } = (await (await fetch(`${url}/api/v1/graph?env=${env}`, { headers })).json()) as Graph;
  return nodes.filter(({ kind }) => kind === "service").map(({ id }) => id);
};

async function post(lines: string, service: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "headwater-paste-"));
  // Over two lines, as a person's file may be.
  writeFileSync(join(folder, "trace.json"), jsonOf([{ service }]).replace(",", ",\n"));
  expect(await paste(lines, folder)).toContain("{}");
  rmSync(folder, { recursive: true });
}

test("first run: the lines for a service work, and so does the command to post a file", async ({ page }) => {
  await page.goto(`${open.url}/map`);
  const lines = await copied(page, OPEN);
  expect(lines).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${open.otlpUrl.replace("127.0.0.1", "localhost")}\n`);
  expect(lines).not.toMatch(/TOKEN|authorization/i);
  const command = await copied(page, "Post one file");
  await serviceAfter(lines);
  await expect.poll(() => servicesOf(open, "copied")).toEqual(["checkout"]);
  await post(command, "posted");
  await expect.poll(() => servicesOf(open, "")).toEqual(["posted"]);
});

test("sources of a server with a token: the same once its place is filled in, and not before", async ({
  page,
  expectFault,
}) => {
  expectFault(/status of 401/);
  await page.goto(`${guarded.url}/sources`);
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByText('"authorization=Bearer YOUR_TOKEN"')).toBeVisible();
  const filled = (lines: string): string => {
    expect(lines).toContain("YOUR_TOKEN");
    return lines.replaceAll("YOUR_TOKEN", TOKEN);
  };
  const command = await copied(page, "Post one file");
  await serviceAfter(filled(await copied(page, OPEN)));
  await expect.poll(() => servicesOf(guarded, "copied")).toEqual(["checkout"]);
  await post(filled(command), "posted");
  await expect.poll(() => servicesOf(guarded, "")).toEqual(["posted"]);
  const folder = mkdtempSync(join(tmpdir(), "headwater-paste-"));
  writeFileSync(join(folder, "trace.json"), jsonOf([{ service: "stranger" }]));
  expect(await paste(command, folder)).toMatch(/token/i);
  rmSync(folder, { recursive: true });
  expect(await servicesOf(guarded, "")).toEqual(["posted"]);

  await expect(
    page.getByText(
      /Spans are kept 90 min or up to .* Calls are kept by the minute for 30 d, then by the hour for 400 d\./,
    ),
  ).toBeVisible();
  await page.getByText("Collector", { exact: true }).click();
  const { exporters } = parse(filled(await copied(page, "Collector configuration")));
  const { endpoint, headers } = exporters["otlp/headwater"];
  const body = encodeSpans(namedCall({ caller: "web", callee: "api", environment: "collected" }));
  const { code } = await call(endpoint, [frame(body)], { headers });
  expect(code).toBe(0);
  await expect.poll(() => servicesOf(guarded, "collected")).toEqual(["api", "web"]);
});

test("a page that came by plain http from another machine copies too, and says when it cannot", async ({ page }) => {
  await page.addInitScript(() => {
    const { clipboard } = navigator;
    Object.defineProperty(window, "readBack", { value: () => clipboard.readText() });
    Object.defineProperty(navigator, "clipboard", { value: undefined }); // as browsers do there
  });
  await page.goto(`${open.url}/sources`);
  await expect(
    page.getByText(/Spans are kept 24 h or up to .* Calls are kept by the minute for 7 d, then by the hour/),
  ).toBeVisible();
  const button = page.getByRole("button", { name: "Copy: Post one file" });
  await button.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Copied." })).toHaveCount(1);
  const back = await page.evaluate(() => (window as unknown as { readBack(): Promise<string> }).readBack());
  expect(back).toBe(await shownIn(page, "Post one file"));
  await expect(page.locator(":focus")).toHaveAccessibleName(/^Cop/);
  await page.evaluate(() => {
    document.execCommand = () => false;
  });
  await page.getByRole("button", { name: `Copy: ${OPEN}` }).click();
  await expect(page.getByRole("status").filter({ hasText: "Not copied: select it and copy by hand." })).toHaveCount(1);
});
