// Bundles what runs outside of Next: the engine's worker, the command line, and the configuration, which the start reads.
import { build } from "esbuild";

await build({
  entryPoints: {
    "engine-worker": "lib/engine/worker.ts",
    "check-store": "lib/engine/check-store.ts",
    cli: "bin/cli.ts",
    config: "lib/server/config.ts",
  },
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
