// One engine's way to read requests, kept from input to input as in a server, and checked after each: columns are sound, and rows
// are those spans that a plain reader finds.
import { Directory } from "@/lib/domain/directory";
import { hexOfWords } from "@/lib/domain/ids";
import { Issues } from "@/lib/domain/issue";
import { ID_WORDS, SpanColumns } from "@/lib/domain/span-columns";
import { ColumnDecoder, type TimeRange } from "@/lib/ingest/otlp/decode-columns";
import { readSpansAt } from "@/lib/ingest/otlp/read-span";
import { type PlainSpan, plainSpans } from "./plain-wire";
import { checkColumns } from "./sound-columns";

const RANGE: TimeRange = { earliestUs: 0, latestUs: Date.UTC(2262, 0, 1) * 1000 };
/** Names that damage invents would fill one directory; a server has many of them over its life too. */
const READS_PER_DIRECTORY = 500;

export type Decode = (decoder: ColumnDecoder, ...args: Parameters<ColumnDecoder["decode"]>) => number;

export class CheckedIntake {
  private reads = 0;
  private directory = new Directory();
  private decoder = new ColumnDecoder(this.directory);
  private readonly columns = new SpanColumns(4);

  constructor(private readonly decode: Decode = (decoder, ...args) => decoder.decode(...args)) {}

  /** @returns how many spans it met. @throws Error for what must not be; DomainError for what is refused. */
  take(bytes: Uint8Array): number {
    if (++this.reads % READS_PER_DIRECTORY === 0) {
      this.directory = new Directory();
      this.decoder = new ColumnDecoder(this.directory);
    }
    const { columns } = this;
    const issues = new Issues();
    columns.clear();
    let spans: number;
    try {
      spans = this.decode(this.decoder, bytes, 0, columns, issues, RANGE);
    } catch (error) {
      if (columns.length !== 0 || columns.links !== 0) throw new Error("unsound: rows of a refused request stayed");
      throw error;
    }
    checkColumns(columns, this.directory, issues, spans, RANGE, bytes);
    checkAgainst(plainSpans(bytes), columns, spans);
    readSpansAt(bytes, new Set(columns.offset.subarray(0, columns.length)));
    return spans;
  }
}

/** Rows are those spans that the plain reader finds at their places, whole and with these ids. */
function checkAgainst(plain: readonly PlainSpan[], columns: SpanColumns, spans: number): void {
  if (plain.length !== spans) throw new Error(`unsound: ${plain.length} spans are there, ${spans} were met`);
  const at = new Map(plain.map((span) => [span.offset, span]));
  for (let row = 0; row < columns.length; row++) {
    const span = at.get(columns.offset[row]!);
    const traceId = hexOfWords(columns.ids, row * ID_WORDS, 4);
    const spanId = hexOfWords(columns.ids, row * ID_WORDS + 4, 2);
    if (span?.traceId !== traceId || span.spanId !== spanId)
      throw new Error(`unsound: row ${row} is ${traceId} ${spanId}, not ${span?.traceId} ${span?.spanId}`);
  }
}
