// Real trace files of other projects, which lie beside the checkout where there are any. They are read from there and never
// copied: some have licences of their own.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(process.cwd(), "..", "shared", "data");

export const hasSharedData = existsSync(join(ROOT, "SOURCES.md"));

export const readShared = (path: string): Uint8Array => new Uint8Array(readFileSync(join(ROOT, path)));

/** Files of a folder, recursively, as paths below the root. */
export function listShared(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(ROOT, path)).isDirectory() ? listShared(path) : [path];
  });
}

export interface SourceCounts {
  readonly spans: number;
  readonly traces: number;
  readonly services: number;
}

/** The counts that the collection's own list states, by file name. */
export function sourceCounts(): Map<string, SourceCounts> {
  const counts = new Map<string, SourceCounts>();
  for (const line of readFileSync(join(ROOT, "SOURCES.md"), "utf8").split("\n")) {
    const name = /^\| ([^|]+?) \|/.exec(line)?.[1];
    const found = /\| (\d+) \/ (\d+) \/ (\d+) \|/.exec(line);
    if (name && found)
      counts.set(name, { spans: Number(found[1]), traces: Number(found[2]), services: Number(found[3]) });
  }
  return counts;
}
