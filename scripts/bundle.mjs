// Bundles what runs outside of Next: the engine's worker and the command line.

import { existsSync } from "node:fs";
import { build } from "esbuild";

const entries = { "engine-worker": "lib/engine/worker.ts", cli: "bin/cli.ts" };

await build({
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  sourcemap: true,
  logLevel: "warning",
});
