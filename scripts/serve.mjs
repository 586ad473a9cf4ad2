// Becomes the server of a build that is there already: what `npm start` ends in, and all that a container runs. Same process
// as Next, so signals need no forwarding. `--probe` asks a running one whether it takes spans, and ends with 0 or 1.
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
if (process.argv.includes("--probe")) await probe();
else await serve();

async function serve() {
  const { host, port } = await settings();
  await checkFree(host, port);
  Object.assign(process.env, { NODE_ENV: "production", NEXT_MANUAL_SIG_HANDLE: "true", NEXT_TELEMETRY_DISABLED: "1" });
  process.argv = [process.execPath, "next", "start", "-H", host, "-p", String(port)];
  createRequire(import.meta.url)("next/dist/bin/next");
}

async function probe() {
  const { host, port } = await settings();
  const name = host === "0.0.0.0" ? "127.0.0.1" : host.includes(":") ? `[${host === "::" ? "::1" : host}]` : host;
  const url = `http://${name}:${port}/readyz`;
  const answer = await fetch(url).catch(() => null);
  process.exit(answer?.ok ? 0 : 1);
}

async function settings() {
  const { loadConfig } = await import("../dist/config.mjs");
  try {
    return loadConfig(process.env, process.cwd());
  } catch (error) {
    return stop(error.message);
  }
}

/** Next says it too, but in the middle of a stack trace. */
function checkFree(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) =>
      stop(
        error.code === "EADDRINUSE"
          ? `Port ${port} is in use by another process: set PORT to another port.`
          : `HOST=${host} PORT=${port} cannot be opened (${error.code}).`,
      ),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function stop(sentence) {
  console.error(`headwater cannot start: ${sentence}`);
  process.exit(1);
}
