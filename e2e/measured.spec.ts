// Numbers that are measured: what the legend says is what colours mean, and quantiles are those of the calls that were made.
import type { Page } from "@playwright/test";
import type { Graph, GraphEdge } from "@/lib/contract/graph";
import { asText, formatMs } from "@/lib/domain/format-number";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { expect, type Headwater, sendSpans, test } from "./fixtures";
import { namedCall } from "./named-call";
import { type Shop, shop } from "./shop";
import { shownGraph } from "./shown-graph";

test.describe("the legend of health", () => {
  let server: Headwater;
  let graph: Graph;
  /** Calls of which one fails, just beside the thresholds and on them. */
  const SIZES = [1001, 1000, 101, 100];

  test.beforeAll(async ({ startHeadwater }) => {
    server = await startHeadwater();
    const calls = (callee: string, count: number, failures: number): Span[] =>
      Array.from({ length: count }, (_, i) => namedCall({ caller: "web", callee, failed: i < failures })).flat();
    await sendSpans(server, [...SIZES.flatMap((size) => calls(`one-of-${size}`, size, 1)), ...calls("well", 10, 0)]);
    graph = (await (await fetch(`${server.url}/api/v1/graph`)).json()) as Graph;
  });

  /** What the page says of an edge beside what its own legend says of such a share. */
  async function compare(page: Page, edge: GraphEdge, shift = 1): Promise<{ said: string; meant: string }> {
    await page.goto(`${server.url}/map?sel=edge:${edge.id}`);
    const chip = page.getByRole("complementary").getByText(/^(ok|degraded|failing) [\d.]+\s%$/);
    const said = (await chip.textContent())!.split(" ")[0]!;
    const legend = await page.locator("footer").textContent();
    const [, below] = /ok < ([\d.]+) %/.exec(legend!)!;
    const [, from, to] = /degraded ([\d.]+)–([\d.]+) %/.exec(legend!)!;
    const [, above] = /failing ≥ ([\d.]+) %/.exec(legend!)!;
    expect([below, to]).toEqual([from, above]); // nothing between them, nothing twice
    const percent = (edge.errors / edge.calls) * 100 * shift;
    return { said, meant: percent < Number(below) ? "ok" : percent < Number(above) ? "degraded" : "failing" };
  }

  test("has the thresholds by which the map is coloured", async ({ page }) => {
    const seen: string[] = [];
    for (const callee of [...SIZES.map((size) => `one-of-${size}`), "well"]) {
      const edge = graph.edges.find((candidate) => candidate.callee === callee)!;
      const { said, meant } = await compare(page, edge);
      expect(said, callee).toBe(meant);
      seen.push(said);
    }
    expect(seen).toEqual(["ok", "degraded", "degraded", "failing", "ok"]);
  });

  test("twin: with other thresholds than it has, the comparison fails", async ({ page }) => {
    const edge = graph.edges.find(({ callee }) => callee === "one-of-100")!;
    const { said, meant } = await compare(page, edge, 0.99);
    expect(said).not.toBe(meant);
  });
});

test.describe("quantiles of an edge", () => {
  let server: Headwater;
  let told: Shop;
  let graph: Graph;
  const QUANTILES = { p50Ms: 0.5, p90Ms: 0.9, p95Ms: 0.95, p99Ms: 0.99 } as const;
  const SIDES = ["client", "server", "gap"] as const;
  /** Half a bucket of 16 an octave, and a microsecond of rounding. */
  const isNear = (shown: number, true_: number): boolean => Math.abs(shown - true_) <= true_ / 32 + 0.001;

  test.beforeAll(async ({ startHeadwater }) => {
    server = await startHeadwater();
    told = shop({ requests: 400 });
    await sendSpans(server, told.spans);
    graph = await shownGraph(server, told);
  });

  const serviceOf = (span: Span): string => textAttribute(span.resource.attributes, "service.name")!;
  const msOf = ({ startNs, endNs }: Span): number => Number((endNs - startNs) / 1000n) / 1000;

  /** Milliseconds of every call between two services, from the spans of both: their ids say which belong together. */
  function samplesOf({ caller, callee }: GraphEdge): Record<(typeof SIDES)[number], number[]> {
    const clients = new Map(
      told.spans.filter(({ kind }) => kind === SpanKind.CLIENT).map((span) => [span.spanId, span]),
    );
    const pairs = told.spans
      .filter((span) => span.kind === SpanKind.SERVER && serviceOf(span) === callee)
      .flatMap((server) => {
        const client = clients.get(server.parentSpanId);
        return client && serviceOf(client) === caller ? [{ client: msOf(client), server: msOf(server) }] : [];
      });
    return {
      client: pairs.map(({ client }) => client),
      server: pairs.map(({ server }) => server),
      gap: pairs.map(({ client, server }) => Math.max(0, client - server)),
    };
  }

  const nearestRank = (samples: readonly number[], q: number): number =>
    [...samples].sort((a, b) => a - b)[Math.ceil(q * samples.length) - 1]!;

  const betweenServices = (): GraphEdge[] =>
    graph.edges.filter((edge) => edge.kind === "sync" && edge.confidence.paired > 0);

  test("are, on the page, what the API says, and that is what the simulator did", async ({ page }) => {
    const edges = betweenServices();
    expect(edges.length).toBeGreaterThan(5);
    for (const edge of edges) {
      const samples = samplesOf(edge);
      expect(samples.server.length, edge.id).toBe(edge.calls);
      for (const side of SIDES)
        for (const [name, q] of Object.entries(QUANTILES)) {
          const answered = edge.latency[side][name as keyof typeof QUANTILES]!;
          const truth = nearestRank(samples[side], q);
          expect(isNear(answered, truth), `${edge.caller} ${edge.callee} ${side} ${name} ${answered} ${truth}`).toBe(
            true,
          );
        }
    }
    for (const edge of edges.slice(0, 4)) expect(await rowsShown(page, edge)).toEqual(rowsAnswered(edge));
  });

  test("of a side that sends no spans are not there", async ({ page }) => {
    const edge = graph.edges.find(({ kind }) => kind === "database")!;
    expect(await rowsShown(page, edge)).toEqual(rowsAnswered(edge));
    expect(rowsAnswered(edge).slice(1)).toEqual([
      ["–", "–", "–", "–"],
      ["–", "–", "–", "–"],
    ]);
  });

  test("twin: a side for another, and a quantile for the next, are seen", async ({ page }) => {
    const [edge] = betweenServices();
    const { client, server } = samplesOf(edge!);
    expect(isNear(edge!.latency.server.p50Ms!, nearestRank(client, 0.5))).toBe(false);
    expect(isNear(edge!.latency.server.p50Ms!, nearestRank(server, 0.9))).toBe(false);
    const { latency } = edge!;
    const swapped = { ...edge!, latency: { ...latency, client: latency.server, server: latency.client } };
    expect(await rowsShown(page, edge!)).not.toEqual(rowsAnswered(swapped));
  });

  const rowsAnswered = ({ latency }: GraphEdge): string[][] =>
    SIDES.map((side) =>
      Object.keys(QUANTILES).map((name) => asText(formatMs(latency[side][name as keyof typeof QUANTILES]))),
    );

  async function rowsShown(page: Page, { id }: GraphEdge): Promise<string[][]> {
    await page.goto(`${server.url}/map?sel=edge:${id}`);
    const table = page.getByRole("complementary").getByRole("table").filter({ hasText: "Gap, paired spans" });
    await expect(table.getByRole("columnheader")).toHaveText(["Side", "p50", "p90", "p95", "p99"]);
    const rows = table.getByRole("row").filter({ has: page.getByRole("cell") });
    await expect(rows.getByRole("rowheader")).toHaveText([/^Client · /, /^Server · /, "Gap, paired spans"]);
    return await rows.evaluateAll((list) =>
      list.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
    );
  }
});
