// Brings a checkout up to date, and only when something changed: dependencies, the web build, the worker and CLI bundles.
// Plain Node without dependencies, because it is what installs them. Each step keeps a stamp: a hash of its inputs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFolder } from "./build-folder.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (path) => join(root, path);

const CONFIG = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "next.config.ts",
  "postcss.config.mjs",
  "scripts/build-folder.mjs",
];
const WEB_SOURCES = ["app", "components", "lib", "public", "instrumentation.ts", "proxy.ts", ...CONFIG];
const BUNDLE_SOURCES = ["lib", "bin", "package.json", "package-lock.json", "scripts/bundle.mjs"];

function* files(path) {
  if (!existsSync(at(path))) return;
  if (!statSync(at(path)).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(at(path)).sort()) yield* files(join(path, name));
}

function hashOf(paths) {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const path of paths)
    for (const file of files(path))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(at(file)));
  return hash.digest("hex");
}

/**
 * Does what makes `product` unless it is there and its stamp says that it was made of these inputs. The stamp is gone while
 * it is being made, so that what was broken off half-way does not pass for whole.
 */
function unlessFresh({ product, stamp, want }, make) {
  if (existsSync(at(product)) && existsSync(at(stamp)) && readFileSync(at(stamp), "utf8") === want) return;
  rmSync(at(stamp), { force: true });
  make();
  mkdirSync(dirname(at(stamp)), { recursive: true });
  writeFileSync(at(stamp), want);
}

function run(what, args, env = {}) {
  console.log(`headwater: ${what} ...`);
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (done.status !== 0) {
    console.error(`headwater: ${what} failed (exit code ${done.status ?? done.signal}).`);
    process.exit(1);
  }
}

/** Path of npm's own JavaScript: set by npm for its scripts, else beside the running Node. */
function npmCli() {
  const beside = join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  const found = [process.env.npm_execpath, beside].find((path) => path && existsSync(path));
  if (!found) {
    console.error("headwater: npm was not found beside Node; run `npm ci --include=dev` once by hand.");
    process.exit(1);
  }
  return found;
}

export function ensureDependencies() {
  const target = { product: "node_modules", stamp: "node_modules/.stamp", want: hashOf(["package-lock.json"]) };
  unlessFresh(target, () => run("installing dependencies", [npmCli(), "ci", "--include=dev"]));
}

export function ensureBundles() {
  ensureDependencies();
  unlessFresh({ product: "dist/cli.mjs", stamp: "dist/.stamp", want: hashOf(BUNDLE_SOURCES) }, () =>
    run("bundling the command line and the workers", ["scripts/bundle.mjs"]),
  );
}

export function ensureBuild(basePath = process.env.HEADWATER_BASE_PATH ?? "") {
  ensureDependencies();
  const folder = buildFolder(basePath);
  const target = { product: join(folder, "BUILD_ID"), stamp: join(folder, ".stamp"), want: hashOf(WEB_SOURCES) };
  const what = `building the web app${basePath && ` for ${basePath}`}`;
  unlessFresh(target, () => run(what, ["node_modules/next/dist/bin/next", "build"], { HEADWATER_BASE_PATH: basePath }));
}

const steps = { deps: ensureDependencies, bundles: ensureBundles, build: ensureBuild };
if (process.argv[1] === fileURLToPath(import.meta.url)) for (const name of process.argv.slice(2)) steps[name]?.();
