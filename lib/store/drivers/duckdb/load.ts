import type { DuckDBConnection } from "@duckdb/node-api";
import type { CallKind } from "../../../derive/edge-book";
import type { Stored } from "../../span-store";
import { COUNTED } from "./counted";
import { loadDirectory } from "./directory-rows";
import { oldestSpanMs } from "./retire";
import { readHours } from "./roll-up";
import { numberOf, rowsOf } from "./values";

/** A start this far ahead of its arrival is a clock's fault, not the network's speed. */
const AHEAD_US = 2_000_000;

/** Asks what a store can be opened without, and takes `otherwise` for what is damaged. */
export type AskAside = <T>(question: () => Promise<T>, otherwise: T) => Promise<T>;

/** What a store knows when it is opened. */
export async function loadStored(connection: DuckDBConnection, aside: AskAside): Promise<Stored> {
  const rows = (sql: string) => rowsOf(connection, sql);
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
  const ahead = await aside(
    () =>
      rows(`SELECT service, max(start) FROM spans JOIN batches ON batches.id = spans.batch
        WHERE start > received_ms * 1000 + ${AHEAD_US} GROUP BY service`),
    [],
  );
  const spans = await numberOf(connection, "SELECT count(*) FROM spans");
  return {
    directory: await loadDirectory(connection),
    edges,
    lastBatch: Number(lastBatch),
    lastReceivedMs: Number(lastReceivedMs),
    spans,
    counted: await aside(() => numberOf(connection, `SELECT count(*) FROM spans WHERE ${COUNTED}`), spans),
    derivedBatch: Number((await rows("SELECT value FROM facts WHERE name = 'derived_batch'"))[0]?.[0] ?? 0),
    minutes: minutes.map(([minute]) => Number(minute)),
    thinned: minutes.filter(([, thinned]) => thinned === true).map(([minute]) => Number(minute)),
    hours: await readHours(connection),
    oldestMs: await aside(() => oldestSpanMs(connection), null),
    ahead: ahead.map(([service, start]) => ({ service: Number(service), startUs: Number(start) })),
  };
}
