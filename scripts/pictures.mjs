// The pictures of the README and the docs, from the product as it is: starts it on an empty folder, plays the shop with a
// failing payment provider, and takes the map in both themes. Needs the development dependencies and Chromium.
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
const PICTURES = [
  { name: "map", path: "/map" },
  { name: "edge", path: (graph) => `/map?sel=edge:${worst(graph).id}` },
];

const worst = ({ edges }) =>
  edges
    .filter(({ kind, inferred }) => kind === "sync" && !inferred)
    .sort((a, b) => b.errors / b.calls - a.errors / a.calls)[0];

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
const demo = ["bin/headwater.mjs", "demo", "--to", `http://127.0.0.1:${otlp}`, "--seed", "7", "--for", "25s"];
try {
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  await new Promise((done) => spawn(process.execPath, demo, { stdio: "inherit" }).once("exit", done));
  const graph = await (await fetch(`${url}/api/v1/graph?last=5m`)).json();
  mkdirSync("docs/images", { recursive: true });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: SIZE, colorScheme });
    for (const { name, path } of PICTURES) {
      const at = typeof path === "function" ? path(graph) : path;
      await page.goto(`${url}${at}${at.includes("?") ? "&" : "?"}last=5m`);
      await sleep(2_000);
      await page.screenshot({ path: `docs/images/${name}-${colorScheme}.png` });
    }
    await page.close();
  }
  await browser.close();
} finally {
  server.kill();
  await new Promise((done) => server.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
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
