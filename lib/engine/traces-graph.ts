// The graph of some traces alone: the traces that a search finds or one by its id, their stored spans, and the same rule that makes every other
// graph. What other traces say, linked or not, does not count.
import type { Graph, Perspective } from "../contract/graph";
import { EdgeBook } from "../derive/edge-book";
import { Linker } from "../derive/linker";
import { NamedEdges } from "../derive/named-edges";
import { NamedNodes } from "../derive/named-nodes";
import { buildGraph } from "../derive/service-graph";
import { WholeSink } from "../derive/whole-sink";
import { type DeclaredNames, namesNothing } from "../domain/declared-names";
import type { Directory } from "../domain/directory";
import { wordsOfHex } from "../domain/ids";
import { ID_WORDS, LINK_WORDS, SpanColumns } from "../domain/span-columns";
import type { SpanStore } from "../store/span-store";
import { type FoundTraces, type SearchPorts, searchTraces, type TraceSearch } from "./trace-search";

/** At most so many traces are drawn, and so many spans are read for them. */
export const MOST_MAPPED = 200;
const MOST_SPANS = 100_000;
const US_PER_MINUTE = 60_000_000;
/** A trace that has a span in the window may have begun before and end after it. */
const HOUR_US = 60 * US_PER_MINUTE;

export interface MappedTraces extends TraceSearch {
  /** The id of the one trace that is wanted, wherever it lies in time; null for those that are found. */
  readonly trace: Int32Array | null;
}

export interface TracesGraph {
  readonly graph: Graph;
  /** How many traces it is made of. */
  readonly traces: number;
  /** Further traces meet the conditions and are not in it. */
  readonly more: boolean;
  readonly searched: FoundTraces["searched"];
}

/** @param search its `limit` and `before` do not count: the newest `MOST_MAPPED` are drawn. */
export async function graphOfTraces(
  store: SpanStore,
  directory: Directory,
  names: DeclaredNames,
  ports: SearchPorts,
  search: MappedTraces,
  perspective: Perspective,
  version: number,
): Promise<TracesGraph> {
  const { columns, traces, more, searched } = search.trace
    ? await oneTrace(store, search.trace)
    : await foundTraces(store, directory, names, ports, search);
  const edges = new EdgeBook();
  const sink = new WholeSink();
  // Room for every span, its parent's id and its links' targets: nothing may leave this linker's memory.
  new Linker(directory, edges, sink, columns.length * 2 + columns.links + 64).addRows(
    columns,
    0,
    columns.length,
    () => {},
  );
  const { totals, history } = sink.totals();
  const window = { from: search.fromMinute, to: search.toMinute };
  const seen = { directory, edges, totals, history, window, version };
  const facts = namesNothing(names) ? seen : new NamedEdges(new NamedNodes(directory, names), edges).apply(seen);
  const { environment } = search;
  return {
    graph: buildGraph(facts, { environment, perspective, rememberFrom: window.from }),
    traces,
    more,
    searched,
  };
}

interface Mapped extends Omit<TracesGraph, "graph"> {
  readonly columns: SpanColumns;
}

async function oneTrace(store: SpanStore, trace: Int32Array): Promise<Mapped> {
  const columns = onlyOf([trace], (await store.trace(trace)).columns);
  const traces = columns.length > 0 ? 1 : 0;
  return { columns, traces, more: false, searched: { spans: columns.length, complete: true } };
}

async function foundTraces(
  store: SpanStore,
  directory: Directory,
  names: DeclaredNames,
  ports: SearchPorts,
  search: TraceSearch,
): Promise<Mapped> {
  const found = await searchTraces(store, directory, names, ports, { ...search, limit: MOST_MAPPED, before: null });
  const ids = found.traces.map(({ traceId }) => traceWords(traceId));
  const { columns, traces } = await spansOf(store, ids, search);
  return { columns, traces, more: found.next !== null || traces < ids.length, searched: found.searched };
}

/** Every span of these traces and none of others; of fewer traces, the first, when they are too long. */
async function spansOf(
  store: SpanStore,
  ids: readonly Int32Array[],
  { fromMinute, toMinute }: TraceSearch,
): Promise<{ columns: SpanColumns; traces: number }> {
  const fromUs = fromMinute * US_PER_MINUTE - HOUR_US;
  const toUs = toMinute * US_PER_MINUTE + HOUR_US;
  for (let asked = ids; asked.length > 0; asked = asked.slice(0, Math.floor(asked.length / 2))) {
    const columns =
      (await store.relatives(asked, fromUs, toUs, MOST_SPANS)) ??
      (asked.length === 1 ? (await store.trace(asked[0]!)).columns : null);
    if (columns) return { columns: onlyOf(asked, columns), traces: asked.length };
  }
  return { columns: new SpanColumns(1), traces: 0 };
}

function onlyOf(traces: readonly Int32Array[], from: SpanColumns): SpanColumns {
  const wanted = new Set(traces.map((words) => words.join()));
  const columns = new SpanColumns(Math.max(1, from.length));
  const rows = new Map<number, number>();
  for (let row = 0; row < from.length; row++) {
    const at = row * ID_WORDS;
    if (!wanted.has(from.ids.subarray(at, at + 4).join())) continue;
    const to = columns.length++;
    rows.set(row, to);
    columns.ids.set(from.ids.subarray(at, at + ID_WORDS), to * ID_WORDS);
    for (const name of COPIED) columns[name][to] = from[name][row]!;
  }
  for (let link = 0; link < from.links; link++) {
    const row = rows.get(from.linkRow[link]!);
    if (row !== undefined) columns.addLink(row, from.linkIds, link * LINK_WORDS);
  }
  return columns;
}

const COPIED = [
  "start",
  "duration",
  "role",
  "outcome",
  "service",
  "operation",
  "peer",
  "resource",
  "weight",
  "body",
  "offset",
] as const satisfies readonly (keyof SpanColumns)[];

function traceWords(hex: string): Int32Array {
  const words = new Uint32Array(4);
  wordsOfHex(hex, words, 0, 4);
  return new Int32Array(words.buffer);
}
