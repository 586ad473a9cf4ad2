// What the parts of the engine share: memory, the store, and whether it still works.
import type { EdgeBook } from "../derive/edge-book";
import { Linker } from "../derive/linker";
import type { Directory } from "../domain/directory";
import type { SpanStore, Stored } from "../store/span-store";
import type { CommitMeasures } from "./commit-measures";
import type { EngineOptions, EnginePorts } from "./engine-options";
import type { Kept } from "./kept";
import { LateSpans } from "./late-spans";
import { MinuteBook } from "./minute-book";
import type { SourceBook } from "./source-book";

export class EngineParts {
  readonly linker: Linker;
  readonly late: LateSpans;
  readonly book: MinuteBook;
  readonly sources: SourceBook;
  readonly commits: CommitMeasures;
  /** Traces too large for memory, whose minutes have to be derived from the store. */
  readonly oversized: Int32Array[] = [];
  /** Grows with every change of the answers. */
  version: number;
  /** Why nothing is taken any more: memory and store are apart. null while all is well. */
  broken: unknown = null;

  constructor(
    readonly store: SpanStore,
    readonly options: EngineOptions,
    readonly ports: EnginePorts,
    readonly directory: Directory,
    readonly edges: EdgeBook,
    stored: Stored,
    kept: Kept,
  ) {
    this.sources = kept.sources;
    this.commits = kept.commits;
    this.version = kept.version + 1;
    const { sabotage, memorySpans, lostTraces } = options;
    const { minutes, thinned, hours, ahead } = stored;
    this.book = new MinuteBook(minutes, thinned, hours, !sabotage?.memoryOnly, !sabotage?.frozenMinutes);
    this.linker = new Linker(directory, edges, this.book, memorySpans, lostTraces, !sabotage?.noDedupe);
    this.late = new LateSpans(this.linker.ring, ahead);
  }

  bump(): void {
    this.version++;
    this.ports.changed?.(this.version);
  }

  fail(error: unknown): void {
    if (this.broken) return;
    this.broken = error;
    this.ports.failed?.(error);
  }
}
