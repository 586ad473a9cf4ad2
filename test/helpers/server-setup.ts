import { execFileSync } from "node:child_process";

/** Tests of the server run the production build. */
export default function setup(): void {
  execFileSync(process.execPath, ["scripts/ensure.mjs", "build", "bundles"], { stdio: "inherit" });
}
