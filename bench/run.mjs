// `npm run bench`: brings the checkout up to date, bundles the benchmarks (Node 20 does not run TypeScript) and runs them.
import { spawn } from "node:child_process";
import { build } from "esbuild";
import { ensureBuild, ensureBundles, root } from "../scripts/ensure.mjs";

process.chdir(root);
ensureBuild();
ensureBundles();
await build({
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
const child = spawn(process.execPath, ["--enable-source-maps", "dist/bench/main.mjs", ...process.argv.slice(2)], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
