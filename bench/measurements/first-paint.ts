// How long a person waits for the map of a large system: from the start of the navigation until the canvas shows it.
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import { ensureChromium } from "@/scripts/chromium.mjs";
import type { Measurement } from "../support/measurement";
import { BareServer } from "../support/processes";
import { withWideServer } from "../support/wide-server";

const PAINTED_WITHIN_MS = 60_000;

/** The least a page can do with the same graph: fetch it and draw a rectangle for each node and a line for each edge. */
const BARE_PAGE = `<!doctype html><canvas data-testid="map-canvas" width="1440" height="900"></canvas><script>
fetch("/kept").then((answer) => answer.json()).then(({ nodes, edges }) => {
  const context = document.querySelector("canvas").getContext("2d");
  const at = new Map(nodes.map(({ id }, i) => [id, [40 + (i % 25) * 55, 30 + Math.floor(i / 25) * 42]]));
  for (const { caller, callee } of edges) {
    context.beginPath(); context.moveTo(...at.get(caller)); context.lineTo(...at.get(callee)); context.stroke();
  }
  for (const { id, name } of nodes) {
    const [x, y] = at.get(id);
    context.fillRect(x - 18, y - 8, 36, 16); context.fillText(name, x - 18, y + 20);
  }
});
</script>`;

export const firstPaint: Measurement = {
  name: "paint",
  async run({ quick, log }) {
    const runs = quick ? 2 : 5;
    const cold: number[] = [];
    const warm: number[] = [];
    const bare: number[] = [];
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      chromiumSandbox: false,
      args: ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
    });
    try {
      await withWideServer(async (server, graph) => {
        const plain = await BareServer.start();
        try {
          await fetch(`${plain.base}/kept`, { method: "POST", body: JSON.stringify(graph) });
          await fetch(`${plain.base}/page`, { method: "POST", body: BARE_PAGE });
          for (let i = 0; i < runs + 1; i++) {
            // A context is a browser that was never here: nothing cached, no positions remembered.
            const [first, again] = await inNewContext(browser, async (context) => [
              await paintedMs(context, `${server.base}/map`),
              await paintedMs(context, `${server.base}/map`),
            ]);
            const base = await inNewContext(browser, (context) => paintedMs(context, `${plain.base}/page`));
            if (i === 0) continue; // the first one also starts the browser's own parts
            cold.push(first!);
            warm.push(again!);
            bare.push(base);
            log(`${Math.round(first!)} ms, ${Math.round(again!)} ms with known positions`);
          }
        } finally {
          await plain.stop();
        }
      });
    } finally {
      await browser.close();
    }
    const baseline = { what: "rectangles and lines, no layout", runs: bare };
    return [
      {
        quantity: "first paint of the map, 500 services, 1,500 edges",
        unit: "ms",
        ours: cold,
        baseline,
        target: { of: "ours", atMost: 3000 },
      },
      { quantity: "the same, positions known", unit: "ms", ours: warm, baseline, target: null },
    ];
  },
};

async function inNewContext<T>(browser: Browser, use: (context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

/** Milliseconds from the start of the navigation to the first frame after the canvas was drawn on. */
async function paintedMs(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  try {
    await page.addInitScript(() => {
      // Seen small, so that looking costs little: a pixel of it is a patch of the map.
      const small = document.createElement("canvas");
      small.width = 48;
      small.height = 30;
      const context = small.getContext("2d", { willReadFrequently: true })!;
      const hasMarks = (canvas: HTMLCanvasElement): boolean => {
        if (canvas.width === 0 || canvas.height === 0) return false;
        context.clearRect(0, 0, small.width, small.height);
        context.drawImage(canvas, 0, 0, small.width, small.height);
        const { data } = context.getImageData(0, 0, small.width, small.height);
        let marked = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) marked++;
        return marked > (small.width * small.height) / 20;
      };
      const look = (): void => {
        const canvas = document.querySelector<HTMLCanvasElement>("[data-testid=map-canvas]");
        if (canvas && hasMarks(canvas)) (window as unknown as { paintedMs?: number }).paintedMs = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(url);
    const painted = await page.waitForFunction(
      () => (window as unknown as { paintedMs?: number }).paintedMs ?? null,
      null,
      { timeout: PAINTED_WITHIN_MS },
    );
    return (await painted.jsonValue())!;
  } finally {
    await page.close();
  }
}
