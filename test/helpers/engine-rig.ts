// An engine on a real DuckDB file, with a clock that the test moves, for delivering spans at chosen times.
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallTable } from "@/lib/derive/call-table";
import { CallTotals } from "@/lib/derive/call-totals";
import { EdgeBook } from "@/lib/derive/edge-book";
import { Directory } from "@/lib/domain/directory";
import { Issues } from "@/lib/domain/issue";
import type { Span } from "@/lib/domain/span";
import { SpanColumns } from "@/lib/domain/span-columns";
import { Engine } from "@/lib/engine/engine";
import { ENGINE_DEFAULTS, type EngineOptions } from "@/lib/engine/engine-options";
import { ColumnDecoder } from "@/lib/ingest/otlp/decode-columns";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { openDuckDbStore } from "@/lib/store/drivers/duckdb/duckdb-store";
import type { SpanStore } from "@/lib/store/span-store";
import { rowsOf } from "./columns-rows";
import { naiveCounts } from "./naive-calls";
import { tableCounts } from "./table-counts";

export interface Delivery {
  readonly atMs: number;
  readonly spans: readonly Span[];
}

export class EngineRig {
  nowMs = 0;
  engine!: Engine;
  store!: SpanStore;

  private constructor(
    public folder: string,
    private readonly options: EngineOptions,
    private readonly bodyTableBytes?: number,
  ) {}

  /** @param bodyTableBytes of a store's table for request bodies. */
  static async open(options: Partial<EngineOptions> = {}, bodyTableBytes?: number): Promise<EngineRig> {
    const folder = await mkdtemp(join(tmpdir(), "headwater-test-"));
    const rig = new EngineRig(folder, { ...ENGINE_DEFAULTS, ...options }, bodyTableBytes);
    await rig.start();
    return rig;
  }

  async start(): Promise<void> {
    const path = join(this.folder, "headwater.duckdb");
    this.store = await openDuckDbStore({ path, memoryLimit: "200MB", bodyTableBytes: this.bodyTableBytes });
    const ports = { now: () => this.nowMs, pause: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    this.engine = await Engine.start(this.store, this.options, ports);
  }

  async restart(): Promise<void> {
    await this.engine.close();
    await this.start();
  }

  /** Goes on from what stood on the disk in this moment, between two commits: nothing that memory held is handed over. */
  async crash(): Promise<void> {
    const left = this.folder;
    this.folder = await mkdtemp(join(tmpdir(), "headwater-test-"));
    for (const name of await readdir(left)) await copyFile(join(left, name), join(this.folder, name));
    await this.engine.close();
    await rm(left, { recursive: true, force: true });
    await this.start();
  }

  async deliver(deliveries: readonly Delivery[]): Promise<void> {
    for (const { atMs, spans } of deliveries) {
      this.nowMs = Math.max(this.nowMs, atMs);
      await this.engine.ingest({
        bytes: encodeSpans(spans),
        gzip: null,
        door: "otlp-http",
        format: "protobuf",
      });
      this.engine.tick();
    }
  }

  /** Everything that is counted, as the store holds it after settling, in the words of naive-calls.ts. */
  async counts(): Promise<string[]> {
    await this.engine.settle();
    return await storedCounts(this.store);
  }

  async close(): Promise<void> {
    await this.engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The calls that a store holds, in the words of naive-calls.ts. */
export async function storedCounts(store: SpanStore): Promise<string[]> {
  const stored = await store.load();
  const directory = Directory.restore(stored.directory);
  const edges = EdgeBook.restore(stored.edges);
  const tables: CallTable[] = [];
  for (const minute of stored.minutes) {
    const sums = await store.readCalls(
      { from: minute, to: minute + 1 },
      [],
      edges.size === 0 ? [] : Array.from({ length: edges.size }, (_, i) => i),
    );
    const totals = new CallTotals(true);
    totals.addSums(sums);
    const table = new CallTable(minute);
    for (const total of totals.entries())
      table.load(total.edge, total.operation, total.counts, total.weight, totals.bucketsOf(total.row));
    tables.push(table);
  }
  return tableCounts(tables, edges, directory).print();
}

/** What all distinct spans together mean. */
export function expectedCounts(spans: readonly Span[]): string[] {
  const directory = new Directory();
  const columns = new SpanColumns();
  new ColumnDecoder(directory).decode(encodeSpans(spans), 0, columns, new Issues(), { earliestUs: 0, latestUs: 9e15 });
  return naiveCounts(rowsOf(columns, directory)).print();
}
