// The pictures of the README and the docs, from the product as it is: starts it on an empty folder, plays the shop, as it
// is and with what can go wrong in it, and takes the map. An argument names the pictures to take, by how their names begin.
// Needs the development dependencies and Chromium.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findChromium } from "./chromium.mjs";
import { ensureBuild, ensureBundles, root } from "./ensure.mjs";

process.chdir(root);
ensureBuild();
ensureBundles();
const { chromium } = await import("@playwright/test");

const SIZE = { width: 1440, height: 900 };
const TOUR_SIZE = { width: 1200, height: 720 };
const SEED = "7";

const worst = ({ edges }) =>
  edges
    .filter(({ kind, inferred }) => kind === "sync" && !inferred)
    .sort((a, b) => b.errors / b.calls - a.errors / a.calls)[0];
const edgeOf = (caller, callee) => (graph) =>
  `sel=edge:${graph.edges.find((edge) => edge.caller === caller && edge.callee === callee).id}`;

/** What is played, and what is taken of it; `query` selects on the map. */
const SHOPS = [
  {
    faults: [],
    size: SIZE,
    themes: ["light", "dark"],
    pictures: [{ name: "map" }, { name: "edge", query: (graph) => `sel=edge:${worst(graph).id}` }],
  },
  {
    faults: ["payment-slow"],
    pictures: [{ name: "tour-payment-slow", query: edgeOf("order-service", "payment-service") }],
  },
  { faults: ["inventory-failing"], pictures: [{ name: "tour-inventory-failing" }] },
  {
    faults: ["retry-storm"],
    pictures: [{ name: "tour-retry-storm", query: edgeOf("api-gateway", "user-service") }],
  },
  {
    faults: ["notification-down"],
    pictures: [{ name: "tour-notification-down", menu: true }],
  },
];

const only = process.argv[2];
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
mkdirSync("docs/images", { recursive: true });
try {
  for (const shop of SHOPS) {
    const pictures = shop.pictures.filter(({ name }) => !only || name.startsWith(only));
    if (pictures.length > 0) await play(shop, pictures);
  }
} finally {
  await browser.close();
}

/** Starts the product on an empty folder and lets the shop send its last five minutes and a few seconds more. */
async function play({ faults, size = TOUR_SIZE, themes = ["light"] }, pictures) {
  const folder = mkdtempSync(join(tmpdir(), "headwater-pictures-"));
  const [port, otlp, grpc] = await freePorts(3);
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ["scripts/start.mjs"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      PORT: port,
      HEADWATER_OTLP_PORT: otlp,
      HEADWATER_OTLP_GRPC_PORT: grpc,
      HEADWATER_DATA_DIR: folder,
    },
  });
  const demo = ["bin/headwater.mjs", "demo", "--to", `http://127.0.0.1:${otlp}`, "--seed", SEED, "--for", "20s"];
  try {
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    const chosen = faults.flatMap((fault) => ["--fault", fault]);
    await new Promise((done) => spawn(process.execPath, [...demo, ...chosen], { stdio: "inherit" }).once("exit", done));
    // The menu is that of the server's own demo, which adds the same shop once more.
    if (pictures.some(({ menu }) => menu))
      await fetch(`${url}/api/v1/demo`, { method: "POST", body: JSON.stringify({ running: true, faults }) });
    const graph = await (await fetch(`${url}/api/v1/graph?last=5m`)).json();
    for (const colorScheme of themes) {
      const page = await browser.newPage({ viewport: size, colorScheme });
      for (const { name, query, menu } of pictures) {
        await page.goto(`${url}/map?${new URLSearchParams(query?.(graph) ?? "")}&last=5m`);
        await page.getByTestId("map-canvas").waitFor({ timeout: 30_000 });
        await sleep(2_000);
        if (menu) await page.getByRole("button", { name: /^Demo/ }).click();
        await page.screenshot({ path: `docs/images/${name}${themes.length > 1 ? `-${colorScheme}` : ""}.png` });
      }
      await page.close();
    }
  } finally {
    server.kill();
    await new Promise((done) => server.once("exit", done));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function until(ready) {
  for (let i = 0; i < 300; i++, await sleep(100)) if (await ready().catch(() => false)) return;
  throw new Error("the server did not get ready");
}

async function freePorts(count) {
  const holders = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(holders.map((holder) => new Promise((done) => holder.once("listening", done))));
  const ports = holders.map((holder) => String(holder.address().port));
  await Promise.all(holders.map((holder) => new Promise((done) => holder.close(done))));
  return ports;
}
