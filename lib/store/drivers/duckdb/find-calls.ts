import type { DuckDBConnection } from "@duckdb/node-api";
import type { ServicePair } from "../../span-store";
import { readChunks, takeTrace } from "./raw-chunks";

/** A callee may start this long after its caller: messages lie in queues. */
const CALL_LAG_US = 6 * 3_600_000_000;

export async function tracesWithCalls(
  connection: DuckDBConnection,
  pairs: readonly ServicePair[],
  fromUs: number,
  toUs: number,
  most: number,
): Promise<{ traces: Int32Array[]; more: boolean }> {
  if (pairs.length === 0) return { traces: [], more: false };
  const [from, to] = [Math.floor(fromUs), Math.ceil(toUs)];
  const side = (which: keyof ServicePair): string => [...new Set(pairs.map((pair) => pair[which]))].join(", ");
  const found = new Map<string, Int32Array>();
  let more = false;
  // A callee hangs under a span of the caller, shares its id with one, or links to one.
  await readChunks(
    connection,
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
        const words = takeTrace(hi!, lo!, i);
        found.set(words.join(), words);
      }
    },
  );
  return { traces: [...found.values()], more };
}
