// Finds the browser for the end-to-end tests: CHROMIUM_PATH, a Chromium or Chrome on PATH or in its usual place, else
// Debian's package where we may install it. Plain Node without dependencies.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome.exe", "msedge.exe"];
const USUAL = ["/usr/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
const INSTALL_MS = 10 * 60_000;

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const onPath = (names) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isProgram);

/** Absolute path of a browser; null when there is none. A wrong CHROMIUM_PATH is none: no other browser takes its place. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return isProgram(named) ? named : null;
  return USUAL.find(isProgram) ?? onPath(NAMES) ?? null;
}

/** Path of a browser, installed first if need be. @throws Error whose message is one sentence that says what to do. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROMIUM_PATH)
    throw new Error(
      `CHROMIUM_PATH=${process.env.CHROMIUM_PATH} is not a program: name a Chromium or Chrome, or unset it.`,
    );
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    throw new Error(
      "The end-to-end tests need a browser: install Chromium (Debian: `apt-get install chromium`) or set CHROMIUM_PATH.",
    );
  console.log("headwater: installing Chromium ...");
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const done = spawnSync("/usr/bin/apt-get", args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeout: INSTALL_MS,
    });
    if (done.status !== 0)
      throw new Error(
        `\`apt-get ${args.join(" ")}\` failed (${done.error?.message ?? done.status}): install Chromium by hand or set CHROMIUM_PATH.`,
      );
  }
  const installed = findChromium();
  if (!installed) throw new Error("Chromium was installed but is not on PATH: set CHROMIUM_PATH to it.");
  return installed;
}
