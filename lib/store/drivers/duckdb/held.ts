// Whether this process has a file open still. Two instances on one file lose rows without an error, and the lock on the file does
// not keep them apart within a process.
import { readdirSync, readlinkSync, realpathSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const OPEN_FILES = "/proc/self/fd";

/** False where the system does not tell, which only Linux does, and where there is no such file. */
function isHeld(path: string): boolean {
  try {
    const real = realpathSync(path);
    return readdirSync(OPEN_FILES).some((name) => linkOf(`${OPEN_FILES}/${name}`) === real);
  } catch {
    return false;
  }
}

/** Closed meanwhile, perhaps. */
function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/**
 * Lets go of what an instance that was closed still holds: results that were not read to the end keep it until they are
 * collected. @throws Error when it is held all the same
 */
export async function letGo(path: string): Promise<void> {
  if (!isHeld(path)) return;
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3 && isHeld(path); round++) {
    collect();
    await turn();
  }
  if (isHeld(path)) throw new Error(`${path} is still open in this process`);
}
