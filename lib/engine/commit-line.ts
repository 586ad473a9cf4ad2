// Requests to commits. Take the oldest batch, count it, append and COMMIT, only then answer. Requests that arrive meanwhile fill
// the next batch, so batches are as large as the load makes them, and a lone request is committed at once. Under load the next
// full batch is counted during a COMMIT.
import { DomainError } from "../domain/errors";
import { Serial } from "../domain/serial";
import type { Stored } from "../store/span-store";
import { BatchQueue } from "./batch-queue";
import { type Counted, countBatch, NotCounted } from "./count-batch";
import { CANARY } from "./doors";
import type { EngineParts } from "./engine-parts";
import type { Entry, IngestBatch } from "./ingest-batch";
import { noteCommit, noteSources } from "./note-commit";

/** Commits noted one by one while they are not derived; what more there are is derived with the last. */
const MOST_MARKS = 4096;

export class CommitLine {
  private readonly batches = new BatchQueue();
  /** When everything counted so far is durable, or the store has failed. */
  private stored: Promise<void> = Promise.resolve();
  /** Done when nothing waits; null then. */
  running: Promise<void> | null = null;
  /** Whoever counts takes this, and whoever looks at a state between two commits. */
  private readonly counting = new Serial();
  /** Where the memory of the linker stood after each commit that is not known to be fully derived. */
  private readonly marks: { readonly batch: number; readonly sequence: number }[] = [];
  lastBatch: number;
  /** Unix milliseconds. */
  lastIngestMs: number;
  /** Arrival of the oldest stored span that counts; null without any. */
  oldestMs: number | null;
  /** Stored spans that count: all but the product's own. */
  spans: number;

  /** @param quiet called when nothing waits any more. */
  constructor(
    private readonly parts: EngineParts,
    { lastBatch, oldestMs, counted }: Stored,
    private readonly quiet: () => void,
  ) {
    this.lastBatch = lastBatch;
    this.oldestMs = oldestMs;
    this.spans = counted;
    this.lastIngestMs = parts.ports.now();
  }

  /** The batch that the next request goes into. */
  toFill(): IngestBatch {
    return this.batches.toFill();
  }

  /** A request is in its batch: answered by `done` once it is durable, or refused. */
  add(batch: IngestBatch, entry: Entry): void {
    batch.entries.push(entry);
    if (this.parts.options.sabotage?.ackBeforeCommit) entry.done();
    this.wake();
  }

  /** Runs a task while memory holds exactly what the store's spans say. */
  between<T>(task: () => T): Promise<T> {
    return this.counting.run(async () => {
      await this.stored;
      return task();
    });
  }

  /** The last commit of which everything is derived, given that no minute waits for it, `before` the one known so far. */
  derivedUpTo(before: number): number {
    const { marks } = this;
    const swept = this.parts.linker.ring.sweptUpTo;
    let derived = before;
    while (marks.length > 0 && marks[0]!.sequence <= swept) derived = marks.shift()!.batch;
    return derived;
  }

  private wake(): void {
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (!this.batches.isEmpty) this.wake();
      else this.quiet();
    });
  }

  private async run(): Promise<void> {
    if (!this.batches.hasFull) await this.parts.ports.pause(); // requests that arrived together are committed together
    for (;;) {
      // A batch that would grow by waiting waits for the COMMIT under way.
      if (!this.batches.hasFull) await this.stored;
      const batch = this.batches.take();
      if (!batch) return;
      await this.counting.run(() => this.commit(batch));
    }
  }

  /** Returns when only the COMMIT is left to wait for; `stored` is done when that is. */
  private commit(batch: IngestBatch): Promise<void> {
    const { parts, stored: before } = this;
    return new Promise((appended) => {
      this.stored = this.count(batch, before)
        .then(async (counted) => {
          await before;
          if (parts.broken) throw parts.broken;
          const began = parts.ports.now();
          await parts.store.commit(counted.commit, appended);
          noteCommit(parts, batch, parts.ports.now() - began);
          this.finish(batch, counted);
        })
        .catch((error: unknown) => this.fail(error, batch))
        .finally(() => {
          this.batches.giveBack(batch);
          appended();
        });
    });
  }

  private async count(batch: IngestBatch, before: Promise<void>): Promise<Counted> {
    if (this.parts.broken) throw this.parts.broken;
    return await countBatch(this.parts, batch, () => ++this.lastBatch, before);
  }

  /** What follows once a batch is durable. */
  private finish(batch: IngestBatch, { commit, sequence }: Counted): void {
    if (this.marks.length >= MOST_MARKS) this.marks.pop();
    this.marks.push({ batch: commit.batch, sequence });
    this.lastIngestMs = commit.receivedMs;
    const counted = noteSources(this.parts, batch, commit.fresh, commit.receivedMs);
    if (counted > 0) this.oldestMs ??= commit.receivedMs;
    this.spans += counted;
    this.parts.bump();
    if (!this.parts.options.sabotage?.ackBeforeCommit) for (const each of batch.entries) each.done();
  }

  /**
   * A failed commit leaves memory and store apart: nothing more is taken by this engine, so that nothing is answered that is not
   * true. Whether the store has it is not known, so it counts as refused. What failed before it was counted leaves them as they were.
   */
  private fail(error: unknown, batch: IngestBatch): void {
    const harmless = error instanceof NotCounted;
    if (!harmless) this.parts.fail(error);
    const refusal = new DomainError(
      "unavailable",
      harmless
        ? "the store could not read; nothing of this request was kept, send it again"
        : "the store failed while this was written; send it again, what is there already is not counted twice",
      { retryAfterSeconds: 5 },
      { cause: error },
    );
    for (const entry of batch.entries) {
      if (entry.door !== CANARY) this.parts.sources.failed(entry.door, entry.spans);
      entry.done(refusal);
    }
  }
}
