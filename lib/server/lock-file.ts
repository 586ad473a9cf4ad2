// One process per data folder. DuckDB's own lock guards the file between processes; this one says it in a sentence, before
// anything is opened, and guards against a second engine in the same process.
import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./config";

/** Takes the folder, making it if need be. Returns how to give it back. @throws StartError */
export function lockFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new StartError(
      `HEADWATER_DATA_DIR=${folder} cannot be made: ${reason(error)}. Name a folder that you may write to.`,
    );
  }
  const path = join(folder, "headwater.lock");
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => {
        if (ownerOf(path) === process.pid) unlinkSync(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new StartError(
          `HEADWATER_DATA_DIR=${folder} is not writable: ${reason(error)}. Name a folder that you may write to.`,
        );
      }
      const owner = ownerOf(path);
      if (owner !== null && owner !== process.pid && isAlive(owner)) {
        throw new StartError(
          `HEADWATER_DATA_DIR=${folder} is in use by process ${owner}: stop that one, or give this one another folder.`,
        );
      }
      unlinkSync(path); // its owner is gone
    }
  }
  throw new StartError(
    `HEADWATER_DATA_DIR=${folder}: headwater.lock could not be taken; another process is starting on it.`,
  );
}

function ownerOf(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const reason = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
