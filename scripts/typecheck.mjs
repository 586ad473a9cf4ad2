// Types of the whole checkout: Next writes its route types first, without which `tsc` does not know them.
import { spawnSync } from "node:child_process";
import { root } from "./ensure.mjs";

const commands = [
  ["node_modules/next/dist/bin/next", "typegen"],
  ["node_modules/typescript/bin/tsc", "--noEmit", "--incremental", "false", "--diagnostics"],
];

for (const args of commands) {
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (done.error) console.error(`headwater: ${args[0]} could not be run: ${done.error.message}`);
  if (done.status !== 0) process.exit(done.status ?? 1);
}
