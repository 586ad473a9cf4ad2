// Spans, links and bodies into the open transaction: typed-array chunks, and a merge of what was stored before.
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { ID_WORDS, LINK_WORDS, NO_DURATION, type SpanColumns } from "../../../domain/span-columns";
import type { Commit } from "../../span-store";
import type { BodyTables } from "./body-tables";
import { ChunkAppender, cellsByName, putHalf, putInteger } from "./raw-chunks";
import { BATCHES, LINKS, SPANS } from "./schema";
import { insertRows, unsigned64 } from "./values";

export class SpanWriter {
  private constructor(
    private readonly connection: DuckDBConnection,
    private readonly spans: ChunkAppender,
    private readonly links: ChunkAppender,
    private readonly batches: ChunkAppender,
    private readonly bodies: BodyTables,
  ) {}

  static async open(connection: DuckDBConnection, bodies: BodyTables): Promise<SpanWriter> {
    const spans = await ChunkAppender.open(connection, "spans", SPANS);
    const links = await ChunkAppender.open(connection, "links", LINKS);
    const batches = await ChunkAppender.open(connection, "batches", BATCHES);
    await connection.run("CREATE TEMP TABLE merged AS SELECT * FROM spans LIMIT 0");
    return new SpanWriter(connection, spans, links, batches, bodies);
  }

  async write(commit: Commit): Promise<void> {
    const bodies = await this.bodies.append(commit);
    this.appendSpans(commit.columns, commit.fresh, commit.batch, bodies);
    this.appendLinks(commit.columns, commit.fresh, commit.batch);
    this.appendBatch(commit);
    if (commit.merged.length > 0) await this.mergeSpans(commit);
  }

  private appendBatch({ batch, receivedMs }: Commit): void {
    const [id, received] = this.batches.cells;
    id![0] = batch;
    putInteger(received!, 0, receivedMs);
    this.batches.push();
    this.batches.flush();
  }

  private appendSpans(columns: SpanColumns, rows: Int32Array, batch: number, bodies: Uint32Array): void {
    const out = this.spans;
    const to = cellsByName(SPANS, out.cells);
    for (const from of rows) {
      const row = out.row;
      const at = from * ID_WORDS;
      const { ids } = columns;
      putHalf(to.trace_hi, row, ids, at);
      putHalf(to.trace_lo, row, ids, at + 2);
      putHalf(to.span, row, ids, at + 4);
      putHalf(to.parent, row, ids, at + 6);
      putInteger(to.start, row, columns.start[from]!);
      const us = columns.duration[from]!;
      if (us === NO_DURATION) to.duration.fill(0xffffffff, row * 2, row * 2 + 2);
      else putInteger(to.duration, row, us);
      to.role[row] = columns.role[from]!;
      to.outcome[row] = columns.outcome[from]!;
      to.service[row] = columns.service[from]!;
      to.operation[row] = columns.operation[from]!;
      to.peer[row] = columns.peer[from]!;
      to.resource[row] = columns.resource[from]!;
      to.weight[row] = columns.weight[from]!;
      to.body[row] = bodies[columns.body[from]!] ?? 0;
      to.body_offset[row] = columns.offset[from]!;
      to.batch[row] = batch;
      out.push();
    }
    out.flush();
  }

  private appendLinks(columns: SpanColumns, rows: Int32Array, batch: number): void {
    if (columns.links === 0) return;
    const kept = new Uint8Array(columns.length);
    for (const row of rows) kept[row] = 1;
    const out = this.links;
    const to = cellsByName(LINKS, out.cells);
    for (let link = 0; link < columns.links; link++) {
      const from = columns.linkRow[link]!;
      if (kept[from] === 0) continue;
      const row = out.row;
      const at = from * ID_WORDS;
      const target = link * LINK_WORDS;
      const { ids, linkIds } = columns;
      putHalf(to.trace_hi, row, ids, at);
      putHalf(to.trace_lo, row, ids, at + 2);
      putHalf(to.span, row, ids, at + 4);
      putInteger(to.start, row, columns.start[from]!);
      putHalf(to.target_hi, row, linkIds, target);
      putHalf(to.target_lo, row, linkIds, target + 2);
      putHalf(to.target_span, row, linkIds, target + 4);
      to.batch[row] = batch;
      out.push();
    }
    out.flush();
  }

  /** The same merge as the linker's: known beats unknown, the longest duration and the worse outcome win. */
  private async mergeSpans({ columns, merged, batch }: Commit): Promise<void> {
    const rows = Array.from(merged, (row): DuckDBValue[] => {
      const at = row * ID_WORDS;
      const { ids } = columns;
      return [
        unsigned64(ids, at),
        unsigned64(ids, at + 2),
        unsigned64(ids, at + 4),
        unsigned64(ids, at + 6),
        BigInt(columns.start[row]!),
        BigInt(columns.duration[row]!),
        columns.role[row]!,
        columns.outcome[row]!,
        columns.service[row]!,
        0,
        columns.peer[row]!,
        0,
        columns.weight[row]!,
        0,
        0,
        batch,
      ];
    });
    await insertRows(this.connection, "merged", rows);
    await this.connection.run(`
      UPDATE spans s SET duration = greatest(s.duration, m.duration), outcome = greatest(s.outcome, m.outcome),
        peer = CASE WHEN s.peer = 0 THEN m.peer ELSE s.peer END,
        weight = CASE WHEN isnan(s.weight) THEN m.weight ELSE s.weight END
      FROM (SELECT trace_hi, trace_lo, span, start, role >> 4 AS kind, service, max(duration) AS duration,
              max(outcome) AS outcome, max(peer) AS peer, min(weight) AS weight
            FROM merged GROUP BY ALL) m
      WHERE s.start = m.start AND s.span = m.span AND s.trace_lo = m.trace_lo AND s.trace_hi = m.trace_hi
        AND (s.role >> 4) = m.kind AND s.service = m.service`);
    await this.connection.run("DELETE FROM merged");
  }
}
