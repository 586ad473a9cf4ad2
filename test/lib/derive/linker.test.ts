import { describe, expect, it } from "vitest";
import { EdgeBook } from "@/lib/derive/edge-book";
import { Linker } from "@/lib/derive/linker";
import { Directory } from "@/lib/domain/directory";
import { Issues } from "@/lib/domain/issue";
import type { Span } from "@/lib/domain/span";
import { SpanColumns } from "@/lib/domain/span-columns";
import { ColumnDecoder } from "@/lib/ingest/otlp/decode-columns";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { seededRandom } from "@/lib/simulate/random";
import { rowsOf } from "@/test/helpers/columns-rows";
import { naiveCounts } from "@/test/helpers/naive-calls";
import { TableSink, tableCounts } from "@/test/helpers/table-counts";
import { shuffled, tangledSpans } from "@/test/helpers/tangled-spans";

function columnsOf(spans: readonly Span[], directory: Directory): SpanColumns {
  const columns = new SpanColumns();
  new ColumnDecoder(directory).decode(encodeSpans(spans), 0, columns, new Issues(), { earliestUs: 0, latestUs: 9e15 });
  return columns;
}

function addAll(linker: Linker, columns: SpanColumns): void {
  linker.addRows(columns, 0, columns.length, () => {});
}

describe("the linker, while everything is in memory", () => {
  it("counts what one look at all spans counts, in any order, each span once or twice", () => {
    for (let seed = 0; seed < 400; seed++) {
      const random = seededRandom(`linker ${seed}`);
      const spans = tangledSpans(random, { traces: 1 + random.below(6), spansPerTrace: 14, spreadUs: 70_000_000 });
      const directory = new Directory();
      const expected = naiveCounts(rowsOf(columnsOf(spans, directory), directory)).print();
      const again = spans.filter(() => random.chance(0.5));
      const sink = new TableSink();
      const edges = new EdgeBook();
      const linker = new Linker(directory, edges, sink, 4096);
      addAll(linker, columnsOf(shuffled([...spans, ...again], random), directory));
      expect(tableCounts(sink.tables.values(), edges, directory).print(), `seed ${seed}`).toEqual(expected);
      expect(sink.touched.size).toBe(0);
    }
  });
});
