// The folder of the data, and who has it: one process at a time. DuckDB's own lock guards the file between processes; this one says it in a sentence, before
// anything is opened, and guards against a second engine in the same process.
import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./config";

/** The database in it; `.wal` beside it is what was committed since the last checkpoint. */
export const STORE_FILE = "headwater.duckdb";
const LOCK_FILE = "headwater.lock";

/** Takes the folder, making it if need be. Returns how to give it back. @throws StartError */
export function lockFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new StartError(
      `HEADWATER_DATA_DIR=${folder} cannot be made: ${reason(error)}. Name a folder that you may write to.`,
    );
  }
  const path = join(folder, LOCK_FILE);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, `${process.pid} ${birthOf(process.pid) ?? ""}`);
      closeSync(file);
      return () => {
        if (ownerOf(path)?.pid === process.pid) unlinkSync(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new StartError(
          `HEADWATER_DATA_DIR=${folder} is not writable: ${reason(error)}. Name a folder that you may write to.`,
        );
      }
      const user = userOf(folder);
      if (user !== null) {
        throw new StartError(
          `HEADWATER_DATA_DIR=${folder} is in use by process ${user}: stop that one, or give this one another folder.`,
        );
      }
      unlinkSync(path); // its owner is gone
    }
  }
  throw new StartError(
    `HEADWATER_DATA_DIR=${folder}: headwater.lock could not be taken; another process is starting on it.`,
  );
}

/** Number of the other process that has the folder; null when nobody has. */
export function userOf(folder: string): number | null {
  const owner = ownerOf(join(folder, LOCK_FILE));
  return owner !== null && owner.pid !== process.pid && isAlive(owner) ? owner.pid : null;
}

interface Owner {
  readonly pid: number;
  /** "" when the system did not say. */
  readonly birth: string;
}

function ownerOf(path: string): Owner | null {
  try {
    const [pid, birth = ""] = readFileSync(path, "utf8").split(" ");
    return Number.isInteger(Number(pid)) && Number(pid) > 0 ? { pid: Number(pid), birth } : null;
  } catch {
    return null;
  }
}

/** When a process began, in the system's own ticks; null where it does not tell. Numbers of processes are used again. */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive({ pid, birth }: Owner): boolean {
  const now = birthOf(pid);
  if (birth !== "" && now !== null && birth !== now) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const reason = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
