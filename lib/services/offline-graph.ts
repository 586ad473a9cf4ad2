// The graph of files, without a server: all their spans at once through the same decoder and the same rule, over the time
// that the files themselves cover.
import type { Cycles } from "../contract/cycles";
import type { Graph } from "../contract/graph";
import type { CallSink } from "../derive/call-sink";
import { EdgeBook } from "../derive/edge-book";
import { Added, Linker, minuteOf } from "../derive/linker";
import { NamedEdges } from "../derive/named-edges";
import { NamedNodes } from "../derive/named-nodes";
import { buildGraph, environmentsOf, type GraphFacts } from "../derive/service-graph";
import { WholeSink } from "../derive/whole-sink";
import { type DeclaredNames, NO_NAMES } from "../domain/declared-names";
import { Directory } from "../domain/directory";
import { atOffset, DomainError } from "../domain/errors";
import { type IssueCode, Issues } from "../domain/issue";
import { SpanColumns } from "../domain/span-columns";
import { answerCycles } from "../graph/answer-cycles";
import { ColumnDecoder } from "../ingest/otlp/decode-columns";
import { encodeSpans } from "../ingest/otlp/encode";
import { TraceReader } from "../ingest/trace-reader";
import { OfflineTraces } from "./offline-traces";

const US_PER_MS = 1000;
const RANGE = { earliestUs: 0, latestUs: Date.UTC(2262, 0, 1) * US_PER_MS };

export interface OfflineFile {
  /** What the content turned out to be, as people call it. */
  readonly format: string;
  /** Spans in the file, rejected ones included. */
  readonly received: number;
  readonly rejected: number;
  readonly issues: readonly { code: IssueCode; count: number; example: string }[];
}

export interface OfflineAnswer {
  /** One an environment, the one with most spans first. */
  readonly graphs: readonly Graph[];
  /** Distinct spans, and copies of them that were left out. */
  readonly spans: number;
  readonly duplicates: number;
  /** Names that were counted under `__other__`, because there were too many to keep apart. */
  readonly namesOverLimit: number;
}

export class OfflineGraph {
  private readonly directory = new Directory();
  private readonly columns = new SpanColumns();
  private readonly decoder = new ColumnDecoder(this.directory);

  private readonly nodes: NamedNodes;

  /** @param names what headwater.yaml declares of names. */
  constructor(names: DeclaredNames = NO_NAMES) {
    this.nodes = new NamedNodes(this.directory, names);
  }

  /**
   * Reads one file, gunzipped, piece by piece. A file that cannot be read to its end does not count at all.
   * @throws DomainError unreadable or too_large, naming the byte.
   */
  async readFile(pieces: AsyncIterable<Uint8Array>): Promise<OfflineFile> {
    const { length, links } = this.columns;
    const issues = new Issues();
    let received = 0;
    const reader = new TraceReader((portion) => {
      if (portion.kind === "spans") issues.merge(portion.issues);
      const bytes = portion.kind === "spans" ? encodeSpans(portion.spans) : portion.bytes;
      try {
        received += this.decoder.decode(bytes, 0, this.columns, issues, RANGE);
      } catch (error) {
        throw portion.kind === "protobuf" ? atOffset(error, portion.offset) : error;
      }
    });
    try {
      for await (const piece of pieces) reader.feed(piece);
      reader.end();
    } catch (error) {
      this.columns.truncate(length, links);
      throw error;
    }
    return { format: reader.format ?? "", received, rejected: issues.rejected, issues: issues.entries() };
  }

  /**
   * The graphs of all files together. The window runs from the minute of the first span to that of the last.
   * @returns no graph when there are no spans.
   * @throws DomainError too_large when the spans do not fit into memory.
   */
  answer(): OfflineAnswer {
    const { directory, columns } = this;
    if (columns.length === 0) return { graphs: [], spans: 0, duplicates: 0, namesOverLimit: 0 };
    const edges = new EdgeBook();
    const sink = new WholeSink();
    let duplicates = 0;
    linkerFor(columns, directory, edges, sink).addRows(columns, 0, columns.length, (_row, added) => {
      if (added !== Added.NEW) duplicates++;
    });
    const { totals, history } = sink.totals();
    const seen: GraphFacts = { directory, edges, totals, history, window: windowOf(columns), version: 1 };
    const facts = new NamedEdges(this.nodes, edges).apply(seen);
    const perspective = "data-flow";
    const graphs = environmentsOf(facts).map(({ name }) =>
      buildGraph(facts, { environment: name, perspective, rememberFrom: facts.window.from }),
    );
    return { graphs, spans: columns.length - duplicates, duplicates, namesOverLimit: directory.overflowed };
  }

  /** Circular dependencies of one of the graphs. */
  cycles(graph: Graph): Promise<Cycles> {
    const traces = new OfflineTraces(this.columns, this.nodes, graph.environment);
    return answerCycles(graph, async (probes) => traces.of(probes));
  }
}

/** Room for every span, its parent's id and its links' targets: nothing may leave this linker's memory. */
function linkerFor(columns: SpanColumns, directory: Directory, edges: EdgeBook, sink: CallSink): Linker {
  try {
    return new Linker(directory, edges, sink, columns.length * 2 + columns.links + 64);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DomainError(
      "too_large",
      `${columns.length} spans do not fit into memory at once; import them into a server instead`,
      {},
      { cause: error },
    );
  }
}

function windowOf(columns: SpanColumns): GraphFacts["window"] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < columns.length; row++) {
    from = Math.min(from, columns.start[row]!);
    to = Math.max(to, columns.start[row]!);
  }
  return { from: minuteOf(from), to: minuteOf(to) + 1 };
}
