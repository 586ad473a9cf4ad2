// Reads one uploaded file while it arrives, piece by piece, gzip or plain, and puts its spans into the store like any other.
import { createGunzip, type Gunzip } from "node:zlib";
import { atOffset, DomainError, unreadable } from "../domain/errors";
import { type IssueCode, Issues } from "../domain/issue";
import { TraceReader } from "../ingest/trace-reader";
import type { IngestReport } from "./doors";
import type { Engine } from "./engine";
import { isGzip } from "./inflate";

export interface ImportReport {
  /** What the content turned out to be, as people call it. */
  readonly format: string;
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly issues: readonly { code: IssueCode; count: number; example: string }[];
  /** First and last start of the spans, in Unix microseconds; null without any. */
  readonly startsUs: { readonly from: number; readonly to: number } | null;
  /** The environments that they are of. */
  readonly environments: readonly string[];
}

/** What a session needs of an engine. */
export type SpanTaker = Pick<Engine, "ingestSpans" | "ingestFile" | "noteImported" | "noteRefused">;

/** Portions whose spans are on their way into the store; reading waits when there are more. */
const MOST_PENDING = 4;

export class ImportSession {
  private readonly reader: TraceReader;
  private gunzip: Gunzip | null = null;
  private first = true;
  private inflated = 0;
  private failure: unknown = null;
  private readonly pending = new Set<Promise<void>>();
  private readonly reports: IngestReport[] = [];

  /** @param limit largest size, inflated, in bytes. */
  constructor(
    private readonly engine: SpanTaker,
    private readonly limit: number,
  ) {
    this.reader = new TraceReader((portion) => {
      const taken =
        portion.kind === "spans"
          ? engine.ingestSpans(portion.spans, "import", portion.issues)
          : engine.ingestFile(portion.bytes);
      const kept = taken.then(
        (report) => void this.reports.push(report),
        (error: unknown) => this.fail(portion.kind === "protobuf" ? atOffset(error, portion.offset) : error),
      );
      this.pending.add(kept);
      void kept.finally(() => this.pending.delete(kept));
    });
  }

  /** @throws DomainError unreadable or too_large; the session is then over. */
  async piece(bytes: Uint8Array): Promise<void> {
    if (this.first && bytes.length > 0) {
      this.first = false;
      if (isGzip(bytes)) this.gunzip = this.openGunzip();
    }
    if (this.gunzip) await this.write(this.gunzip, bytes);
    else this.take(bytes);
    while (this.pending.size >= MOST_PENDING) await Promise.race(this.pending);
    if (this.failure) throw this.failure;
  }

  /** Everything is durable when this answers. */
  async end(): Promise<ImportReport> {
    if (this.gunzip) await this.finish(this.gunzip);
    if (!this.failure) this.read(() => this.reader.end());
    await Promise.all(this.pending);
    if (this.failure) throw this.failure;
    this.engine.noteImported();
    const issues = new Issues();
    for (const report of this.reports) issues.merge(Issues.of(report.issues));
    const starts = this.reports.flatMap(({ startsUs }) => startsUs ?? []);
    const sum = (of: (report: IngestReport) => number): number =>
      this.reports.reduce((total, report) => total + of(report), 0);
    return {
      format: this.reader.format ?? "",
      received: sum(({ received }) => received),
      stored: sum(({ stored }) => stored),
      duplicates: sum(({ duplicates }) => duplicates),
      rejected: sum(({ rejected }) => rejected),
      issues: issues.entries(),
      environments: [...new Set(this.reports.flatMap(({ environments }) => environments))],
      startsUs:
        starts.length === 0
          ? null
          : { from: Math.min(...starts.map(({ from }) => from)), to: Math.max(...starts.map(({ to }) => to)) },
    };
  }

  private take(bytes: Uint8Array): void {
    this.inflated += bytes.length;
    if (this.inflated > this.limit) {
      this.fail(
        new DomainError(
          "too_large",
          `the file is larger than ${this.limit >> 20} MiB inflated; split it or raise HEADWATER_IMPORT_MIB`,
        ),
      );
      return;
    }
    this.read(() => this.reader.feed(bytes));
  }

  private read(step: () => void): void {
    if (this.failure) return;
    try {
      step();
    } catch (error) {
      this.fail(error);
    }
  }

  /** The first failure is what the sender is told; later ones follow from it. */
  private fail(error: unknown): void {
    if (this.failure) return;
    this.failure = error;
    if (error instanceof DomainError && error.code !== "unavailable") this.engine.noteRefused("import", error.message);
  }

  private openGunzip(): Gunzip {
    const gunzip = createGunzip({ chunkSize: 1 << 20 });
    gunzip.on("data", (bytes: Uint8Array) => this.take(new Uint8Array(bytes)));
    gunzip.on("error", () => {
      this.fail(unreadable("the file is not valid gzip"));
      this.wake();
    });
    gunzip.on("end", () => this.wake());
    return gunzip;
  }

  /** Resolves when the piece is inflated, or has turned out not to be inflatable. */
  private write(gunzip: Gunzip, bytes: Uint8Array): Promise<void> {
    return this.waiting(() => gunzip.write(bytes, () => this.wake()));
  }

  private finish(gunzip: Gunzip): Promise<void> {
    // Zeros behind the data, as tapes and block devices pad it, have ended it already; it would not say so again.
    if (gunzip.readableEnded) return Promise.resolve();
    return this.waiting(() => gunzip.end());
  }

  private wake: () => void = () => {};

  private waiting(step: () => void): Promise<void> {
    if (this.failure) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
      step();
    });
  }
}
