import { execFileSync } from "node:child_process";

/** Brings the production build up to date once, outside of any test's time. */
export default function build(): void {
  execFileSync(process.execPath, ["scripts/ensure.mjs", "build"], { stdio: "inherit" });
}
