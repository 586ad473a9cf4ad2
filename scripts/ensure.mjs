// Brings a checkout up to date, and only when something changed: dependencies, the web build, the worker and CLI bundles.
// Plain Node without dependencies, because it is what installs them. Each step keeps a stamp: a hash of its inputs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFolder } from "./build-folder.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (path) => join(root, path);

const CONFIG = [
  "package-lock.json",
  "tsconfig.json",
  "next.config.ts",
  "postcss.config.mjs",
  "scripts/build-folder.mjs",
];
const WEB_SOURCES = ["app", "components", "lib", "public", "instrumentation.ts", "proxy.ts", ...CONFIG];
const BUNDLE_SOURCES = ["lib", "bin", "package-lock.json", "scripts/bundle.mjs"];

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

const fresh = (stamp, want) => existsSync(at(stamp)) && readFileSync(at(stamp), "utf8") === want;

function write(stamp, want) {
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
  const want = hashOf(["package-lock.json"]);
  if (fresh("node_modules/.stamp", want)) return;
  run("installing dependencies", [npmCli(), "ci", "--include=dev"]);
  write("node_modules/.stamp", want);
}

export function ensureBundles() {
  ensureDependencies();
  const want = hashOf(BUNDLE_SOURCES);
  if (fresh("dist/.stamp", want)) return;
  run("bundling the command line and the workers", ["scripts/bundle.mjs"]);
  write("dist/.stamp", want);
}

export function ensureBuild(basePath = process.env.HEADWATER_BASE_PATH ?? "") {
  ensureDependencies();
  const want = hashOf(WEB_SOURCES);
  const stamp = join(buildFolder(basePath), ".stamp");
  if (fresh(stamp, want)) return;
  const env = { HEADWATER_BASE_PATH: basePath };
  run(`building the web app${basePath && ` for ${basePath}`}`, ["node_modules/next/dist/bin/next", "build"], env);
  write(stamp, want);
}

const steps = { deps: ensureDependencies, bundles: ensureBundles, build: ensureBuild };
if (process.argv[1] === fileURLToPath(import.meta.url)) for (const name of process.argv.slice(2)) steps[name]?.();
