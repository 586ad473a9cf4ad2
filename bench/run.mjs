// `npm run bench`: brings the checkout up to date, bundles the benchmarks and runs them.
import { spawn } from "node:child_process";
import { ensureBuild, ensureBundles, root } from "../scripts/ensure.mjs";
import { bundleBench } from "./bundle.mjs";

process.chdir(root);
ensureBuild();
ensureBundles();
await bundleBench();
const child = spawn(process.execPath, ["--enable-source-maps", "dist/bench/main.mjs", ...process.argv.slice(2)], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
