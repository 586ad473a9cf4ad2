// Takes one request body into the batch that is being filled: decoded here, answered once it is durable.
import { DomainError } from "../domain/errors";
import type { Issues } from "../domain/issue";
import type { SpanColumns } from "../domain/span-columns";
import { ColumnDecoder, type TimeRange } from "../ingest/otlp/decode-columns";
import { Redactor } from "../ingest/otlp/redact";
import { SensitiveKeys } from "../ingest/otlp/sensitive-keys";
import type { CommitLine } from "./commit-line";
import { CANARY, type Door, type IngestReport, isCanary } from "./doors";
import type { EngineParts } from "./engine-parts";
import { deflateForStore } from "./inflate";
import type { Entry } from "./ingest-batch";

const US_PER_MS = 1000;
const DAY_MS = 86_400_000;
/** Live doors take starts from 2000 on, up to a day ahead; files anything from 1970 to 2262. */
const LIVE_EARLIEST_US = Date.UTC(2000, 0, 1) * US_PER_MS;
const FILE_LATEST_US = Date.UTC(2262, 0, 1) * US_PER_MS;

export class Intake {
  private readonly decoder: ColumnDecoder;
  private readonly redactor: Redactor;
  closed = false;

  constructor(
    private readonly parts: EngineParts,
    private readonly line: CommitLine,
  ) {
    this.decoder = new ColumnDecoder(parts.directory);
    this.redactor = new Redactor(new SensitiveKeys(parts.options.redactKeys));
  }

  /**
   * @param bytes changed where they hold secrets.
   * @param compressed the same in gzip, where it came so: as it is stored, unless it holds secrets.
   * @param issues what reading the request already found.
   * @throws DomainError "unavailable" while nothing is taken, "unreadable" for malformed bytes.
   */
  take(bytes: Uint8Array, compressed: Uint8Array | null, door: Door, issues: Issues): Promise<IngestReport> {
    this.refuseWhileClosed();
    const batch = this.line.toFill();
    const { columns } = batch;
    const from = columns.length;
    const secrets = this.redactor.redact(bytes);
    const received = this.decoder.decode(bytes, batch.bodies.length, columns, issues, this.rangeOf(door));
    const to = columns.length;
    if (to > from) batch.addBody(compressed && secrets === 0 ? compressed : deflateForStore(bytes));
    const startsUs = startsOf(columns, from, to);
    const environments = this.environmentsOf(columns, from, to);
    return new Promise<IngestReport>((resolve, reject) => {
      const done = (error?: unknown): void => {
        if (error) reject(error);
        const { duplicates } = entry;
        const stored = to - from - duplicates;
        const { rejected } = issues;
        resolve({ received, stored, duplicates, rejected, issues: issues.entries(), startsUs, environments });
      };
      const counted = isCanary(environments) ? CANARY : door;
      const entry: Entry = { from, to, spans: received, issues, door: counted, duplicates: 0, done };
      this.line.add(batch, entry);
    });
  }

  private refuseWhileClosed(): void {
    if (this.parts.broken) {
      throw new DomainError("unavailable", "the store failed; send it again", { retryAfterSeconds: 5 });
    }
    if (this.closed) throw new DomainError("unavailable", "the server is stopping", { retryAfterSeconds: 5 });
  }

  private rangeOf(door: Door): TimeRange {
    if (door === "import") return { earliestUs: 0, latestUs: FILE_LATEST_US };
    return { earliestUs: LIVE_EARLIEST_US, latestUs: (this.parts.ports.now() + DAY_MS) * US_PER_MS };
  }

  private environmentsOf({ service }: SpanColumns, from: number, to: number): string[] {
    const found = new Set<string>();
    for (let row = from; row < to; row++) {
      if (row === from || service[row] !== service[row - 1])
        found.add(this.parts.directory.node(service[row]!).environment);
    }
    return [...found];
  }
}

function startsOf({ start }: SpanColumns, from: number, to: number): IngestReport["startsUs"] {
  if (from === to) return null;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row++) {
    first = Math.min(first, start[row]!);
    last = Math.max(last, start[row]!);
  }
  return { from: first, to: last };
}
