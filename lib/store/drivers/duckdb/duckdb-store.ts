// The embedded store: one DuckDB file. Appends are typed-array chunks inside one transaction per commit; reads run on
// connections of their own beside it.

import { stat } from "node:fs/promises";
import { DuckDBBlobValue, type DuckDBConnection, type DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { type CallTable, COUNTERS, EXEMPLARS, type Measure } from "../../../derive/call-table";
import type { CallTotals } from "../../../derive/call-totals";
import type { CallKind } from "../../../derive/edge-book";
import type { DirectoryEntries } from "../../../domain/directory";
import type { NodeKind } from "../../../domain/node";
import { Serial } from "../../../domain/serial";
import { ID_WORDS, LINK_WORDS, NO_DURATION, type SpanColumns } from "../../../domain/span-columns";
import type {
  Commit,
  EdgeHistory,
  MinuteRange,
  SeriesPoint,
  ServicePair,
  SpanConditions,
  SpanPlace,
  SpanStore,
  Stored,
  StoredTrace,
  TraceFacts,
  TracePlace,
} from "../../span-store";
import { StoreError } from "../../store-error";
import { backUp, copyFileApart } from "./backup";
import { countSpans, describeTraces, findSpans, findTraces } from "./find-traces";
import { type DuckDbOptions, openDuckDb } from "./open";
import { ChunkAppender, putInteger, readChunks } from "./raw-chunks";
import { readBuckets, readCalls, readHistory, readSeries } from "./read-calls";
import { spansOf } from "./read-spans";
import { BODIES, BUCKETS, CALLS, LINKS, SPANS } from "./schema";

/** Tables with rows of a minute's calls, which are replaced and retired together. */
const MINUTE_TABLES = ["calls", "buckets", "minutes"];
const US_PER_MINUTE = 60_000_000;
/** A start this far ahead of its arrival is a clock's fault, not the network's speed. */
const AHEAD_US = 2_000_000;
/** A callee may start this long after its caller: messages lie in queues. */
const CALL_LAG_US = 6 * 3_600_000_000;

export async function openDuckDbStore(options: DuckDbOptions): Promise<SpanStore> {
  const instance = await openDuckDb(options);
  const writer = await instance.connect();
  const [reader, searcher] = [await instance.connect(), await instance.connect()];
  const store = new DuckDbStore(options, instance, writer, reader, searcher);
  await store.prepare();
  return store;
}

class DuckDbStore implements SpanStore {
  readonly name = "duckdb";
  private readonly writes = new Serial();
  private readonly reads = new Serial();
  private readonly searches = new Serial();
  private spans!: ChunkAppender;
  private links!: ChunkAppender;
  private bodies!: ChunkAppender;
  private calls!: ChunkAppender;
  private buckets!: ChunkAppender;
  private lastBody = 0;

  constructor(
    private readonly options: DuckDbOptions,
    private readonly instance: DuckDBInstance,
    private readonly writer: DuckDBConnection,
    private readonly reader: DuckDBConnection,
    private readonly searcher: DuckDBConnection,
  ) {}

  async prepare(): Promise<void> {
    this.spans = await ChunkAppender.open(this.writer, "spans", SPANS);
    this.links = await ChunkAppender.open(this.writer, "links", LINKS);
    this.bodies = await ChunkAppender.open(this.writer, "bodies", BODIES);
    this.calls = await ChunkAppender.open(this.writer, "calls", CALLS);
    this.buckets = await ChunkAppender.open(this.writer, "buckets", BUCKETS);
    await this.writer.run("CREATE TEMP TABLE merged AS SELECT * FROM spans LIMIT 0");
    await this.reader.run("CREATE TEMP TABLE wanted (trace_hi UBIGINT NOT NULL, trace_lo UBIGINT NOT NULL)");
    this.lastBody = Number(await this.scalar(this.writer, "SELECT coalesce(max(id), 0) FROM bodies"));
  }

  // ---- writing ----------------------------------------------------------------------------------------------------------

  commit(commit: Commit): Promise<void> {
    return this.write("commit", async () => {
      await this.transaction(async () => {
        await this.appendDirectory(commit.directory);
        const bodies = this.appendBodies(commit);
        this.appendSpans(commit.columns, commit.fresh, commit.batch, bodies);
        this.appendLinks(commit.columns, commit.fresh, commit.batch);
        if (commit.merged.length > 0) await this.mergeSpans(commit);
        await this.writer.run("INSERT INTO batches VALUES (?, ?)", [commit.batch, BigInt(commit.receivedMs)]);
      });
    });
  }

  private async appendDirectory({ nodes, operations, resources }: DirectoryEntries): Promise<void> {
    await this.insert(
      "nodes",
      nodes.map(({ id, node }) => [id, node.kind, node.id, node.name, node.environment, node.system]),
    );
    await this.insert(
      "operations",
      operations.map(({ id, name }) => [id, blob(name)]),
    );
    await this.insert(
      "resources",
      resources.map(({ id, facts }) => [
        id,
        facts.service,
        facts.environment,
        facts.sdk,
        facts.version,
        blob(facts.bytes),
      ]),
    );
  }

  /** Few rows of names, by bound values. */
  private async insert(table: string, rows: readonly DuckDBValue[][]): Promise<void> {
    const most = 256;
    for (let at = 0; at < rows.length; at += most) {
      const part = rows.slice(at, at + most);
      const marks = part.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
      await this.writer.run(`INSERT INTO ${table} VALUES ${marks}`, part.flat());
    }
  }

  /** Ids of the bodies that a kept row needs, by the commit's numbering; 0 for the others. */
  private appendBodies({ columns, fresh, merged, bodies, batch }: Commit): Uint32Array {
    const ids = new Uint32Array(bodies.length);
    for (const rows of [fresh, merged]) for (const row of rows) ids[columns.body[row]!] = 1;
    const [id, inBatch] = this.bodies.cells;
    for (let i = 0; i < bodies.length; i++) {
      if (ids[i] === 0) continue;
      ids[i] = ++this.lastBody;
      const row = this.bodies.row;
      id![row] = ids[i]!;
      inBatch![row] = batch;
      this.bodies.blobs[row] = bodies[i]!;
      this.bodies.push();
    }
    this.bodies.flush();
    return ids;
  }

  private appendSpans(columns: SpanColumns, rows: Int32Array, batch: number, bodies: Uint32Array): void {
    const out = this.spans;
    const [
      traceHi,
      traceLo,
      span,
      parent,
      start,
      duration,
      role,
      outcome,
      service,
      operation,
      peer,
      resource,
      weight,
      body,
      offset,
      inBatch,
    ] = out.cells as Uint32Array[];
    for (const from of rows) {
      const to = out.row;
      const at = from * ID_WORDS;
      const { ids } = columns;
      traceHi![to * 2] = ids[at + 1]!;
      traceHi![to * 2 + 1] = ids[at]!;
      traceLo![to * 2] = ids[at + 3]!;
      traceLo![to * 2 + 1] = ids[at + 2]!;
      span![to * 2] = ids[at + 5]!;
      span![to * 2 + 1] = ids[at + 4]!;
      parent![to * 2] = ids[at + 7]!;
      parent![to * 2 + 1] = ids[at + 6]!;
      putInteger(start!, to, columns.start[from]!);
      const us = columns.duration[from]!;
      if (us === NO_DURATION) duration!.fill(0xffffffff, to * 2, to * 2 + 2);
      else putInteger(duration!, to, us);
      role![to] = columns.role[from]!;
      outcome![to] = columns.outcome[from]!;
      service![to] = columns.service[from]!;
      operation![to] = columns.operation[from]!;
      peer![to] = columns.peer[from]!;
      resource![to] = columns.resource[from]!;
      weight![to] = columns.weight[from]!;
      body![to] = bodies[columns.body[from]!] ?? 0;
      offset![to] = columns.offset[from]!;
      inBatch![to] = batch;
      out.push();
    }
    out.flush();
  }

  private appendLinks(columns: SpanColumns, rows: Int32Array, batch: number): void {
    if (columns.links === 0) return;
    const kept = new Uint8Array(columns.length);
    for (const row of rows) kept[row] = 1;
    const out = this.links;
    const [traceHi, traceLo, span, start, targetHi, targetLo, targetSpan, inBatch] = out.cells as Uint32Array[];
    for (let link = 0; link < columns.links; link++) {
      const from = columns.linkRow[link]!;
      if (kept[from] === 0) continue;
      const to = out.row;
      const at = from * ID_WORDS;
      const target = link * LINK_WORDS;
      const { ids, linkIds } = columns;
      traceHi![to * 2] = ids[at + 1]!;
      traceHi![to * 2 + 1] = ids[at]!;
      traceLo![to * 2] = ids[at + 3]!;
      traceLo![to * 2 + 1] = ids[at + 2]!;
      span![to * 2] = ids[at + 5]!;
      span![to * 2 + 1] = ids[at + 4]!;
      putInteger(start!, to, columns.start[from]!);
      targetHi![to * 2] = linkIds[target + 1]!;
      targetHi![to * 2 + 1] = linkIds[target]!;
      targetLo![to * 2] = linkIds[target + 3]!;
      targetLo![to * 2 + 1] = linkIds[target + 2]!;
      targetSpan![to * 2] = linkIds[target + 5]!;
      targetSpan![to * 2 + 1] = linkIds[target + 4]!;
      inBatch![to] = batch;
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
    await this.insert("merged", rows);
    await this.writer.run(`
      UPDATE spans s SET duration = greatest(s.duration, m.duration), outcome = greatest(s.outcome, m.outcome),
        peer = CASE WHEN s.peer = 0 THEN m.peer ELSE s.peer END,
        weight = CASE WHEN isnan(s.weight) THEN m.weight ELSE s.weight END
      FROM (SELECT trace_hi, trace_lo, span, start, role >> 4 AS kind, service, max(duration) AS duration,
              max(outcome) AS outcome, max(peer) AS peer, min(weight) AS weight
            FROM merged GROUP BY ALL) m
      WHERE s.start = m.start AND s.span = m.span AND s.trace_lo = m.trace_lo AND s.trace_hi = m.trace_hi
        AND (s.role >> 4) = m.kind AND s.service = m.service`);
    await this.writer.run("DELETE FROM merged");
  }

  saveMinutes({
    tables,
    edges,
    directory,
    derivedBatch,
    savedMs,
  }: Parameters<SpanStore["saveMinutes"]>[0]): Promise<void> {
    return this.write("saving calls", async () => {
      await this.transaction(async () => {
        await this.appendDirectory(directory);
        await this.insert(
          "edges",
          edges.map(({ id, key }) => [id, key.caller, key.callee, key.via, key.kind]),
        );
        if (tables.length > 0) {
          const minutes = tables.map(({ minute }) => minute).join(", ");
          for (const name of MINUTE_TABLES) await this.writer.run(`DELETE FROM ${name} WHERE minute IN (${minutes})`);
        }
        await this.insert(
          "minutes",
          tables.map(({ minute }) => [minute, BigInt(savedMs), false]),
        );
        for (const table of tables) this.appendCalls(table);
        this.calls.flush();
        this.buckets.flush();
        await this.writer.run("INSERT OR REPLACE INTO facts VALUES ('derived_batch', ?)", [BigInt(derivedBatch)]);
      });
    });
  }

  private appendCalls(table: CallTable): void {
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
        const words = table.exemplar(cell, which);
        const hi = cells[next + 1 + which * 2]!;
        const lo = cells[next + 2 + which * 2]!;
        hi[row * 2] = words?.[1] ?? 0;
        hi[row * 2 + 1] = words?.[0] ?? 0;
        lo[row * 2] = words?.[3] ?? 0;
        lo[row * 2 + 1] = words?.[2] ?? 0;
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

  retire(arrivedBeforeMs: number, savedBeforeMs: number): ReturnType<SpanStore["retire"]> {
    return this.write("retention", async () => {
      const rows = async (sql: string): Promise<number[]> =>
        (await this.writer.runAndReadAll(sql)).getRows().map(([value]) => Number(value));
      const [batch = 0] = await rows(
        `SELECT coalesce(max(id), 0) FROM batches WHERE received_ms < ${Math.floor(arrivedBeforeMs)}`,
      );
      const [spans = 0] = batch === 0 ? [0] : await rows(`SELECT count(*) FROM spans WHERE batch <= ${batch}`);
      const minutes = await rows(`SELECT minute FROM minutes WHERE saved_ms < ${Math.floor(savedBeforeMs)}`);
      const thinned =
        batch === 0 ? [] : await rows(`SELECT DISTINCT start // ${US_PER_MINUTE} FROM spans WHERE batch <= ${batch}`);
      await this.transaction(async () => {
        if (batch > 0) {
          if (thinned.length > 0)
            await this.writer.run(`UPDATE minutes SET thinned = TRUE WHERE minute IN (${thinned.join(", ")})`);
          for (const name of ["spans", "links", "bodies"])
            await this.writer.run(`DELETE FROM ${name} WHERE batch <= ${batch}`);
          await this.writer.run(`DELETE FROM batches WHERE id < ${batch}`);
        }
        if (minutes.length === 0) return;
        for (const name of MINUTE_TABLES)
          await this.writer.run(`DELETE FROM ${name} WHERE minute IN (${minutes.join(", ")})`);
      });
      return { spans, minutes, thinned };
    });
  }

  // ---- reading ----------------------------------------------------------------------------------------------------------

  load(): Promise<Stored> {
    return this.read("load", async () => {
      const rows = async (sql: string): Promise<DuckDBValue[][]> => (await this.reader.runAndReadAll(sql)).getRows();
      const nodes = (await rows("SELECT id, kind, ident, name, environment, system FROM nodes ORDER BY id")).map(
        ([id, kind, ident, name, environment, system]) => ({
          id: Number(id),
          node: {
            kind: kind as NodeKind,
            id: String(ident),
            name: String(name),
            environment: String(environment),
            system: String(system),
          },
        }),
      );
      const operations = (await rows("SELECT id, name FROM operations ORDER BY id")).map(([id, name]) => ({
        id: Number(id),
        name: bytesOf(name!),
      }));
      const resources = (
        await rows("SELECT id, service, environment, sdk, version, bytes FROM resources ORDER BY id")
      ).map(([id, service, environment, sdk, version, bytes]) => ({
        id: Number(id),
        facts: {
          service: Number(service),
          environment: String(environment),
          sdk: String(sdk),
          version: String(version),
          bytes: bytesOf(bytes!),
        },
      }));
      const edges = (await rows("SELECT caller, callee, via, kind FROM edges ORDER BY id")).map(
        ([caller, callee, via, kind]) => ({
          caller: Number(caller),
          callee: Number(callee),
          via: Number(via),
          kind: Number(kind) as CallKind,
        }),
      );
      const [lastBatch, lastReceivedMs] = (
        await rows("SELECT id, received_ms FROM batches ORDER BY id DESC LIMIT 1")
      )[0] ?? [0, 0];
      const minutes = await rows("SELECT minute, thinned FROM minutes ORDER BY minute");
      const ahead = await rows(`SELECT service, max(start) FROM spans JOIN batches ON batches.id = spans.batch
        WHERE start > received_ms * 1000 + ${AHEAD_US} GROUP BY service`);
      return {
        directory: { nodes, operations, resources },
        edges,
        lastBatch: Number(lastBatch),
        lastReceivedMs: Number(lastReceivedMs),
        spans: Number((await rows("SELECT count(*) FROM spans"))[0]![0]),
        derivedBatch: Number((await rows("SELECT value FROM facts WHERE name = 'derived_batch'"))[0]?.[0] ?? 0),
        minutes: minutes.map(([minute]) => Number(minute)),
        thinned: minutes.filter(([, thinned]) => thinned === true).map(([minute]) => Number(minute)),
        ahead: ahead.map(([service, start]) => ({ service: Number(service), startUs: Number(start) })),
      };
    });
  }

  relatives(traces: readonly Int32Array[], fromUs: number, toUs: number, limit: number): Promise<SpanColumns | null> {
    return this.read("looking up relatives", async () => {
      await this.want(traces);
      // Traces of spans that these link to, and of spans that link to them.
      await this.reader.run(`
        INSERT INTO wanted
        SELECT DISTINCT l.target_hi, l.target_lo FROM links l SEMI JOIN wanted w ON w.trace_lo = l.trace_lo AND w.trace_hi = l.trace_hi
        UNION
        SELECT DISTINCT l.trace_hi, l.trace_lo FROM links l SEMI JOIN wanted w ON w.trace_lo = l.target_lo AND w.trace_hi = l.target_hi`);
      const range = `s.start BETWEEN ${Math.floor(fromUs)} AND ${Math.ceil(toUs)}`;
      return await spansOf(this.reader, "SELECT DISTINCT trace_hi, trace_lo FROM wanted", range, limit);
    });
  }

  known(columns: SpanColumns, rows: readonly number[]): Promise<Set<number>> {
    return this.read("looking for duplicates", async () => {
      await this.reader.run(
        "CREATE OR REPLACE TEMP TABLE asked (row_number UINTEGER, trace_hi UBIGINT, trace_lo UBIGINT, span UBIGINT, start BIGINT, kind UTINYINT, service UINTEGER)",
      );
      for (let at = 0; at < rows.length; at += 256) {
        const part = rows.slice(at, at + 256);
        const values = part.flatMap((row): DuckDBValue[] => {
          const from = row * ID_WORDS;
          return [
            row,
            unsigned64(columns.ids, from),
            unsigned64(columns.ids, from + 2),
            unsigned64(columns.ids, from + 4),
            BigInt(columns.start[row]!),
            columns.role[row]! >> 4,
            columns.service[row]!,
          ];
        });
        await this.reader.run(`INSERT INTO asked VALUES ${part.map(() => "(?, ?, ?, ?, ?, ?, ?)").join(", ")}`, values);
      }
      const found = await this.reader.runAndReadAll(`
        SELECT a.row_number FROM asked a SEMI JOIN spans s ON s.start = a.start AND s.span = a.span AND s.trace_lo = a.trace_lo
          AND s.trace_hi = a.trace_hi AND (s.role >> 4) = a.kind AND s.service = a.service
        WHERE a.start >= (SELECT min(start) FROM asked)`);
      return new Set(found.getRows().map(([row]) => Number(row)));
    });
  }

  minutesOf(traces: readonly Int32Array[]): Promise<number[]> {
    return this.read("finding minutes of traces", async () => {
      await this.want(traces);
      return await this.minutesNear("SELECT trace_hi, trace_lo FROM wanted");
    });
  }

  minuteSpans(minute: number, slice: number, slices: number, upToBatch: number): Promise<SpanColumns> {
    return this.read("reading a minute", async () => {
      const from = minute * US_PER_MINUTE;
      const part = slices === 1 ? "" : `AND s.trace_lo % ${slices} = ${slice}`;
      await this.reader.run("DELETE FROM wanted");
      await this.reader.run(
        `INSERT INTO wanted SELECT DISTINCT s.trace_hi, s.trace_lo FROM spans s WHERE s.start >= ${from} AND s.start < ${from + US_PER_MINUTE} ${part}`,
      );
      // Two steps along links: the messages' other ends, and who else consumes what these consume.
      for (let step = 0; step < 2; step++) {
        await this.reader.run(`
          INSERT INTO wanted
          SELECT DISTINCT l.target_hi, l.target_lo FROM links l SEMI JOIN wanted w ON w.trace_lo = l.trace_lo AND w.trace_hi = l.trace_hi
          UNION
          SELECT DISTINCT l.trace_hi, l.trace_lo FROM links l SEMI JOIN wanted w ON w.trace_lo = l.target_lo AND w.trace_hi = l.target_hi`);
      }
      const known = `s.batch <= ${upToBatch}`;
      return (await spansOf(
        this.reader,
        "SELECT DISTINCT trace_hi, trace_lo FROM wanted",
        known,
        Number.MAX_SAFE_INTEGER,
      ))!;
    });
  }

  countMinute(minute: number): Promise<number> {
    const from = minute * US_PER_MINUTE;
    return this.read("counting a minute", async () =>
      Number(
        await this.scalar(
          this.reader,
          `SELECT count(*) FROM spans WHERE start >= ${from} AND start < ${from + US_PER_MINUTE}`,
        ),
      ),
    );
  }

  minutesTouchedAfter(batch: number): Promise<number[]> {
    return this.read("finding touched minutes", () =>
      this.minutesNear(`SELECT DISTINCT trace_hi, trace_lo FROM spans WHERE batch > ${batch}`),
    );
  }

  /** Minutes in which these traces, and those they are linked with, have spans. */
  private async minutesNear(traces: string): Promise<number[]> {
    const rows = await this.reader.runAndReadAll(`
      WITH touched AS (${traces}),
      near AS (
        SELECT * FROM touched
        UNION SELECT l.target_hi, l.target_lo FROM links l SEMI JOIN touched t ON t.trace_lo = l.trace_lo AND t.trace_hi = l.trace_hi
        UNION SELECT l.trace_hi, l.trace_lo FROM links l SEMI JOIN touched t ON t.trace_lo = l.target_lo AND t.trace_hi = l.target_hi)
      SELECT DISTINCT s.start // ${US_PER_MINUTE} FROM spans s SEMI JOIN near n ON n.trace_lo = s.trace_lo AND n.trace_hi = s.trace_hi
      ORDER BY 1`);
    return rows.getRows().map(([minute]) => Number(minute));
  }

  readCalls(range: MinuteRange, except: readonly number[], edges: readonly number[] | null): Promise<CallTotals> {
    return this.read("reading calls", () => readCalls(this.reader, range, except, edges));
  }

  readSeries(range: MinuteRange, except: readonly number[], edges: readonly number[]): Promise<SeriesPoint[]> {
    return this.read("reading a series", () => readSeries(this.reader, range, except, edges));
  }

  readBuckets(
    range: MinuteRange,
    except: readonly number[],
    edges: readonly number[],
    measure: Measure,
  ): Promise<Map<number, Map<number, number>>> {
    return this.read("reading a series of latency", () => readBuckets(this.reader, range, except, edges, measure));
  }

  history(): Promise<EdgeHistory[]> {
    return this.read("reading the history of edges", () => readHistory(this.reader));
  }

  trace(trace: Int32Array): Promise<StoredTrace> {
    return this.read("reading a trace", async () => {
      await this.want([trace]);
      const columns = (await spansOf(this.reader, "SELECT * FROM wanted", "TRUE", Number.MAX_SAFE_INTEGER))!;
      const ids = [...new Set(columns.body.subarray(0, columns.length))].filter((id) => id !== 0);
      return { columns, bodies: await this.bodiesOf(this.reader, ids) };
    });
  }

  tracesWithCalls(
    pairs: readonly ServicePair[],
    fromUs: number,
    toUs: number,
    most: number,
  ): Promise<{ traces: Int32Array[]; more: boolean }> {
    return this.read("finding traces of calls", async () => {
      if (pairs.length === 0) return { traces: [], more: false };
      const [from, to] = [Math.floor(fromUs), Math.ceil(toUs)];
      const side = (which: keyof ServicePair): string => [...new Set(pairs.map((pair) => pair[which]))].join(", ");
      const found = new Map<string, Int32Array>();
      let more = false;
      // A callee hangs under a span of the caller, shares its id with one, or links to one.
      await readChunks(
        this.reader,
        `WITH asked(caller, callee) AS (VALUES ${pairs.map(({ caller, callee }) => `(${caller}, ${callee})`).join(", ")}),
        callees AS (SELECT trace_hi, trace_lo, span, parent, start, service FROM spans
          WHERE start >= ${from} AND start < ${to} AND service IN (${side("callee")})),
        callers AS (SELECT trace_hi, trace_lo, span, service FROM spans
          WHERE start >= ${from - CALL_LAG_US} AND start < ${to} AND service IN (${side("caller")})),
        calls AS (
          SELECT s.trace_hi, s.trace_lo, s.start, p.service AS caller, s.service AS callee FROM callees s
            JOIN callers p ON p.trace_lo = s.trace_lo AND p.trace_hi = s.trace_hi AND p.span = s.parent
          UNION ALL
          SELECT s.trace_hi, s.trace_lo, s.start, p.service, s.service FROM callees s
            JOIN callers p ON p.trace_lo = s.trace_lo AND p.trace_hi = s.trace_hi AND p.span = s.span
          UNION ALL
          SELECT s.trace_hi, s.trace_lo, s.start, p.service, s.service FROM callees s
            JOIN links l ON l.trace_lo = s.trace_lo AND l.trace_hi = s.trace_hi AND l.span = s.span
            JOIN callers p ON p.trace_lo = l.target_lo AND p.trace_hi = l.target_hi AND p.span = l.target_span),
        traces AS (SELECT trace_hi, trace_lo, caller, callee, max(start) AS newest
          FROM calls SEMI JOIN asked USING (caller, callee) GROUP BY ALL),
        ranked AS (SELECT trace_hi, trace_lo,
          row_number() OVER (PARTITION BY caller, callee ORDER BY newest DESC, trace_hi, trace_lo)::UINTEGER AS place FROM traces)
        SELECT trace_hi, trace_lo, place FROM ranked WHERE place <= ${most + 1} ORDER BY place, trace_hi, trace_lo`,
        ["u64", "u64", "u32"],
        ([hi, lo, place], rows) => {
          for (let i = 0; i < rows; i++) {
            if (place![i]! > most) {
              more = true;
              continue;
            }
            const words = Int32Array.of(hi![i * 2 + 1]!, hi![i * 2]!, lo![i * 2 + 1]!, lo![i * 2]!);
            found.set(words.join(), words);
          }
        },
      );
      return { traces: [...found.values()], more };
    });
  }

  findTraces(conditions: SpanConditions, limit: number): Promise<TracePlace[]> {
    return this.search("looking for traces", () => findTraces(this.searcher, conditions, limit));
  }

  findSpans(conditions: SpanConditions, limit: number): Promise<SpanPlace[]> {
    return this.search("looking for spans", () => findSpans(this.searcher, conditions, limit));
  }

  countSpans(fromUs: number, toUs: number): Promise<number> {
    return this.search("counting spans", () => countSpans(this.searcher, fromUs, toUs));
  }

  readBodies(ids: readonly number[]): Promise<Map<number, Uint8Array>> {
    return this.search("reading bodies", () => this.bodiesOf(this.searcher, ids));
  }

  describeTraces(traces: readonly TracePlace[], outcome: number): Promise<TraceFacts[]> {
    return this.search("reading traces", () => describeTraces(this.searcher, traces, outcome));
  }

  private async bodiesOf(connection: DuckDBConnection, ids: readonly number[]): Promise<Map<number, Uint8Array>> {
    const bodies = new Map<number, Uint8Array>();
    for (let at = 0; at < ids.length; at += 64) {
      const rows = await connection.runAndReadAll(
        `SELECT id, bytes FROM bodies WHERE id IN (${ids.slice(at, at + 64).join(", ")})`,
      );
      for (const [id, bytes] of rows.getRows()) bodies.set(Number(id), bytesOf(bytes!));
    }
    return bodies;
  }

  backupTo(path: string): Promise<void> {
    if (this.options.looseBackup) return this.named("backup", () => copyFileApart(this.options.path, path));
    return this.write("backup", () => backUp(this.writer, this.options.path, path));
  }

  async size(): Promise<number> {
    let total = 0;
    for (const file of [this.options.path, `${this.options.path}.wal`])
      total += await stat(/* turbopackIgnore: true */ file).then(
        ({ size }) => size,
        () => 0,
      );
    return total;
  }

  async close(): Promise<void> {
    await this.writes.idle();
    await this.reads.idle();
    await this.searches.idle();
    for (const appender of [this.spans, this.links, this.bodies, this.calls, this.buckets]) appender.close();
    if (this.options.path !== ":memory:") await this.writer.run("CHECKPOINT").catch(() => {});
    this.searcher.closeSync();
    this.reader.closeSync();
    this.writer.closeSync();
    this.instance.closeSync();
  }

  // ---- helpers ----------------------------------------------------------------------------------------------------------

  private async want(traces: readonly Int32Array[]): Promise<void> {
    await this.reader.run("DELETE FROM wanted");
    for (let at = 0; at < traces.length; at += 512) {
      const part = traces.slice(at, at + 512);
      const marks = part.map(() => "(?, ?)").join(", ");
      await this.reader.run(
        `INSERT INTO wanted VALUES ${marks}`,
        part.flatMap((words) => [unsigned64(words, 0), unsigned64(words, 2)]),
      );
    }
  }

  private async scalar(connection: DuckDBConnection, sql: string): Promise<DuckDBValue> {
    return (await connection.runAndReadAll(sql)).getRows()[0]![0]!;
  }

  private async transaction(work: () => Promise<void>): Promise<void> {
    await this.writer.run("BEGIN");
    try {
      await work();
      if (this.options.blockCommit) await new Promise(() => {});
      await this.writer.run("COMMIT");
    } catch (error) {
      await this.writer.run("ROLLBACK").catch(() => {});
      throw error;
    }
  }

  private write<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.writes.run(() => this.named(operation, task));
  }

  private read<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.reads.run(() => this.named(operation, task));
  }

  private search<T>(operation: string, task: () => Promise<T>): Promise<T> {
    return this.searches.run(() => this.named(operation, task));
  }

  private async named<T>(operation: string, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (cause) {
      throw new StoreError(this.name, operation, { cause });
    }
  }
}

/** Two words, the more significant first, as an unsigned 64-bit integer. */
const unsigned64 = (words: ArrayLike<number>, at: number): bigint =>
  (BigInt(words[at]! >>> 0) << 32n) | BigInt(words[at + 1]! >>> 0);

const blob = (bytes: Uint8Array): DuckDBBlobValue => new DuckDBBlobValue(bytes);
const bytesOf = (value: DuckDBValue): Uint8Array => (value as DuckDBBlobValue).bytes;
