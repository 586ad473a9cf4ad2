import { execFileSync } from "node:child_process";

/** Workers and the command line run as bundles: Node 20 does not run TypeScript. */
export default function setup(): void {
  execFileSync(process.execPath, ["scripts/ensure.mjs", "bundles"], { stdio: "inherit" });
}
