// A file system of its own that is small enough to be filled: tmpfs, which takes root on Linux.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { dropFolder, makeFolder } from "./server-process";

const STEP = 64 << 10;

export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Null where none can be mounted, which is said. */
  static mount(mib: number): SmallDisk | null {
    const folder = makeFolder();
    const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "tmpfs", folder]);
    if (status === 0) return new SmallDisk(folder);
    dropFolder(folder);
    console.warn(`no small disk can be mounted here, so nothing is tried on a full one: ${error ?? stderr}`);
    return null;
  }

  get free(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Takes what is free but for so many bytes. */
  fill(leave: number): void {
    const file = openSync(this.ballast, "a");
    const block = Buffer.alloc(STEP);
    try {
      while (this.free > leave) writeSync(file, block, 0, Math.min(STEP, this.free - leave));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Gives it back. */
  clear(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    spawnSync("umount", ["-l", this.folder]);
    dropFolder(this.folder);
  }

  private get ballast(): string {
    return join(this.folder, "ballast");
  }
}
