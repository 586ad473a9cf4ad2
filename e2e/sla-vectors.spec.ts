// The worked examples of uptime, from spans and headwater.yaml to what the page says: the panel and the table, in both views. All
// digits are worked out by hand.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Sla } from "@/lib/contract/sla";
import { DAY_MS, traceFileOf } from "@/test/helpers/call-trees";
import { VECTORS, wrongIn, yamlOf } from "@/test/helpers/sla-vectors";
import { expect, type Headwater, test } from "./fixtures";

let server: Headwater;
let folder: string;
let config: string;

test.beforeAll(async ({ startHeadwater }) => {
  folder = mkdtempSync(join(tmpdir(), "headwater-vectors-"));
  config = join(folder, "headwater.yaml");
  writeFileSync(config, "");
  server = await startHeadwater({ env: { HEADWATER_CONFIG: config } });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Shown {
  readonly vector: string;
  readonly service: string;
  readonly side: "declared" | "observed";
  /** Of the panel: texts anywhere, and rows by the text that they begin with. */
  readonly texts: readonly string[];
  readonly rows: Readonly<Record<string, string>>;
  /** Of the row in the table. */
  readonly cells: readonly string[];
}

const SHOWN: readonly Shown[] = [
  {
    vector: "V1",
    service: "checkout",
    side: "declared",
    texts: [
      "99.900 % cannot be promised",
      "payments alone spends 5.0× the whole error budget",
      ".995 × .999 × .999 = .993011",
      // .999 to the power of a third, and half of the budget of .001 split in three.
      "Each of its 3 callees would have to promise 99.967 % for the target; 99.984 % if half of the budget stays with checkout itself.",
    ],
    rows: {
      "Best case": "99.500 %3 h 36 min43.8 h",
      Independent: "99.301 %5 h 02 min61.2 h",
      "Worst case": "99.300 %5 h 02 min61.3 h",
      Target: "99.900 %43.2 min8.76 h",
      payments: "99.800 %not enough",
      cart: "99.401 %not enough",
      orders: "99.401 %not enough",
    },
    cells: ["impossible", "99.500 %", "99.301 %", "99.300 %", "5 h 02 min", "payments 5.0×", "99.800 %"],
  },
  {
    vector: "V2",
    service: "app",
    side: "declared",
    texts: [
      "99.950 % needs luck",
      "If orders has a fallback of 99.9 %",
      // 25.918 minutes now, 21.604 with the queue.
      "4.31 min won in 30 days",
    ],
    rows: {
      Independent: "99.940 %25.9 min5.26 h",
      web: "99.990 %enough",
      orders: "99.950 %enough",
    },
    cells: ["only if outages overlap", "99.950 %", "99.940 %", "25.9 min", "web 1.0×", "99.990 %"],
  },
  {
    vector: "V3",
    service: "shop",
    side: "observed",
    texts: ["99.650 % measured", "of 2,000 requests in this window"],
    rows: {
      Independent: "99.700 %2 h 10 min26.3 h",
      "Own code": "99.950 %",
      Expected: "99.650 %2 h 31 min30.6 h",
      stock: "99.000 %100 %100 %",
    },
    cells: ["99.700 %", "2 h 10 min", "26.3 h", "stock 100 %", "99.950 %", "99.650 %"],
  },
  {
    vector: "V5",
    service: "a",
    side: "observed",
    texts: ["98.750 % measured"],
    rows: {
      "Best case": "99.400 %",
      Independent: "98.804 %",
      "Worst case": "98.800 %",
      "Own code": "99.950 %",
      Expected: "99.251 %5 h 23 min65.6 h",
      b: "99.400 %50.0 %99.400 %",
    },
    cells: ["99.400 %", "98.804 %", "98.800 %", "b 50.0 %", "99.950 %", "99.251 %"],
  },
  {
    vector: "V5",
    service: "a",
    side: "declared",
    texts: ["No target is declared", ".994005 × .994005 = .988046"],
    rows: { "Best case": "99.401 %", Independent: "98.805 %", "Worst case": "98.801 %" },
    cells: ["98.805 %", "98.801 %", "b 50.0 %", "99.401 %"],
  },
  {
    vector: "V9",
    service: "a",
    side: "observed",
    texts: [],
    rows: { "Own code": "99.900 %", Expected: "99.800 %1 h 26 min17.5 h", Target: "99.900 %43.2 min8.76 h" },
    cells: ["99.900 %", "99.800 %"],
  },
  {
    vector: "V9",
    service: "a",
    side: "declared",
    texts: ["99.900 % is safe"],
    rows: {
      "Best case": "99.900 %43.2 min8.76 h",
      Independent: "99.900 %43.2 min8.76 h",
      "Worst case": "99.900 %43.2 min8.76 h",
    },
    cells: ["safe", "99.900 %", "43.2 min", "b 1.0×", "100 %"],
  },
  {
    vector: "V10",
    service: "api",
    side: "declared",
    texts: [
      "99.990 % is safe",
      "Each of its 5 callees would have to promise 99.998 % for the target; 99.999 % if half of the budget stays with api itself.",
    ],
    rows: {
      "Best case": "99.999 %0.432 min0.0876 h",
      "Worst case": "99.995 %2.16 min0.438 h",
    },
    cells: ["safe", "99.999 %", "99.995 %", "c1 0.1×"],
  },
];

const vectorOf = (name: string) => VECTORS.find((vector) => vector.name.startsWith(`${name}:`))!;
const question = (environment: string): string =>
  `from=${new Date(DAY_MS).toISOString()}&to=${new Date(DAY_MS + 60_000).toISOString()}&env=${environment}`;

/** Spans through the door, objectives into the file; until the answer holds every call. */
async function prepare(name: string): Promise<void> {
  const vector = vectorOf(name);
  writeFileSync(config, yamlOf(vector.objectives));
  const body = traceFileOf(vector.trees, name);
  expect((await fetch(`${server.url}/api/v1/import`, { method: "POST", body })).status).toBe(200);
  const changes = (vector.whatIf ?? []).map((change) => `&whatIf=${encodeURIComponent(change)}`).join("");
  const answer = async (): Promise<Sla> =>
    (await fetch(`${server.url}/api/v1/sla?${question(name)}${changes}`)).json() as Promise<Sla>;
  await expect
    .poll(
      async () => {
        const sla = await answer();
        return sla.services.length > 0 ? wrongIn(vector, sla) : ["nothing yet"];
      },
      { timeout: 20_000 },
    )
    .toEqual([]);
}

async function reads(page: Page, { vector, service, side, texts, rows, cells }: Shown, timeout = 5_000): Promise<void> {
  const whatIf = (vectorOf(vector).whatIf ?? []).map((change) => encodeURIComponent(change)).join(";");
  await page.goto(
    `${server.url}/map?${question(vector)}&overlay=sla&option=${side}&sel=node:${service}${whatIf && `&whatIf=${whatIf}`}`,
  );
  const panel = page.getByRole("complementary", { name: `SLA ceiling of ${service}` });
  await expect(panel).toBeVisible();
  const words = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s"));
  for (const text of texts) await expect(panel).toContainText(words(text), { timeout });
  for (const [name, text] of Object.entries(rows)) {
    const row = panel.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${name}`) }) });
    await expect(row.first(), name).toContainText(words(text), { timeout });
  }
  await page.goto(`${server.url}/sla?${question(vector)}&option=${side}`);
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: service, exact: true }) });
  for (const text of cells) await expect(row).toContainText(words(text), { timeout });
}

for (const shown of SHOWN) {
  test(`${shown.vector}: panel and table, ${shown.side}`, async ({ page }) => {
    await prepare(shown.vector);
    await reads(page, shown);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test("axe finds nothing in the panel, whichever side", async ({ page }) => {
      await prepare("V1");
      for (const [side, change] of [
        ["declared", "&whatIf=checkout:payments:async"],
        ["observed", ""],
      ]) {
        await page.goto(`${server.url}/map?${question("V1")}&overlay=sla&option=${side}&sel=node:checkout${change}`);
        await expect(page.getByRole("img", { name: /^Axis of nines/ })).toBeVisible();
        await page.waitForTimeout(700); // until colours have settled
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
      }
    });
  });
}

test("a page that said other numbers would be caught", async ({ page }) => {
  const shown = SHOWN[0]!;
  await prepare(shown.vector);
  await page.route("**/api/v1/sla?*", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as Sla;
    for (const { declared } of answer.services) if (declared.equalSplit) declared.equalSplit.halfBudget -= 0.0001;
    await route.fulfill({ response, json: answer });
  });
  await expect(reads(page, shown, 1_500)).rejects.toThrow("half of the budget");
});
