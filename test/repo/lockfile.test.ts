import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

interface Package {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Record<string, Package>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.-]+)?$/;
const PLATFORM = /(darwin|win32|linux|android|freebsd|openbsd|netbsd|sunos|aix|openharmony|wasm32)/;

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const lock: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

/** Optional packages for one platform that a package of the lock names and the lock does not hold. */
const missing = ({ packages }: Lock): string[] =>
  Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    owner === ""
      ? []
      : Object.keys(optionalDependencies).filter(
          (name) =>
            PLATFORM.test(name) && !packages[`node_modules/${name}`] && !packages[`${owner}/node_modules/${name}`],
        ),
  );

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A checkout of nothing but what says which packages there are. */
function checkout(change: { manifest?: unknown; lock?: Lock } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "headwater-lock-"));
  folders.push(folder);
  mkdirSync(join(folder, "scripts"));
  for (const path of [".npmrc", "scripts/complete-lock.mjs"]) cpSync(path, join(folder, path));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(change.manifest ?? manifest, null, 2)}\n`);
  writeFileSync(join(folder, "package-lock.json"), `${JSON.stringify(change.lock ?? lock, null, 2)}\n`);
  return folder;
}

/** Exit codes of what judges the lock. Neither asks the registry. */
const npmCi = (folder: string): number | null =>
  spawnSync("npm ci --dry-run --offline --ignore-scripts --include=dev", { cwd: folder, shell: true }).status;
const completeLock = (folder: string): number | null =>
  spawnSync(process.execPath, ["scripts/complete-lock.mjs", "--check"], { cwd: folder }).status;

function withoutOnePlatform(): Lock {
  const packages = { ...lock.packages };
  const victim = Object.keys(packages).find((path) => path.startsWith("node_modules/@biomejs/cli-darwin"));
  if (!victim) throw new Error("The lock holds no package for another system to take away.");
  delete packages[victim];
  return { ...lock, packages };
}

describe("what is installed", { timeout: 60_000 }, () => {
  it("is named by exact versions, which are the lock's", () => {
    const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies } as Record<string, string>);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(([, version]) => !EXACT.test(version))).toEqual([]);
    expect(named.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)).toEqual([]);
  });

  it("comes from the registry that a machine is set to: the lock names no host", () => {
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it("installs on other systems: the lock holds every package for one platform", () => {
    expect(missing(lock)).toEqual([]);
    expect(completeLock(checkout())).toBe(0);
    expect(missing(withoutOnePlatform())).toHaveLength(1);
    expect(completeLock(checkout({ lock: withoutOnePlatform() }))).toBe(1);
  });

  it("is what `npm ci` accepts", () => {
    expect(npmCi(checkout())).toBe(0);
    expect(npmCi(checkout({ lock: withoutOnePlatform() }))).not.toBe(0);
    const other = { ...manifest, devDependencies: { ...manifest.devDependencies, vitest: "4.1.11" } };
    expect(npmCi(checkout({ manifest: other }))).not.toBe(0);
  });
});
