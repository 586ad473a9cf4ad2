// `npm test`: everything, on a fresh clone too. Each step prints a headline and its time; the last line says how many tests
// passed and failed. `npm test -- --only=unit,e2e` runs some. `--full` tries the key proofs with many times as much instead
// (test/helpers/effort.ts). Plain Node until the dependencies are there.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { COLOURS, countCheck, countPlaywright, countVitest } from "./count-tests.mjs";
import { root } from "./ensure.mjs";
import { writeTrustReport } from "./trust-report.mjs";

const MINUTE = 60_000;
const full = process.argv.includes("--full");
const BEGAN = Date.now();
/** All of it must end within this. */
const DEADLINE = BEGAN + (full ? 360 : 50) * MINUTE;
const KILL_AFTER_MS = 10_000;

const reports = mkdtempSync(join(tmpdir(), "headwater-test-"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** A command that is one check; `proof` is what its output says when it looked at something. */
const check = (command, minutes, proof = /^/) => ({
  minutes,
  command,
  count: (output, exitCode) => countCheck(output, exitCode, proof),
});

/** @param proofs names of the files that the long tier runs. */
const vitest = (project, minutes, proofs = "") => ({
  minutes: full ? 150 : minutes,
  command: `vitest run --project ${project} ${full ? proofs : ""} --allowOnly=false --reporter=default --reporter=json --outputFile.json=${quoted(report(project))}`,
  count: (_output, exitCode) => countVitest(read(project), exitCode),
});

const report = (name) => join(reports, `${name}.json`);
const quoted = (path) => JSON.stringify(path);
const read = (name) => (existsSync(report(name)) ? JSON.parse(readFileSync(report(name), "utf8")) : undefined);

/**
 * In order, so that the quickest answer comes first. `needs` names steps without which this one cannot be judged: where one
 * of them failed, it counts as failed without running.
 */
const STEPS = {
  install: { title: "dependencies", ...check("node scripts/ensure.mjs deps", 10), always: true },
  lint: { title: "lint", ...check(scripts.lint, 3, /Checked [1-9]\d* files/) },
  types: { title: "types", ...check(scripts.typecheck, 5, /^Files:\s+[1-9]/m) },
  arch: {
    title: "floors of the house",
    ...check(scripts.arch, 3, /\([1-9]\d* modules, [1-9]\d* dependencies cruised\)/),
  },
  dead: { title: "dead code", ...check(scripts.knip, 3) },
  build: { title: "production build", ...check(scripts.build, 10) },
  unit: { title: "unit tests", ...vitest("pure", 10, "mutations") },
  node: { title: "engine and store", ...vitest("node", 20, "exactness cardinality model") },
  server: {
    title: "server, from outside",
    ...vitest("server", 20, "durability siege overload soak"),
    needs: ["build"],
  },
  e2e: {
    title: "end to end, in a browser",
    minutes: 20,
    command: "playwright test --forbid-only --reporter=list,json",
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report("e2e") },
    count: (_output, exitCode) => countPlaywright(read("e2e"), exitCode),
    prepare: () => ({ CHROMIUM_PATH: ensureChromium() }),
    needs: ["build"],
  },
};

/** What the long tier runs. */
const KEY_PROOFS = ["unit", "node", "server"];

/** @returns {Promise<{ output: string, exitCode: number | null, late: boolean }>} exitCode null: ended by a signal. */
function execute(command, env, timeoutMs) {
  return new Promise((resolve) => {
    // A group of its own, so that whatever a step has started ends with it.
    const child = spawn(command, {
      cwd: root,
      shell: true,
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NEXT_TELEMETRY_DISABLED: "1",
        PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
        ...(process.stdout.isTTY && { FORCE_COLOR: "1" }),
        ...(full && { HEADWATER_TEST_FULL: "1" }),
        ...env,
      },
    });
    running = child;
    let output = "";
    child.stdout.on("data", (bytes) => {
      process.stdout.write(bytes);
      output += bytes;
    });
    child.stderr.on("data", (bytes) => {
      process.stderr.write(bytes);
      output += bytes;
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child);
    }, timeoutMs);
    child.once("error", (error) => {
      output += `${error.message}\n`;
      console.error(error.message);
    });
    child.once("exit", () => signalGroup(child, "SIGKILL")); // what it left behind would go on, and hold the pipes
    child.once("close", (exitCode) => {
      clearTimeout(timer);
      running = undefined;
      resolve({ output: output.replaceAll(COLOURS, ""), exitCode, late });
    });
  });
}

let running;

function signalGroup(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // gone already
  }
}

/** Ends a step with everything that it started. */
function end(child) {
  signalGroup(child, "SIGINT"); // upon which the runners clean up
  setTimeout(() => signalGroup(child, "SIGKILL"), KILL_AFTER_MS).unref();
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
])
  process.once(signal, () => {
    if (!running) process.exit(code);
    running.once("close", () => process.exit(code));
    end(running);
  });

const failure = (reason) => ({ passed: 0, failed: 1, skipped: [], broken: [], reasons: [reason] });

async function runStep(step, broken) {
  if (broken) return failure(`not run, because "${STEPS[broken].title}" failed`);
  let env;
  try {
    env = step.prepare?.();
  } catch (error) {
    return failure(error.message);
  }
  const allowed = Math.min(step.minutes * MINUTE, DEADLINE - Date.now());
  if (allowed <= 0) return failure("not run: the whole took too long");
  const { output, exitCode, late } = await execute(step.command, { ...step.env, ...env }, allowed);
  const counts = step.count(output, late ? null : exitCode);
  if (!late) return counts;
  const reason = `ended after ${(allowed / MINUTE).toFixed(1)} minutes, which is all it may take`;
  return { ...counts, failed: Math.max(counts.failed, 1), reasons: [reason] };
}

/** Names of the steps to run: those asked for and what they need. */
function chosen() {
  const asked = process.argv
    .slice(2)
    .filter((argument) => argument !== "--full")
    .flatMap((argument) => /^--only=(.*)$/.exec(argument)?.[1]?.split(",") ?? [argument]);
  const only = full && asked.length === 0 ? KEY_PROOFS : asked;
  for (const name of only) {
    if (full ? KEY_PROOFS.includes(name) : name in STEPS) continue;
    console.error(
      `headwater: there is no step "${name}"; there are --only=${(full ? KEY_PROOFS : Object.keys(STEPS)).join(",")}.`,
    );
    process.exit(2);
  }
  const wanted = new Set(only.flatMap((name) => [name, ...(STEPS[name].needs ?? [])]));
  return Object.keys(STEPS).filter((name) => only.length === 0 || STEPS[name].always || wanted.has(name));
}

const failed = [];
const total = { passed: 0, failed: 0 };
const skipped = [];
const broken = [];
const summary = [];
for (const name of chosen()) {
  const step = STEPS[name];
  console.log(`\n== ${step.title} (${name})`);
  const started = Date.now();
  const counts = await runStep(
    step,
    ["install", ...(step.needs ?? [])].find((needed) => failed.includes(needed)),
  );
  for (const reason of counts.reasons) console.error(`${name}: ${reason}`);
  const line = `${name}: ${counts.passed} passed, ${counts.failed} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`;
  console.log(`-- ${line}`);
  summary.push(line);
  if (counts.failed > 0) failed.push(name);
  total.passed += counts.passed;
  total.failed += counts.failed;
  broken.push(...[...counts.broken, ...counts.reasons].map((text) => `${name}: ${text}`));
  skipped.push(...counts.skipped.map((title) => `${name}: ${title}`));
}

if (full) {
  const projects = { unit: "pure", node: "node", server: "server" };
  const ran = KEY_PROOFS.filter((name) => read(projects[name]));
  writeTrustReport(
    new Date(BEGAN),
    ran.flatMap((name) => read(projects[name]).testResults),
    KEY_PROOFS.filter((name) => !ran.includes(name)),
  );
}

console.log(`\n${summary.join("\n")}`);
if (broken.length > 0) console.log(`\nfailed:\n${broken.join("\n")}\n`);
if (skipped.length > 0) console.log(`${skipped.length} skipped: ${skipped.join("; ")}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
