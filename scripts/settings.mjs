import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The server's settings, or the end with a sentence. */
export async function settings() {
  const { loadConfig } = await import("../dist/config.mjs");
  try {
    return loadConfig(process.env, root);
  } catch (error) {
    return stop(error.message);
  }
}

export function stop(sentence) {
  console.error(`headwater cannot start: ${sentence}`);
  process.exit(1);
}
