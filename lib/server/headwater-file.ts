// What headwater.yaml declares while the server runs. The file is looked at before each answer, so an edit counts at once; one
// with errors leaves what it declared before in force, and every answer says so.
import { readFileSync, statSync } from "node:fs";
import type { ConfigProblem } from "../contract/configuration";
import { type Declared, NOTHING_DECLARED, readHeadwaterYaml } from "../headwater-yaml/read-headwater-yaml";
import type { InForce } from "../services/in-force";

export class HeadwaterFile {
  /** null: it was never there without errors. */
  private declared: Declared | null = null;
  private problems: readonly ConfigProblem[] = [];
  private seen: string | null = null;

  /** @param path absolute. A file that is not there declares nothing. */
  constructor(private readonly path: string) {}

  /** What is in force now. */
  current(): InForce {
    const { path } = this;
    try {
      const { mtimeNs, ctimeNs, size, ino } = statSync(/* turbopackIgnore: true */ path, { bigint: true });
      this.readIfNew(`${ino} ${size} ${mtimeNs} ${ctimeNs}`);
    } catch (error) {
      this.cannotRead(error as NodeJS.ErrnoException);
    }
    return { path, ...(this.declared ?? NOTHING_DECLARED), problems: this.problems };
  }

  private readIfNew(version: string): void {
    if (version === this.seen) return;
    const text = readFileSync(/* turbopackIgnore: true */ this.path, "utf8");
    const { declared, problems } = readHeadwaterYaml(text, this.path);
    this.seen = version;
    this.problems = problems;
    if (declared) this.declared = declared;
  }

  private cannotRead({ code, message }: NodeJS.ErrnoException): void {
    const neverThere = code === "ENOENT" && this.seen === null;
    if (neverThere) return;
    this.seen = `unreadable ${code}`;
    const what = code === "ENOENT" ? "the file is gone" : `the file cannot be read (${code ?? message})`;
    const holds = this.declared ? "what it declared last is in force" : "nothing of it is in force";
    this.problems = [{ severity: "error", file: this.path, line: null, key: "", message: `${what}; ${holds}` }];
  }
}
