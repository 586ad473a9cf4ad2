// The engine's thread dies and the process goes on: everybody who asks is told, nobody waits, and nothing old passes for new.
import type { Health } from "@/lib/contract/sources";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { call, frame } from "@/test/helpers/server-requests";
import { expect, type Headwater, test } from "./fixtures";
import { namedCall } from "./named-call";

const WHY = "the engine stopped (exit code 7)";
const spans = () => namedCall({ caller: "web", callee: "api" });
const askHealth = async ({ url }: Headwater): Promise<[status: number, failure: string | null]> => {
  const answer = await fetch(`${url}/healthz`);
  return [answer.status, ((await answer.json()) as Health).failure];
};
const sendRubbish = ({ otlpUrl }: Headwater): Promise<Response> =>
  fetch(`${otlpUrl}/v1/traces`, { method: "POST", headers: { "content-type": "text/plain" }, body: "rubbish" });

test("who asks a dead engine is told, and an open map says that it is old", async ({
  page,
  startHeadwater,
  send,
  expectFault,
}) => {
  expectFault(/status of 503/);
  const server = await startHeadwater({ env: { HEADWATER_SABOTAGE: "dieOnRefusal" } });
  await send(spans(), server);
  await page.goto(`${server.url}/map`);
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
  const live = page.getByRole("button", { name: "Pause" });
  await expect(live).toHaveText("Live");
  expect(await askHealth(server)).toEqual([200, null]);
  await sendRubbish(server);

  await expect.poll(() => askHealth(server)).toEqual([503, WHY]);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^headwater_up 0$/m);
  const body = Buffer.from(encodeSpans(spans()));
  const post = await fetch(`${server.otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body,
  });
  expect([post.status, Number(post.headers.get("retry-after"))]).toEqual([503, 30]);
  expect(await call(new URL(server.grpcUrl).host, [frame(body)])).toMatchObject({ code: 14, text: WHY });
  for (const path of ["graph", "sources", "traces", "cycles"]) {
    const answer = await fetch(`${server.url}/api/v1/${path}`);
    expect([answer.status, await answer.json()], path).toMatchObject([503, { detail: WHY }]);
  }
  const upload = await fetch(`${server.url}/api/v1/import`, { method: "POST", body });
  expect([upload.status, await upload.json()]).toMatchObject([503, { detail: WHY }]);
  expect(server.stderr()).toContain(`"level":"error","event":"engine_failed","message":"${WHY}"}`);

  await expect(live).toContainText("No answer", { timeout: 20_000 });
  await expect(page.getByText(`Not up to date: ${WHY}`)).toBeVisible();
  for (const [path, title] of [
    ["map", "The map did not come."],
    ["services", "The table did not come."],
    ["sources", "The sources did not come."],
  ] as const) {
    await page.goto(`${server.url}/${path}`);
    await expect(page.getByText(title)).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("main").getByText(WHY)).toBeVisible();
    await expect(page.getByRole("status", { name: "Store" })).toHaveText(WHY);
  }
  expect(await server.stop()).toBe(1);
});

test("twin: of an engine that lives, none of this is said", async ({ page, startHeadwater, send }) => {
  const server = await startHeadwater();
  await send(spans(), server);
  await page.goto(`${server.url}/map`);
  await expect(page.getByText(/nodes, largest/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause" })).toHaveText("Live");
  expect((await sendRubbish(server)).status).toBe(415);
  await page.waitForTimeout(2_500); // the stream would have told by now
  expect(await askHealth(server)).toEqual([200, null]);
  await expect(page.getByRole("button", { name: "Pause" })).toHaveText("Live");
  await expect(page.getByText(/^Not up to date/)).toHaveCount(0);
  expect(server.stderr()).toBe("");
  await page.goto("about:blank"); // a page that is open would report the end of its stream
  expect(await server.stop()).toBe(0);
});
