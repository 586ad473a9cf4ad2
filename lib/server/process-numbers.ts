import { readdirSync } from "node:fs";
import type { ProcessNumbers } from "../services/metrics";

const FDS = "/proc/self/fd";

/** What the system says of this process, all its threads together. */
export function processNumbers(): ProcessNumbers {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    startSeconds: Math.round(Date.now() - process.uptime() * 1000) / 1000,
    openFds: openFds(),
  };
}

function openFds(): number | null {
  try {
    return readdirSync(/* turbopackIgnore: true */ FDS).length;
  } catch {
    return null;
  }
}
