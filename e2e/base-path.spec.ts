// The server below a path of a host that is somebody else's: through a proxy that hands on that path and nothing beside it,
// every screen works, live, and every request stays below.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";
import { shop } from "./shop";

const BASE = "/tools/headwater";
const TOKEN = "a-token-of-16-characters";

let proxy: Server;
let host: string;
let server: Headwater;
let truth: ReturnType<typeof shop>["truth"];
/** Paths that were asked for beside the base path. */
const strayed: string[] = [];

/** Hands on what is below the base path, with the path and the Host as they are. */
function mountedAt(port: number): Server {
  return createServer((incoming, outgoing) => {
    const { method, url = "", headers } = incoming;
    if (url !== BASE && !url.startsWith(`${BASE}/`)) {
      strayed.push(url);
      outgoing.writeHead(404).end("the neighbour's");
      return;
    }
    const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
}

test.beforeAll(async ({ startHeadwater }) => {
  test.setTimeout(600_000);
  const env = { HEADWATER_BASE_PATH: BASE };
  execFileSync(process.execPath, ["scripts/ensure.mjs", "build"], { stdio: "ignore", env: { ...process.env, ...env } });
  server = await startHeadwater({ env: { ...env, HEADWATER_TOKEN: TOKEN } });
  proxy = mountedAt(Number(new URL(server.url).port)).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  host = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const sent = shop();
  truth = sent.truth;
  await sendSpans(server, sent.spans, TOKEN);
});

test.afterAll(() => {
  proxy.closeAllConnections();
  proxy.close();
});

test.beforeEach(() => {
  strayed.length = 0;
});
test.afterEach(() => {
  expect(strayed, "requests beside the base path").toEqual([]);
});

const services = (): string[] =>
  [...new Set(truth.list().flatMap(({ caller, callee }) => [caller, callee]))].filter((id) => !id.includes(":"));

test("the way in, every screen, and links between them", async ({ page, expectFault }) => {
  expectFault(/401/); // before the token
  await page.goto(`${host}${BASE}`);
  await expect(page).toHaveURL(`${host}${BASE}/map`);
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByText(/^\d+ nodes/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause" })).toHaveText("Live"); // the stream comes through
  const cookies = await page.context().cookies(`${host}${BASE}/map`);
  expect(cookies.find(({ name }) => name === "headwater_token")).toMatchObject({ path: BASE, httpOnly: true });
  expect((await page.context().cookies(host)).map(({ name }) => name)).not.toContain("headwater_token");
  for (const screen of ["Services", "Dependencies", "SLA", "Cycles", "Traces", "Sources", "Map"]) {
    await page.getByRole("navigation", { name: "Screens" }).getByRole("link", { name: screen, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`${BASE}/${screen.toLowerCase()}`));
    await expect(page.getByRole("alert").filter({ hasText: /did not|cannot|failed/ })).toHaveCount(0);
  }
  await page.goto(`${host}${BASE}/traces`);
  await page
    .getByRole("grid", { name: "Traces" })
    .getByTitle(/^[0-9a-f]{32}$/)
    .first()
    .dblclick();
  await expect(page).toHaveURL(new RegExp(`${BASE}/traces/[0-9a-f]{32}`));
  await expect(page.getByRole("tree")).toBeVisible();
});

test("API, stream, icon and probes; nothing of it beside the path", async () => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const graph = (await (await fetch(`${host}${BASE}/api/v1/graph`, { headers })).json()) as { nodes: { id: string }[] };
  expect(graph.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(services()));
  const description = (await (await fetch(`${host}${BASE}/api/v1/openapi.json`, { headers })).json()) as {
    servers: { url: string }[];
  };
  expect(description.servers).toEqual([{ url: BASE }]);
  const { doors } = (await (await fetch(`${host}${BASE}/api/v1/sources`, { headers })).json()) as {
    doors: { name: string; address: string }[];
  };
  const { address } = doors.find(({ name }) => name === "import")!;
  expect(address).toBe(`${server.url.replace("127.0.0.1", "localhost")}/api/v1/import`);
  const file = Buffer.from(encodeSpans(namedCall({ caller: "web", callee: "api" })));
  const imported = await fetch(address, { method: "POST", headers, body: file });
  expect(await imported.json()).toMatchObject({ stored: 2 });
  const stop = new AbortController();
  const stream = await fetch(`${host}${BASE}/api/v1/graph/stream`, { headers, signal: stop.signal });
  const { value } = await stream.body!.getReader().read();
  expect(new TextDecoder().decode(value)).toMatch(/^event: graph\n/);
  stop.abort();
  for (const path of ["/healthz", "/readyz", "/icon.svg"])
    expect((await fetch(`${host}${BASE}${path}`)).status, path).toBe(200);
  const port = new URL(server.url).port;
  expect((await fetch(`http://127.0.0.1:${port}/api/v1/graph`, { headers })).status).toBe(404);
  expect(server.stdout()).toContain(`:${port}${BASE}/map`);
});

test("twin: a page that leaves the path is caught", async ({ page, expectFault }) => {
  expectFault(/404/);
  await page.goto(`${host}${BASE}/readyz`);
  await page.evaluate(() => fetch("/api/v1/graph"));
  expect(strayed.splice(0)).toContain("/api/v1/graph");
});
