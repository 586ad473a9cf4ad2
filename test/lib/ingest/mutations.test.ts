// Every decoder under damaged input: it reads or refuses, quickly, and what it takes is sound. Half of the inputs are the same
// each time, half are new; a finding prints the seed under which it comes again.
import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, it, onTestFailed } from "vitest";
import { Directory } from "@/lib/domain/directory";
import { unreadable } from "@/lib/domain/errors";
import { hexOfWords } from "@/lib/domain/ids";
import { Issues } from "@/lib/domain/issue";
import { ID_WORDS, SpanColumns } from "@/lib/domain/span-columns";
import { readOtlpJson } from "@/lib/ingest/formats/otlp-json";
import { ColumnDecoder, type TimeRange } from "@/lib/ingest/otlp/decode-columns";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { readSpans, readSpansAt } from "@/lib/ingest/otlp/read-span";
import * as wire from "@/lib/ingest/otlp/wire";
import { TraceReader } from "@/lib/ingest/trace-reader";
import type { Random } from "@/lib/simulate/random";
import { type JsonFormat, jsonCorpus, protobufCorpus } from "@/test/helpers/decoder-corpus";
import { effort } from "@/test/helpers/effort";
import { FRESH, hammer, type Subject } from "@/test/helpers/hammer";
import { mutateBytes } from "@/test/helpers/mutate-bytes";
import { mutateJson } from "@/test/helpers/mutate-json";
import { type PlainSpan, plainSpans } from "@/test/helpers/plain-wire";
import { checkColumns } from "@/test/helpers/sound-columns";

const COUNT = effort("HEADWATER_TEST_MUTATIONS");
const RANGE: TimeRange = { earliestUs: 0, latestUs: Date.UTC(2262, 0, 1) * 1000 };
/** Names that damage invents would fill one directory; a server has many of them over its life too. */
const READS_PER_DIRECTORY = 500;

type Decode = (decoder: ColumnDecoder, ...args: Parameters<ColumnDecoder["decode"]>) => number;

/** One engine's way to read requests, kept from input to input as in a server, and checked after each. */
class Intake {
  private reads = 0;
  private directory = new Directory();
  private decoder = new ColumnDecoder(this.directory);
  private readonly columns = new SpanColumns(4);

  constructor(private readonly decode: Decode = (decoder, ...args) => decoder.decode(...args)) {}

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

function protobuf(decode?: Decode): Subject {
  const intake = new Intake(decode);
  return { corpus: protobufCorpus(), mutate: mutateBytes, read: (input) => void intake.take(input) };
}

/** A file in pieces of any size: spans become OTLP, which must hold as many of them and say the same when read again. */
function file(corpus: Uint8Array[], read: (chunk: Uint8Array) => Uint8Array = (chunk) => chunk): Subject {
  const intake = new Intake();
  const readFile = (input: Uint8Array, random: Random): void => {
    const reader = new TraceReader((portion) => {
      if (portion.kind === "protobuf") {
        intake.take(portion.bytes);
        return;
      }
      const bytes = encodeSpans(portion.spans);
      const spans = intake.take(bytes);
      if (spans !== portion.spans.length) throw new Error(`unsound: ${portion.spans.length} spans became ${spans}`);
      if (!random.chance(0.3)) return; // the dearest of the checks
      const shown = readSpans(bytes);
      if (!isDeepStrictEqual(readSpans(encodeSpans(shown)), shown))
        throw new Error("unsound: reads back as something else");
    });
    const most = random.chance(0.5) ? input.length : 1 + random.below(700);
    for (let at = 0; at < input.length; at += most) reader.feed(read(input.slice(at, at + most)));
    reader.end();
  };
  return { corpus, mutate: mutateJson, read: readFile };
}

/** The body of a request, whole. */
function requestJson(): Subject {
  const intake = new Intake();
  const read = (input: Uint8Array): void => {
    const spans = readOtlpJson(new TextDecoder().decode(input));
    const taken = intake.take(encodeSpans(spans));
    if (taken !== spans.length) throw new Error(`unsound: ${spans.length} spans became ${taken}`);
  };
  return { corpus: jsonCorpus("otlp"), mutate: mutateJson, read };
}

const SUBJECTS: Record<string, () => Subject> = {
  "OTLP protobuf": protobuf,
  "a file of OTLP protobuf": () => ({ ...file(protobufCorpus()), mutate: mutateBytes }),
  "OTLP JSON, as a request": requestJson,
  ...Object.fromEntries(
    (["otlp", "tempo", "jaeger", "zipkin"] as JsonFormat[]).map((format) => [
      `a file of ${format} JSON`,
      () => file(jsonCorpus(format)),
    ]),
  ),
};

describe.each(Object.entries(SUBJECTS))("%s", (_name, make) => {
  it(`stays whole under ${COUNT} damaged inputs`, { timeout: 60_000 + COUNT * 5 }, () => {
    onTestFailed(() => console.error(`HEADWATER_TEST_SEED="${FRESH}" brings the same new inputs again`));
    for (const seed of ["fixed", FRESH]) {
      const { accepted, refused, finding } = hammer(make(), seed, Math.ceil(COUNT / 2));
      expect(finding).toBeNull();
      // Damage that is always refused, or never, would prove little.
      expect(Math.min(accepted, refused)).toBeGreaterThan(COUNT / 50);
    }
  });
});

describe("twins: the same check catches a reader", () => {
  const INPUTS = 3_000;
  const find = (subject: Subject, hangMs?: number): string => hammer(subject, "twin", INPUTS, hangMs).finding ?? "none";

  it("without a bounds check: a length may reach beyond its message", () => {
    const { Cursor } = wire;
    const { lengthEnd } = Cursor.prototype;
    restore = () => Object.assign(Cursor.prototype, { lengthEnd });
    Cursor.prototype.lengthEnd = function (this: InstanceType<typeof Cursor>, end: number) {
      return this.at + this.varint(end);
    };
    expect(find(protobuf())).toMatch(/^input \d+ of seed "twin"/);
  });

  it("that keeps rows of what it refuses", () => {
    const truncate = SpanColumns.prototype.truncate;
    restore = () => Object.assign(SpanColumns.prototype, { truncate });
    SpanColumns.prototype.truncate = () => {};
    expect(find(protobuf())).toMatch(/rows of a refused request stayed/);
  });

  it("that loses a span without a word", () => {
    expect(find(protobuf((decoder, ...args) => decoder.decode(...args) + 1))).toMatch(/unsound: \d+ spans, but/);
  });

  it("that fails with an error of no kind", () => {
    const read = (chunk: Uint8Array): Uint8Array => {
      if (chunk.includes(0x7f)) throw new TypeError("no kind");
      return chunk;
    };
    expect(find(file(jsonCorpus("otlp"), read))).toMatch(/TypeError: no kind/);
  });

  it("that takes too long", () => {
    const slow = (input: Uint8Array): void => {
      for (const end = performance.now() + (input.length % 16 === 0 ? 260 : 0); performance.now() < end; );
    };
    expect(find({ ...protobuf(), read: slow })).toMatch(/takes longer than 250 ms, 3 times/);
  });

  it("that never ends", () => {
    const stuck = (input: Uint8Array): void => {
      while (input.length % 16 === 0);
    };
    expect(find({ ...protobuf(), read: stuck }, 300)).toMatch(/does not end within 300 ms/);
  });

  it("and none of them is caught for nothing: damage that is refused is no finding", () => {
    const never = (): never => {
      throw unreadable("no");
    };
    expect(hammer({ ...protobuf(), read: never }, "twin", 100)).toEqual({ accepted: 0, refused: 100, finding: null });
  });
});

let restore = (): void => {};
afterEach(() => {
  restore();
  restore = () => {};
});
