import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "headwater-knip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Issue {
  readonly file: string;
  readonly files?: readonly unknown[];
  readonly exports?: readonly { readonly name: string }[];
}

/** What Knip says about the copied checkout. */
function issues(): Issue[] {
  const knip = spawnSync(
    process.execPath,
    [resolve("node_modules/knip/bin/knip.js"), "--no-progress", "--reporter", "json"],
    {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    },
  );
  return JSON.parse(knip.stdout).issues;
}

describe("the search for dead code", () => {
  it("reads the sources: a module and an export that nobody uses are found", { timeout: 120_000 }, () => {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      encoding: "utf8",
    });
    for (const path of listed.split("\0").filter((path) => path && existsSync(path))) cpSync(path, join(folder, path));
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "lib/domain/left-over.ts"), "export const leftOver = 1;\n");
    appendFileSync(join(folder, "lib/derive/linker.ts"), "\nexport const leftOver = 1;\n");

    const found = issues();
    expect(found.filter(({ files }) => files?.length).map(({ file }) => file)).toContain("lib/domain/left-over.ts");
    const linker = found.find(({ file }) => file === "lib/derive/linker.ts");
    expect(linker?.exports?.map(({ name }) => name)).toContain("leftOver");
  });
});
