// Aliases and gateways of headwater.yaml on the screens, edited while they are looked at, against what the simulator knows: a
// seed chosen at run time.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Graph } from "@/lib/contract/graph";
import { asText, formatCount } from "@/lib/domain/format-number";
import type { Attribute, Span } from "@/lib/domain/span";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { type Shop, shop } from "./shop";
import { shownGraph } from "./shown-graph";

const NAME = "order-service";
const OLD = "legacy-order-service";
const NAMES_YAML = `aliases:\n  ${NAME}: [${OLD}]\ngateways: [api-gateway]\n`;

let folder: string;
let config: string;
let server: Headwater;
let told: Shop;

/** In every other trace the service has its old name. */
function withOldName(spans: readonly Span[]): Span[] {
  return spans.map((span) => {
    if (Number.parseInt(span.traceId.at(-1)!, 16) % 2 === 0) return span;
    const attributes = span.resource.attributes.map(
      ([key, value]): Attribute => [key, key === "service.name" && value === NAME ? OLD : value],
    );
    return { ...span, resource: { ...span.resource, attributes } };
  });
}

test.beforeAll(async ({ startHeadwater }) => {
  folder = mkdtempSync(join(tmpdir(), "headwater-names-"));
  config = join(folder, "headwater.yaml");
  writeFileSync(config, NAMES_YAML);
  server = await startHeadwater({ env: { HEADWATER_CONFIG: config } });
  told = shop({ requests: 200 });
  await sendSpans(server, withOldName(told.spans));
  await shownGraph(server, told);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));
test.beforeEach(() => writeFileSync(config, NAMES_YAML));

const callsTo = (callee: string): number =>
  told.truth.list().reduce((sum, edge) => sum + (edge.callee === callee && edge.kind === "sync" ? edge.calls : 0), 0);

test("a link to the old name opens the service, says so, and counts both names", async ({ page }) => {
  await page.goto(`${server.url}/map?sel=node:${OLD}`);
  await expect(page.getByRole("status").filter({ hasText: OLD })).toHaveText(
    `“${OLD}” is an alias of ${NAME} in headwater.yaml: this is ${NAME}.`,
  );
  const panel = page.getByRole("complementary", { name: NAME });
  await expect(panel).toContainText(`also seen as ${OLD}`);
  await expect(panel).toContainText(`${asText(formatCount(callsTo(NAME)))} requests`);

  await page.goto(`${server.url}/services/${OLD}`);
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(NAME);
  await expect(page.getByRole("status").filter({ hasText: OLD })).toContainText(`this is ${NAME}.`);
  await expect(page.getByRole("main")).toContainText(`also seen as ${OLD}`);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.goto(`${server.url}/services/${NAME}`);
  await expect(page.getByRole("main")).toContainText(`also seen as ${OLD}`);
  await expect(page.getByText("is an alias of")).toHaveCount(0);
});

test("a link to an edge of the old name opens the edge that it is counted on", async ({ page }) => {
  writeFileSync(config, "");
  const { edges } = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as Graph;
  const old = edges.find(({ caller, callee }) => caller === "api-gateway" && callee === OLD)!;
  writeFileSync(config, NAMES_YAML);
  await page.goto(`${server.url}/map?sel=edge:${old.id}`);
  await expect(page.getByRole("complementary", { name: `api-gateway calls ${NAME}` })).toBeVisible();
  await expect(
    page.getByText("The selected edge is counted on this one, by the aliases in headwater.yaml."),
  ).toBeVisible();
});

test("a trace keeps the name that its spans have, and says what it is counted as", async ({ page }) => {
  const span = withOldName(told.spans).find(({ resource }) =>
    resource.attributes.some(([key, value]) => key === "service.name" && value === OLD),
  )!;
  await page.goto(`${server.url}/traces/${span.traceId}`);
  await page
    .getByRole("treeitem", { name: new RegExp(`^${OLD}, `) })
    .first()
    .click();
  const panel = page.getByRole("complementary");
  await expect(panel).toContainText(`${OLD} counted as ${NAME}`);
  await panel.getByRole("link", { name: OLD }).click();
  await expect(page).toHaveURL(new RegExp(`/services/${OLD}`));
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(NAME);
});

test("an edit is on the map at once, and can be taken back", async ({ page }) => {
  writeFileSync(config, "");
  await page.goto(`${server.url}/map?outline=true`);
  const outline = page.getByRole("treeitem", { name: new RegExp(`^${OLD}`) });
  await expect(outline.first()).toBeVisible();
  writeFileSync(config, NAMES_YAML);
  await expect(outline).toHaveCount(0);
  writeFileSync(config, "");
  await expect(outline.first()).toBeVisible();
});

test("a file with errors leaves what it declared before, and every screen says so", async ({ page }) => {
  const { aliases } = ((await (await fetch(`${server.url}/api/v1/graph`)).json()) as Graph).nodes.find(
    ({ id }) => id === NAME,
  )!;
  expect(aliases).toEqual([OLD]);
  writeFileSync(config, `${NAMES_YAML}objectives: { ${NAME}: { availability: 99.9 } }\n`);
  const sentence =
    `headwater.yaml, line 4: objectives.${NAME}.availability: must be text such as "99.9%"; got 99.9.` +
    " What it declared before is in force.";
  for (const path of ["/map", "/services", `/services/${NAME}`, "/dependencies", "/cycles"]) {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByRole("status").filter({ hasText: "headwater.yaml" }), path).toHaveText(sentence);
  }
  await page.goto(`${server.url}/services/${NAME}`);
  await expect(page.getByRole("main")).toContainText(`also seen as ${OLD}`);
  await page.goto(`${server.url}/sla`);
  await expect(page.getByRole("region", { name: "Configuration" })).toContainText("line 4");
});

test("a declared gateway is among the services, of its own kind", async ({ page }) => {
  await page.goto(`${server.url}/services`);
  await expect(page.getByRole("row", { name: /^api-gateway/ })).toContainText("Gateway");
  await page.goto(`${server.url}/map?sel=node:api-gateway`);
  await expect(page.getByRole("complementary", { name: "api-gateway" })).toContainText("Gateway");
});

// The guide: "From an external client's perspective the API Gateway is the single upstream. From the perspective of your internal
// services it is a downstream caller that invokes their APIs." Its words are those of the data flow; the other way round reads
// the other way round.
for (const [perspective, toClients, toServices, caller] of [
  ["data-flow", "upstream", "downstream", "a downstream caller"],
  ["request-flow", "downstream", "upstream", "an upstream caller"],
] as const) {
  test(`a declared gateway reads as the guide has it: ${perspective}`, async ({ page }) => {
    const sync = told.truth.list().filter(({ kind }) => kind === "sync");
    const callees = new Set(sync.filter(({ caller }) => caller === "api-gateway").map(({ callee }) => callee)).size;
    const callers = new Set(sync.filter(({ callee }) => callee === "api-gateway").map(({ caller }) => caller)).size;
    const users = told.truth.list().some(({ kind, callee }) => kind === "entry" && callee === "api-gateway");
    const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
    await page.goto(`${server.url}/services/api-gateway?perspective=${perspective}`);
    const main = page.getByRole("main");
    await expect(main).toContainText("api-gateway is upstream and downstream.");
    const behind = `${capital(toClients)} of it: the ${callees} that it calls.`;
    const services = `the ${callers} that ${callers === 1 ? "calls" : "call"} it`;
    const before = `${capital(toServices)} of it: ${services}${users ? " and end users" : ""}.`;
    await expect(main).toContainText(behind);
    await expect(main).toContainText(before);
    await expect(main).toContainText(
      `As a gateway it is the single ${toClients} of its clients, end users too, and ${caller} to the services behind it.`,
    );
    const advice = page.locator("section", {
      has: page.getByRole("heading", { level: 3, name: "What its role asks for" }),
    });
    await expect(advice).toContainText(
      `${capital(toClients)} of ${callers} that ${callers === 1 ? "calls" : "call"} it`,
    );
    await expect(advice).toContainText(`${capital(toServices)} of ${callees} that it calls`);
    await page.goto(`${server.url}/services/web-client?perspective=${perspective}`);
    await expect(main).toContainText(`${capital(toClients)} of it: the 1 that it calls.`);
  });
}
