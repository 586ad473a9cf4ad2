import { expect, test } from "./fixtures";
import { shop } from "./shop";

test("the map's page is served under a strict content security policy", async ({ page }) => {
  const answer = await page.goto("/map");
  expect(answer?.status()).toBe(200);
  expect(answer?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
  await expect(page).toHaveTitle(/Headwater/);
});

test("spans sent are spans in the graph", async ({ startHeadwater, send }) => {
  const server = await startHeadwater();
  const { spans, truth, seed } = shop();
  await send(spans, server);
  const services = new Set(
    truth
      .list()
      .flatMap(({ caller, callee }) => [caller, callee])
      .filter((id) => !id.includes(":")),
  );
  await expect
    .poll(
      async () => {
        const graph = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as {
          nodes: { id: string; kind: string }[];
        };
        return graph.nodes.map(({ id }) => id).filter((id) => !id.includes(":"));
      },
      { message: `services of ${seed}`, timeout: 20_000 },
    )
    .toEqual(expect.arrayContaining([...services]));
  expect(services.size).toBeGreaterThan(5);
  expect(server.stdout()).toMatch(/^Headwater is ready\.\n {2}map {8}http:/); // nothing of others before it
  expect(await server.stop()).toBe(0);
});

test.describe("the watch over pages", () => {
  test("catches errors on the console, uncaught ones, and what the content security policy forbids", async ({
    page,
    expectFault,
  }) => {
    expectFault(/^console: broken on purpose/);
    expectFault(/^page: Error: thrown on purpose/);
    expectFault(/^policy: style-src-elem forbids inline/);
    expectFault(/^console: .*Content Security Policy/);
    await page.goto("/map");
    await page.evaluate(() => {
      console.error("broken on purpose");
      setTimeout(() => {
        throw new Error("thrown on purpose");
      });
      const style = document.createElement("style");
      style.textContent = "body { color: red }";
      document.head.append(style);
    });
    await page.waitForTimeout(200);
  });

  test("fails a test whose page reports an error", async ({ page }) => {
    test.fail();
    await page.goto("about:blank");
    await page.evaluate(() => console.error("broken on purpose"));
  });

  test("fails a test whose expected error does not come", async ({ page, expectFault }) => {
    test.fail();
    expectFault(/never said/);
    await page.goto("about:blank");
  });
});
