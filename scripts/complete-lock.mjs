// Completes package-lock.json after a change of dependencies: optional packages for other systems that this registry does
// not serve get an entry, without which `npm ci` refuses the lock. `--check` fails when the file would change.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const before = readFileSync(path, "utf8");
const lock = JSON.parse(before);

const OS = /(?:^|[-./])(darwin|win32|linux|android|freebsd|openbsd|netbsd|sunos|aix|openharmony)(?=$|[-.]|musl)/;
const CPU = /(?:^|[-.])(arm64|x64|ia32|arm|ppc64|s390x|riscv64|loong64|mips64el|wasm32)(?=$|[-.])/;

for (const [owner, meta] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(owner ? (meta.optionalDependencies ?? {}) : {})) {
    if (lock.packages[`node_modules/${name}`] ?? lock.packages[`${owner}/node_modules/${name}`]) continue;
    const os = OS.exec(name)?.[1];
    const cpu = CPU.exec(name)?.[1];
    if (!os && cpu !== "wasm32") continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(meta.dev && { dev: true }),
      ...(name.includes("musl") && { libc: ["musl"] }),
      optional: true,
      ...(os && { os: [os] }),
    };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
const after = `${JSON.stringify(lock, null, 2)}\n`;

if (process.argv.includes("--check")) {
  if (after !== before) {
    console.error("package-lock.json is not complete: run `node scripts/complete-lock.mjs` and commit it.");
    process.exit(1);
  }
} else writeFileSync(path, after);
