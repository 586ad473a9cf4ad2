// Backups of a running server: a copy of the store beside it, which is sent and then gone.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream, type ReadStream, readdirSync, rmSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DomainError } from "../domain/errors";
import type { EngineHandle } from "../engine/engine-client";

const PREFIX = "headwater.backup-";

/** One at a time: each needs as much room on the disk as the store. */
let busy = false;

/**
 * What was committed, as a file that has no name any more: it is gone when the stream is closed.
 * @throws DomainError unavailable while another backup is being made or sent.
 */
export async function takeBackup(
  engine: EngineHandle,
  dataDir: string,
): Promise<{ bytes: number; stream: ReadStream }> {
  if (busy)
    throw new DomainError("unavailable", "another backup is being made; ask again when it is done", {
      retryAfterSeconds: 30,
    });
  busy = true;
  const path = join(dataDir, `${PREFIX}${randomUUID()}`);
  try {
    await engine.backup(path);
    const { size } = await stat(/* turbopackIgnore: true */ path);
    const stream = createReadStream(/* turbopackIgnore: true */ path);
    await once(stream, "open");
    stream.once("close", () => {
      busy = false;
    });
    return { bytes: size, stream };
  } catch (error) {
    busy = false;
    throw error;
  } finally {
    await rm(/* turbopackIgnore: true */ path, { force: true });
  }
}

/** Removes what backups left behind that were cut by the end of the process. */
export function sweepBackups(folder: string): void {
  for (const name of readdirSync(/* turbopackIgnore: true */ folder))
    if (name.startsWith(PREFIX)) rmSync(join(folder, name));
}
