// `npm start`: brings the checkout up to date, then becomes the server. Same process as Next, so signals need no forwarding;
// package.json starts this with `exec`, so that SIGTERM to npm reaches it too.
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { ensureBuild, ensureBundles, root } from "./ensure.mjs";

process.chdir(root);
ensureBuild();
ensureBundles();

const { loadConfig } = await import("../dist/config.mjs");
const { host, port } = settings();
await checkFree(host, port);

Object.assign(process.env, { NODE_ENV: "production", NEXT_MANUAL_SIG_HANDLE: "true", NEXT_TELEMETRY_DISABLED: "1" });
process.argv = [process.execPath, "next", "start", "-H", host, "-p", String(port)];
createRequire(import.meta.url)("next/dist/bin/next");

function settings() {
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
