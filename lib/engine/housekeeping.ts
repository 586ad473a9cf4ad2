// What happens beside ingest: looking up what was late, deriving minutes again, saving them, retention. One thing at a time.
import type { Stored } from "../store/span-store";
import { isDamage, unlessDamaged } from "../store/store-error";
import type { Answers } from "./answers";
import type { CommitLine } from "./commit-line";
import type { EngineParts } from "./engine-parts";
import { traceKey } from "./late-spans";
import { rederiveMinute } from "./rederive";

const MINUTE_MS = 60_000;
/** No start is later: the end of the range that files may have. */
const LATEST_US = Date.UTC(2262, 0, 1) * 1000;
/** Minutes that stay in memory after their time, and how many at most. */
const KEEP_MINUTES = 3;
const MOST_MINUTES = 64;
/** How often what is over its age is looked for, and what is over its size. */
const RETIRE_MS = 10 * MINUTE_MS;
const SIZE_MS = 20_000;
/** A minute whose spans cannot be read is tried again after this. */
const DAMAGED_MS = 60_000;
/** Traces looked up with one question. */
const TRACES_AT_ONCE = 2000;

export class Housekeeping {
  /** Done when nothing is under way; null then. */
  running: Promise<void> | null = null;
  private closing = false;
  /** Minutes being derived. */
  deriving = 0;
  /** Whether spans went for their size, not their age, when some went last. */
  cutForSize = false;
  private derivedBatch: number;
  private lastSaveMs: number;
  private lastSweepMs: number;
  private lastRetireMs: number;
  private lastSizeMs = 0;

  constructor(
    private readonly parts: EngineParts,
    private readonly line: CommitLine,
    private readonly answers: Answers,
    stored: Stored,
  ) {
    this.derivedBatch = stored.derivedBatch;
    const now = parts.ports.now();
    this.lastSaveMs = now;
    this.lastSweepMs = now;
    this.lastRetireMs = now;
  }

  /** Does what is due; to be called a few times a second. */
  tick(): void {
    const { parts } = this;
    if (parts.store.dead) parts.fail(parts.store.dead);
    if (this.running || parts.broken || this.closing) return;
    this.running = this.round()
      .catch((error: unknown) => parts.fail(error))
      .finally(() => {
        this.running = null;
      });
  }

  private async round(): Promise<void> {
    const { book, options, ports } = this.parts;
    const now = ports.now();
    if (now - this.lastSweepMs >= Math.min(1000, options.settleMs)) {
      this.lastSweepMs = now;
      await this.lookUp(now - options.settleMs);
    }
    await this.touchOversized();
    while (!this.closing && !this.parts.broken) {
      // What is taken is derived: a minute that is neither marked nor derived would be saved as if it were whole.
      const minute = book.takeDirty(now, this.isIdle(now));
      if (minute === null) break;
      await this.derive(minute);
    }
    if (this.parts.broken || ports.mayWrite?.() === false) return;
    const due = now - this.lastSaveMs > (this.isIdle(now) ? 1000 : MINUTE_MS) || book.size > MOST_MINUTES;
    if (book.hasUnsaved && due) await this.save();
    if (now - this.lastRetireMs > RETIRE_MS || (await this.isOverSize(now)))
      await this.retire(now).catch(unlessDamaged(undefined));
  }

  private isIdle(now: number): boolean {
    return now - this.line.lastIngestMs > 1000;
  }

  /** Looks in the store for parents and link targets of spans that arrived before `beforeMs` and were not seen in memory. */
  private async lookUp(beforeMs: number): Promise<void> {
    const { linker, store, options, oversized } = this.parts;
    const missing = await this.line.between(() => linker.ring.takeUnresolved(beforeMs));
    if (options.sabotage?.memoryOnly) return;
    const traces = [...new Map(missing.map((trace) => [traceKey(trace), trace])).values()];
    for (let at = 0; at < traces.length; at += TRACES_AT_ONCE) {
      const part = traces.slice(at, at + TRACES_AT_ONCE);
      const asked = store.relatives(part, 0, LATEST_US, Math.floor(linker.ring.capacity / 4));
      const relatives = await asked.catch(unlessDamaged(undefined));
      if (relatives === undefined) continue;
      if (relatives) {
        await this.line.between(() => linker.page(relatives));
        if (!options.sabotage?.silentLookUps) this.parts.bump();
      } else for (const trace of part) oversized.push(trace);
    }
  }

  private async touchOversized(): Promise<void> {
    const { book, store, oversized } = this.parts;
    while (oversized.length > 0) {
      // Not before the commit that found them is durable.
      const traces = await this.line.between(() => oversized.splice(0, TRACES_AT_ONCE));
      const minutes = await store.minutesOf(traces).catch(unlessDamaged<number[]>([]));
      for (const minute of minutes) book.touch(minute);
    }
  }

  private async derive(minute: number): Promise<void> {
    const { book, store, directory, edges, ports } = this.parts;
    this.deriving++;
    const started = ports.now();
    const upTo = await this.line.between(() => {
      book.beginDeriving(minute);
      return this.line.lastBatch;
    });
    try {
      const table = await rederiveMinute(store, directory, edges, minute, upTo, () => ports.pause());
      const now = ports.now();
      book.replace(table, now, now - started);
    } catch (error) {
      if (!isDamage(error)) throw error;
      book.leave(minute, ports.now() + DAMAGED_MS);
    }
    this.deriving--;
    this.parts.bump();
  }

  /** Writes the minutes that changed. What memory holds between two commits is exactly what the store's spans say. */
  async save(): Promise<void> {
    const { book, directory, edges, oversized, ports, store } = this.parts;
    const save = await this.line.between(() => {
      const whole = !book.hasDirty && oversized.length === 0;
      const derivedBatch = whole ? this.line.derivedUpTo(this.derivedBatch) : this.derivedBatch;
      const tables = book.takeUnsaved();
      return { tables, edges: edges.drain(), directory: directory.drain(), derivedBatch, savedMs: ports.now() };
    });
    await store.saveMinutes(save);
    this.derivedBatch = save.derivedBatch;
    this.lastSaveMs = ports.now();
    this.forgetSaved(this.lastSaveMs);
    await this.answers.refresh();
  }

  private forgetSaved(now: number): void {
    this.parts.book.forgetSaved(Math.floor(now / MINUTE_MS) - KEEP_MINUTES, MOST_MINUTES);
  }

  /** A glance at the files' size, which holds room of spans long gone too: the store looks closer. */
  private async isOverSize(now: number): Promise<boolean> {
    if (now - this.lastSizeMs < SIZE_MS) return false;
    this.lastSizeMs = now;
    const { file, log } = await this.parts.store.size();
    return file + log > this.parts.options.retainSpansBytes;
  }

  private async retire(now: number): Promise<void> {
    const { book, options, store } = this.parts;
    this.lastRetireMs = now;
    this.forgetSaved(now);
    const retired = await store.retire({
      arrivedBeforeMs: now - options.retainSpansMs,
      spanBytes: options.retainSpansBytes,
      savedBeforeMs: now - options.retainMinutesMs,
      inMemory: book.list().map(({ minute }) => minute),
      hoursBeforeMs: now - options.retainHoursMs,
    });
    if (retired.spans > 0) this.cutForSize = retired.cutForSize;
    this.line.oldestMs = retired.oldestMs;
    this.line.spans -= retired.spans;
    book.retire(retired.minutes, retired.thinned, retired.hours);
    await this.answers.refresh();
  }

  /** Returns when everything that was sent is stored, linked, derived and saved. */
  async settle(): Promise<void> {
    const { parts, line } = this;
    for (;;) {
      while (line.running !== null || this.running !== null) await (line.running ?? this.running);
      if (parts.broken) throw parts.broken;
      await this.lookUp(Number.POSITIVE_INFINITY);
      await this.touchOversized();
      if (!parts.book.hasDirty && !line.running) break;
      for (;;) {
        const minute = parts.book.takeDirty(Number.POSITIVE_INFINITY, true);
        if (minute === null) break;
        await this.derive(minute);
      }
    }
    await this.save();
  }

  /** Ends what is under way at its next step. */
  async stop(): Promise<void> {
    this.closing = true;
    while (this.running !== null) await this.running;
  }

  /** The same, and saves what there is. */
  async close(): Promise<void> {
    await this.stop();
    if (!this.parts.broken) await this.save();
  }
}
