import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

export interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

export interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: { readonly violations: readonly Violation[] };
}

/** Runs dependency-cruiser's command in a folder, with the folder's own `.dependency-cruiser.mjs`. */
export function cruise(folder: string, paths: readonly string[]): Cruise {
  const output = execFileSync(
    process.execPath,
    [
      resolve("node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      join(folder, ".dependency-cruiser.mjs"),
      "--output-type",
      "json",
      ...paths,
    ],
    { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  return JSON.parse(output);
}
