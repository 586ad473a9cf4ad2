// The calls of minutes into the open transaction.
import type { DuckDBConnection } from "@duckdb/node-api";
import { type CallTable, COUNTERS, EXEMPLARS } from "../../../derive/call-table";
import { ChunkAppender, putHalf } from "./raw-chunks";
import { BUCKETS, CALLS } from "./schema";

const NO_TRACE = new Int32Array(4);

export class CallWriter {
  private constructor(
    private readonly calls: ChunkAppender,
    private readonly buckets: ChunkAppender,
  ) {}

  static async open(connection: DuckDBConnection): Promise<CallWriter> {
    return new CallWriter(
      await ChunkAppender.open(connection, "calls", CALLS),
      await ChunkAppender.open(connection, "buckets", BUCKETS),
    );
  }

  write(tables: readonly CallTable[]): void {
    for (const table of tables) this.append(table);
    this.calls.flush();
    this.buckets.flush();
  }

  private append(table: CallTable): void {
    const edgeOf = new Map<number, { edge: number; operation: number }>();
    const cells = this.calls.cells;
    for (const { cell, edge, operation, counts, weight } of table.entries()) {
      edgeOf.set(cell, { edge, operation });
      const row = this.calls.row;
      cells[0]![row] = table.minute;
      cells[1]![row] = edge;
      cells[2]![row] = operation;
      for (const [i, name] of COUNTERS.entries()) cells[3 + i]![row] = counts[name];
      const next = 3 + COUNTERS.length;
      cells[next]![row] = weight;
      for (let which = 0; which < EXEMPLARS; which++) {
        const words = table.exemplar(cell, which) ?? NO_TRACE;
        putHalf(cells[next + 1 + which * 2]!, row, words, 0);
        putHalf(cells[next + 2 + which * 2]!, row, words, 2);
      }
      this.calls.push();
    }
    const [minutes, edges, operations, measures, buckets, counts] = this.buckets.cells;
    table.eachBucket((cell, measure, bucket, count) => {
      const key = edgeOf.get(cell);
      if (!key) return;
      const row = this.buckets.row;
      minutes![row] = table.minute;
      edges![row] = key.edge;
      operations![row] = key.operation;
      measures![row] = measure;
      buckets![row] = bucket;
      counts![row] = count;
      this.buckets.push();
    });
  }
}
