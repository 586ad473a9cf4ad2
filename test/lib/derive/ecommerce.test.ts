import { describe, expect, it } from "vitest";
import { CallKind, EdgeBook } from "@/lib/derive/edge-book";
import { Linker } from "@/lib/derive/linker";
import { Directory } from "@/lib/domain/directory";
import { Issues } from "@/lib/domain/issue";
import type { Span } from "@/lib/domain/span";
import { SpanColumns } from "@/lib/domain/span-columns";
import { ColumnDecoder } from "@/lib/ingest/otlp/decode-columns";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { printEdge, type TrueEdge, Truth } from "@/lib/simulate/truth";
import { TableSink } from "@/test/helpers/table-counts";
import { shuffled } from "@/test/helpers/tangled-spans";

const KINDS = ["sync", "async", "database", "entry"] as const;

/** The graph's edges with their counts, as the truth prints them. */
function derive(spans: readonly Span[]): string[] {
  const directory = new Directory();
  const columns = new SpanColumns();
  new ColumnDecoder(directory).decode(encodeSpans(spans), 0, columns, new Issues(), { earliestUs: 0, latestUs: 9e15 });
  const sink = new TableSink();
  const edges = new EdgeBook();
  const linker = new Linker(directory, edges, sink, spans.length * 3);
  linker.addRows(columns, 0, columns.length, () => {});
  const totals = new Map<number, TrueEdge>();
  for (const table of sink.tables.values()) {
    for (const { edge, counts } of table.entries()) {
      const key = edges.key(edge);
      if (key.kind > CallKind.ENTRY) continue;
      const total = totals.get(edge) ?? {
        caller: directory.node(key.caller).id,
        callee: directory.node(key.callee).id,
        via: key.via ? directory.node(key.via).id : "",
        kind: KINDS[key.kind as 0],
        calls: 0,
        calleeErrors: 0,
        betweenErrors: 0,
        clientErrors: 0,
      };
      total.calls += counts.calls;
      total.calleeErrors += counts.callee;
      total.betweenErrors += counts.between;
      total.clientErrors += counts.clientError;
      totals.set(edge, total);
    }
  }
  return [...totals.values()].map(printEdge).sort();
}

describe("the guide's shop", () => {
  it("is derived from its spans exactly as it really was, faults included", () => {
    for (const seed of [1, 2, 3]) {
      const random = seededRandom(`shop ${seed}`);
      const start = 1_760_000_000_000_000;
      const truth = new Truth();
      const faults = [
        { service: "payment-service", fromUs: start + 20e6, toUs: start + 40e6, slowdown: 900 },
        { service: "inventory-service", fromUs: start + 50e6, toUs: start + 70e6, errorRate: 0.3 },
        { service: "notification-service", fromUs: start + 30e6, toUs: start + 60e6, down: true },
        { service: "supplier-service", fromUs: start + 80e6, toUs: start + 90e6, down: true },
      ];
      const simulation = new Simulation(ecommerce, random, truth, faults);
      const spans: Span[] = [];
      for (let i = 0; i < 1500; i++) spans.push(...simulation.request(start + i * 70_000).spans);
      expect(truth.spans).toBe(spans.length);
      expect(derive(shuffled(spans, random))).toEqual(truth.print().sort());
    }
  });
});
