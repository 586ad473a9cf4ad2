#!/usr/bin/env node
// The command line: brings its bundle up to date, then runs it. In a process of its own, and with all it says on stderr,
// because stdout carries nothing but results.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ensure = fileURLToPath(new URL("../scripts/ensure.mjs", import.meta.url));
const done = spawnSync(process.execPath, [ensure, "bundles"], { stdio: ["ignore", 2, 2] });
if (done.status === 0) await import("../dist/cli.mjs");
else process.exitCode = 2;
