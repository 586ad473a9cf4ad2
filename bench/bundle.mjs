// Bundles the benchmarks' processes, of which tests use the load generator: Node 20 does not run TypeScript.
import { build } from "esbuild";

export const bundleBench = () =>
  build({
    entryPoints: { main: "bench/main.ts", generator: "bench/generator.ts", "bare-server": "bench/bare-server.ts" },
    outdir: "dist/bench",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
