// Real trace files of other people, through the door for files to what every screen says. What is true is counted here, from the
// files themselves, by the parent of each span; and by what their collection states.
import type { Page } from "@playwright/test";
import { hasSharedData, readShared, sourceCounts } from "@/test/helpers/shared-data";
import { expect, type Headwater, test } from "./fixtures";

const FILES = [
  "traceweaver_hotel-reservation_load150_first-n.json",
  "traceweaver_hotel_one-original.json",
  "traceweaver_nodejs_load150_first-n.json",
];

interface JaegerSpan {
  readonly spanID: string;
  readonly processID: string;
  readonly references: readonly { readonly refType: string; readonly spanID: string }[];
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}
interface JaegerFile {
  readonly data: readonly {
    readonly spans: readonly JaegerSpan[];
    readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
  }[];
}

interface Truth {
  readonly spans: number;
  readonly traces: number;
  readonly services: string[];
  /** `caller → callee` and calls. */
  readonly calls: Map<string, number>;
  /** Requests from outside: spans of servers without a parent, by service. */
  readonly entries: Map<string, number>;
}

function count(file: JaegerFile): Truth {
  const services = new Set<string>();
  const [calls, entries] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, key: string): unknown => to.set(key, (to.get(key) ?? 0) + 1);
  let spans = 0;
  for (const trace of file.data) {
    const byId = new Map(trace.spans.map((span) => [span.spanID, span]));
    const serviceOf = (span: JaegerSpan): string => trace.processes[span.processID]!.serviceName;
    spans += trace.spans.length;
    for (const span of trace.spans) {
      services.add(serviceOf(span));
      const parentId = span.references.find(({ refType }) => refType === "CHILD_OF")?.spanID;
      if (parentId === undefined) {
        if (span.tags.some(({ key, value }) => key === "span.kind" && value === "server"))
          add(entries, serviceOf(span));
        continue;
      }
      const parent = serviceOf(byId.get(parentId)!);
      if (parent !== serviceOf(span)) add(calls, `${parent} → ${serviceOf(span)}`);
    }
  }
  return { spans, traces: file.data.length, services: [...services].sort(), calls, entries };
}

/** Nobody calls anybody back: services without callers are taken away until none is left. */
function hasLoop({ calls, services }: Truth): boolean {
  const edges = [...calls.keys()].map((key) => key.split(" → "));
  let left = new Set(services);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    left = new Set(
      [...left].filter((service) => edges.some(([caller, callee]) => callee === service && left.has(caller!))),
    );
  }
  return left.size > 0;
}

const firstText = (page: Page): Promise<(string | null | undefined)[]> =>
  page.getByRole("treeitem").evaluateAll((items) => items.map((item) => item.querySelector("span")?.textContent));

test.describe("real files", () => {
  test.skip(!hasSharedData, "The collection of real trace files does not lie beside the checkout.");

  for (const name of FILES) {
    test.describe(name, () => {
      let server: Headwater;
      let truth: Truth;
      let question: string;

      test.beforeAll(async ({ startHeadwater }) => {
        const bytes = readShared(`jaeger/${name}`);
        truth = count(JSON.parse(new TextDecoder().decode(bytes)) as JaegerFile);
        server = await startHeadwater();
        const response = await fetch(`${server.url}/api/v1/import`, { method: "POST", body: Buffer.from(bytes) });
        const answer = (await response.json()) as { stored: number; window: { from: string; to: string } };
        expect(answer).toMatchObject({
          format: "Jaeger JSON",
          received: truth.spans,
          stored: truth.spans,
          rejected: 0,
        });
        question = `from=${answer.window.from}&to=${new Date(Date.parse(answer.window.to) + 1).toISOString()}`;
        const all = [...truth.calls.values(), ...truth.entries.values()].reduce((sum, calls) => sum + calls, 0);
        const counted = async (): Promise<number> => {
          const graph = (await (await fetch(`${server.url}/api/v1/graph?${question}`)).json()) as {
            edges: { calls: number }[];
          };
          return graph.edges.reduce((sum, { calls }) => sum + calls, 0);
        };
        await expect.poll(counted, { timeout: 30_000 }).toBe(all);
      });

      test("is what its collection says", () => {
        const { spans, traces, services } = truth;
        expect({ spans, traces, services: services.length }).toEqual(sourceCounts().get(name));
      });

      test("the outline names its services, and end users where requests come in", async ({ page }) => {
        await page.goto(`${server.url}/map?${question}&outline=true`);
        const users = truth.entries.size > 0 ? ["end users"] : [];
        await expect(page.getByRole("treeitem")).toHaveCount(truth.services.length + users.length);
        expect((await firstText(page)).sort()).toEqual([...truth.services, ...users].sort());
      });

      test("the table of services has them all, with their neighbours", async ({ page }) => {
        await page.goto(`${server.url}/services?${question}`);
        for (const service of truth.services) {
          const row = page.getByRole("row").filter({ has: page.getByRole("gridcell", { name: service, exact: true }) });
          await expect(row, service).toHaveCount(1);
          const keys = [...truth.calls.keys()].map((key) => key.split(" → "));
          const [callers, callees] = [
            keys.filter(([, callee]) => callee === service).length + (truth.entries.has(service) ? 1 : 0), // end users
            keys.filter(([caller]) => caller === service).length,
          ];
          const cells = await row.getByRole("gridcell").allTextContents();
          const heads = await page.getByRole("columnheader").allTextContents();
          const cell = (title: string): string | undefined => cells[heads.findIndex((head) => head.startsWith(title))];
          expect([cell("Callers"), cell("Callees")], service).toEqual([String(callers), String(callees)]);
        }
      });

      test("dependencies are its calls, and nothing else", async ({ page }) => {
        await page.goto(`${server.url}/dependencies?${question}`);
        const rows = page.getByRole("row");
        await expect(rows).toHaveCount(1 + truth.calls.size + truth.entries.size);
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name: "Export CSV" }).click();
        const chunks: Buffer[] = [];
        for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
        const [head, ...lines] = Buffer.concat(chunks).toString().trim().split("\n");
        const at = (column: string): number => head!.split(",").indexOf(column);
        const shown = lines.map((line) => {
          const cells = line.split(",");
          return `${cells[at("caller")]} → ${cells[at("callee")]}: ${cells[at("calls")]} calls, ${cells[at("errors")]} errors`;
        });
        const users = [...truth.entries].map(([service, calls]) => [`end users → ${service}`, calls] as const);
        expect(shown.sort()).toEqual(
          [...truth.calls, ...users].map(([key, calls]) => `${key}: ${calls} calls, 0 errors`).sort(),
        );
      });

      test("no ceiling is below 100 %, because nothing failed; and none is promised", async ({ page }) => {
        await page.goto(`${server.url}/sla?${question}`);
        await expect(page.getByRole("region", { name: "No objectives" })).toBeVisible();
        for (const service of truth.services) {
          const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: service, exact: true }) });
          await expect(row).toHaveCount(1);
          await expect(row).not.toContainText(/9\d\.\d+\s%/);
          const calls = [...truth.calls.keys()].some((key) => key.startsWith(`${service} → `));
          const answers =
            [...truth.calls.keys()].some((key) => key.endsWith(` → ${service}`)) || truth.entries.has(service);
          if (!calls) await expect(row).toContainText("calls nobody");
          if (answers) await expect(row).toContainText(/100\s%/);
        }
      });

      test("nothing goes in circles", async ({ page }) => {
        expect(hasLoop(truth)).toBe(false);
        await page.goto(`${server.url}/cycles?${question}`);
        await expect(page.getByText("No service depends on itself through others in this window.")).toBeVisible();
      });
    });
  }
});

test("the count of calls, and of loops, would tell another file apart", () => {
  const span = (spanID: string, parent: string | null): JaegerSpan => ({
    spanID,
    processID: spanID,
    references: parent === null ? [] : [{ refType: "CHILD_OF", spanID: parent }],
    tags: [],
  });
  const processes = { a: { serviceName: "x" }, b: { serviceName: "y" }, c: { serviceName: "x" } };
  const chain = { data: [{ spans: [span("a", null), span("b", "a")], processes }] };
  const loop = { data: [{ spans: [...chain.data[0]!.spans, span("c", "b")], processes }] };
  expect([...count(chain).calls]).toEqual([["x → y", 1]]);
  expect(hasLoop(count(chain))).toBe(false);
  expect(hasLoop(count(loop))).toBe(true);
});
