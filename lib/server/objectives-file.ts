// The objectives of headwater.yaml while the server runs. The file is looked at before each answer, so an edit counts at once;
// one with errors leaves the last good objectives in force, and every answer says so.
import { readFileSync, statSync } from "node:fs";
import type { ConfigProblem } from "../contract/sla";
import { NO_OBJECTIVES, type Objectives } from "../reliability/objectives";
import { readObjectives } from "../reliability/read-objectives";
import type { ObjectivesInForce } from "../services/sla-answer";

export class ObjectivesFile {
  private objectives: Objectives = NO_OBJECTIVES;
  private problems: readonly ConfigProblem[] = [];
  private seen: string | null = null;

  /** @param path absolute. A file that is not there declares nothing. */
  constructor(private readonly path: string) {}

  /** What is in force now. */
  current(): ObjectivesInForce {
    const { path } = this;
    try {
      const { mtimeNs, ctimeNs, size, ino } = statSync(/* turbopackIgnore: true */ path, { bigint: true });
      this.readIfNew(`${ino} ${size} ${mtimeNs} ${ctimeNs}`);
    } catch (error) {
      this.cannotRead(error as NodeJS.ErrnoException);
    }
    return { path, objectives: this.objectives, problems: this.problems };
  }

  private readIfNew(version: string): void {
    if (version === this.seen) return;
    const { objectives, problems } = readObjectives(
      readFileSync(/* turbopackIgnore: true */ this.path, "utf8"),
      this.path,
    );
    this.seen = version;
    this.problems = problems;
    if (objectives) this.objectives = objectives;
  }

  private cannotRead({ code, message }: NodeJS.ErrnoException): void {
    const neverThere = code === "ENOENT" && this.seen === null;
    if (neverThere) return;
    this.seen = `unreadable ${code}`;
    const what = code === "ENOENT" ? "the file is gone" : `the file cannot be read (${code ?? message})`;
    this.problems = [
      { severity: "error", file: this.path, line: null, key: "", message: `${what}; its last objectives are in force` },
    ];
  }
}
