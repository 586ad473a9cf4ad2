// The canary on the pages: seen where one looks for it, and nowhere else.
import { Graph } from "@/lib/contract/graph";
import { Sources } from "@/lib/contract/sources";
import { expect, type Headwater, test } from "./fixtures";

const written = async ({ url }: Headwater): Promise<number> =>
  Sources.parse(await (await fetch(`${url}/api/v1/sources`)).json()).canary!.written;

test("an empty server is empty, and Sources says that each trace was found", async ({ page, startHeadwater }) => {
  const server = await startHeadwater({ env: { HEADWATER_CANARY: "200ms" } });
  await expect.poll(() => written(server)).toBeGreaterThanOrEqual(3);
  await page.goto(`${server.url}/map`);
  await expect(page.getByRole("heading", { name: "No spans yet. Send some, and the map draws itself." })).toBeVisible();
  await expect(page.getByText("0 spans received")).toBeVisible();

  await page.goto(`${server.url}/sources`);
  await expect(page.getByText(/^Each trace found, the last in [\d.]+ m?s\.$/)).toBeVisible();
  await expect(page.getByText("a trace of the server's own, every 0.2 s")).toBeVisible();
  await expect(page.getByText("Nobody has sent spans yet.")).toBeVisible();
  await expect(page.getByText("Nothing to complain about.")).toBeVisible();
  await expect(page.getByText(/the oldest came/)).toHaveCount(0);
  for (const cell of await page.getByRole("region", { name: "Doors" }).getByRole("row").nth(1).getByRole("cell").all())
    await expect(cell).toHaveText(/^(otlp-http|http:\S+|0|–)$/);

  const graph = Graph.parse(await (await fetch(`${server.url}/api/v1/graph?last=1h`)).json());
  expect([graph.environment, graph.environments, graph.nodes]).toEqual(["", [], []]);
});

test("who names its environment sees one call a trace", async ({ page, startHeadwater }) => {
  const server = await startHeadwater({ env: { HEADWATER_CANARY: "200ms" } });
  await expect.poll(() => written(server)).toBeGreaterThanOrEqual(2);
  await page.goto(`${server.url}/map?env=headwater.canary`);
  await expect(page.getByText(/^2 nodes, largest/)).toBeVisible();
});

test("switched off, Sources says so", async ({ page, startHeadwater }) => {
  const server = await startHeadwater({ env: { HEADWATER_CANARY: "off" } });
  await page.goto(`${server.url}/sources`);
  await expect(page.getByText("Switched off.")).toBeVisible();
});
