import { execFileSync } from "node:child_process";
import { bundleBench } from "@/bench/bundle.mjs";

/** Tests of the server run the production build; the load comes from the generator of the benchmarks. */
export default async function setup(): Promise<void> {
  execFileSync(process.execPath, ["scripts/ensure.mjs", "build", "bundles"], { stdio: "inherit" });
  await bundleBench();
}
