// Becomes the server of a build that is there already: what `npm start` ends in, and all that a container runs. Same process
// as Next, so signals need no forwarding. `--probe` asks a running one whether it takes spans, and ends with 0 or 1.
import { existsSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { buildFolder } from "./build-folder.mjs";
import { settings, stop } from "./settings.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
if (process.argv.includes("--probe")) await probe();
else await serve();

async function serve() {
  const { host, port, basePath } = await settings();
  if (!existsSync(`${buildFolder(basePath)}/BUILD_ID`))
    stop(
      `There is no build${basePath && ` for HEADWATER_BASE_PATH=${basePath}`}: run "npm run build" with that setting.`,
    );
  await checkFree(host, port);
  Object.assign(process.env, {
    HEADWATER_BASE_PATH: basePath,
    NODE_ENV: "production",
    NEXT_MANUAL_SIG_HANDLE: "true",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  quietNext();
  boundConnections();
  process.argv = [process.execPath, "next", "start", "-H", host, "-p", String(port)];
  createRequire(import.meta.url)("next/dist/bin/next");
}

/** What Next says of itself when it starts: the addresses that count are ours, and come once spans are taken. */
const BANNER = /^(▲ Next\.js|- (Local|Network):|✓ (Starting|Ready|Running))/;

function quietNext() {
  const { log } = console;
  console.log = (...parts) => {
    if (!BANNER.test(stripVTControlCharacters(parts.join(" ")).trim())) log(...parts);
  };
}

/** Next makes its server itself, with Node's patience: a minute for the head of a request, and any number of connections. */
function boundConnections() {
  const { createServer } = http;
  http.createServer = (...args) => {
    const server =
      typeof args[0] === "function"
        ? createServer({ connectionsCheckingInterval: 1_000 }, args[0])
        : createServer(...args);
    server.headersTimeout = 5_000;
    server.maxConnections = 2_048;
    return server;
  };
}

async function probe() {
  const { host, port, basePath } = await settings();
  const name = host === "0.0.0.0" ? "127.0.0.1" : host.includes(":") ? `[${host === "::" ? "::1" : host}]` : host;
  const url = `http://${name}:${port}${basePath}/readyz`;
  const answer = await fetch(url).catch(() => null);
  process.exit(answer?.ok ? 0 : 1);
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
