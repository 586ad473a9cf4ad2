import type { DuckDBConnection } from "@duckdb/node-api";
import type { CallQuery, TracesFound } from "../../span-store";
import { readChunks, takeTrace } from "./raw-chunks";

/** A callee may start this long after its caller: messages lie in queues. */
const CALL_LAG_US = 6 * 3_600_000_000;

export async function tracesWithCalls(
  connection: DuckDBConnection,
  queries: readonly CallQuery[],
  fromUs: number,
  toUs: number,
): Promise<TracesFound[]> {
  const all = queries.flatMap(({ pairs }) => pairs);
  const asked = queries.flatMap(({ pairs, most }, query) =>
    pairs.map(({ caller, callee }) => `(${query}, ${caller}, ${callee}, ${most})`),
  );
  const found = queries.map(() => ({ traces: [] as Int32Array[], more: false }));
  if (asked.length === 0) return found;
  const [from, to] = [Math.floor(fromUs), Math.ceil(toUs)];
  const side = (which: "caller" | "callee"): string => [...new Set(all.map((pair) => pair[which]))].join(", ");
  // A callee hangs under a span of the caller, shares its id with one, or links to one.
  await readChunks(
    connection,
    `WITH asked(query, caller, callee, most) AS (VALUES ${asked.join(", ")}),
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
    traces AS (SELECT trace_hi, trace_lo, query, most, max(start) AS newest
      FROM calls JOIN asked USING (caller, callee) GROUP BY ALL),
    ranked AS (SELECT trace_hi, trace_lo, query, most,
      row_number() OVER (PARTITION BY query ORDER BY newest DESC, trace_hi, trace_lo) AS place FROM traces)
    SELECT trace_hi, trace_lo, query::UINTEGER, (place > most)::UINTEGER FROM ranked WHERE place <= most + 1
      ORDER BY query, place`,
    ["u64", "u64", "u32", "u32"],
    ([hi, lo, query, beyond], rows) => {
      for (let i = 0; i < rows; i++) {
        const answer = found[query![i]!]!;
        if (beyond![i]) answer.more = true;
        else answer.traces.push(takeTrace(hi!, lo!, i));
      }
    },
  );
  return found;
}
