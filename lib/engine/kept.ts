// What goes on when an engine is started anew on the store of another one: everything that is not in the store and not made of it.
import { type DeclaredNames, NO_NAMES } from "../domain/declared-names";
import { CommitMeasures } from "./commit-measures";
import { SourceBook } from "./source-book";

export interface Kept {
  /** Of the answers: the next engine's begin after it. */
  readonly version: number;
  /** Unix milliseconds. */
  readonly startedMs: number;
  readonly sources: SourceBook;
  readonly commits: CommitMeasures;
  readonly names: DeclaredNames;
}

/** Of the first engine. */
export const nothingKept = (now: number): Kept => ({
  version: 0,
  startedMs: now,
  sources: new SourceBook(),
  commits: new CommitMeasures(),
  names: NO_NAMES,
});
