// What the pages say against what really happened: a seed chosen at run time, every name and every count.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Graph } from "@/lib/contract/graph";
import { asText, formatCount, formatShare } from "@/lib/domain/format-number";
import type { TrueEdge } from "@/lib/simulate/truth";
import { expect, type Headwater, test } from "./fixtures";
import { type Shop, shop } from "./shop";
import { shownGraph } from "./shown-graph";

const keyOf = (edge: { caller: string; callee: string; via: string | null; kind: string }): string =>
  [edge.kind, edge.caller, edge.callee, edge.via ?? ""].join(" ");
const errorsOf = (edge: TrueEdge): number => edge.calleeErrors + edge.betweenErrors;

interface Told {
  readonly server: Headwater;
  readonly told: Shop;
  readonly graph: Graph;
}

async function tell(server: Headwater, send: (spans: Shop["spans"], to: Headwater) => Promise<void>): Promise<Told> {
  const told = shop({ requests: 400 });
  await send(told.spans, server);
  return { server, told, graph: await shownGraph(server, told) };
}

test.describe("a system that is known to the last call", () => {
  let known: Told;

  test.beforeAll(async ({ startHeadwater }) => {
    const { sendSpans } = await import("./fixtures");
    known = await tell(await startHeadwater(), (spans, to) => sendSpans(to, spans));
    test.info().annotations.push({ type: "seed", description: known.told.seed });
  });

  test("the outline names every node, and nothing else", async ({ page }) => {
    const names = new Set(known.graph.nodes.map(({ name }) => name));
    const truth = new Set(known.told.truth.list().flatMap(({ caller, callee, via }) => [caller, callee, via]));
    truth.delete("");
    expect(new Set(known.graph.nodes.map(({ id }) => id))).toEqual(truth);
    await page.goto(`${known.server.url}/map?outline=true`);
    const items = page.getByRole("treeitem");
    await expect(items).toHaveCount(names.size);
    const shown = await items.evaluateAll((list) => list.map((item) => item.querySelector("span")?.textContent));
    expect(new Set(shown)).toEqual(names);
  });

  test("the table exports every edge with its calls and errors", async ({ page }) => {
    await page.goto(`${known.server.url}/dependencies`);
    await expect(page.getByRole("status").filter({ hasText: /^\d+ edges$/ })).toHaveText(
      `${known.told.truth.list().length} edges`,
    );
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const [head, ...lines] = (await readFile(await (await download).path(), "utf8")).trim().split("\n");
    const columns = head!.split(",");
    const at = (name: string): number => columns.indexOf(name);
    const rows = lines.map((line) => line.split(","));
    const shown = new Map(
      rows.map((row) => [
        [row[at("kind")], row[at("caller_id")], row[at("callee_id")], row[at("via_id")]].join(" "),
        { calls: Number(row[at("calls")]), errors: Number(row[at("errors")]) },
      ]),
    );
    const truth = new Map(
      known.told.truth.list().map((edge) => [keyOf(edge), { calls: edge.calls, errors: errorsOf(edge) }]),
    );
    expect(shown).toEqual(truth);
  });

  test("the panel of every edge shows its true counts", async ({ page }) => {
    const ids = new Map(known.graph.edges.map((edge) => [keyOf(edge), edge]));
    const nameOf = (id: string): string => known.graph.nodes.find((node) => node.id === id)!.name;
    for (const truth of known.told.truth.list()) {
      const edge = ids.get(keyOf(truth))!;
      await page.goto(`${known.server.url}/map?sel=edge:${edge.id}`);
      const panel = page.getByRole("complementary");
      await expect(panel.getByRole("heading", { level: 2 })).toHaveText(
        new RegExp(`^${literally(nameOf(truth.caller))} .* ${literally(nameOf(truth.callee))}$`),
      );
      const unit = truth.kind === "async" ? "messages" : "calls";
      await expectErrors(panel, errorsOf(truth), truth.calls, unit);
    }
  });

  test("a check with a wrong count fails", async ({ page }) => {
    test.fail();
    const [truth] = known.told.truth.list();
    const edge = known.graph.edges.find((candidate) => keyOf(candidate) === keyOf(truth!))!;
    await page.goto(`${known.server.url}/map?sel=edge:${edge.id}`);
    const unit = truth!.kind === "async" ? "messages" : "calls";
    await expectErrors(page.getByRole("complementary"), errorsOf(truth!), truth!.calls + 1, unit);
  });

  test("a trace is shown whole", async ({ page }) => {
    const sizes = new Map<string, number>();
    for (const { traceId } of known.told.spans) sizes.set(traceId, (sizes.get(traceId) ?? 0) + 1);
    const [traceId, size] = [...sizes].sort((a, b) => b[1] - a[1])[0]!;
    await page.goto(`${known.server.url}/traces/${traceId}`);
    await expect(page.getByText(`${size} spans`, { exact: true })).toBeVisible();
    const names = await page.getByRole("treeitem").evaluateAll((list) => list.map((item) => item.ariaLabel));
    expect(names.length).toBe(size);
    const services = known.told.spans
      .filter((span) => span.traceId === traceId)
      .map((span) => String(span.resource.attributes.find(([key]) => key === "service.name")?.[1]));
    expect(names.map((name) => name!.split(", ")[0]).sort()).toEqual(services.sort());
  });
});

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

async function expectErrors(panel: ReturnType<Page["getByRole"]>, errors: number, calls: number, unit: string) {
  const share = asText(formatShare(errors, calls));
  const counted = `${asText(formatCount(errors))} of ${asText(formatCount(calls))} ${unit}`;
  await expect(panel.getByRole("heading", { name: /^Errors by whose fault/ })).toContainText(`${share} ${counted}`);
}
