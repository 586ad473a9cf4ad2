// Traces with a call between two services, of spans that are all in memory.
import type { Directory } from "../domain/directory";
import { hexOfWords } from "../domain/ids";
import { ID_WORDS, LINK_WORDS, type SpanColumns } from "../domain/span-columns";
import { chainSpans } from "../graph/chain-spans";
import type { Probe } from "../graph/probe-edges";
import { NO_TRACES, type TracesLookedAt } from "../graph/type-cycle";

/** Messages from trace to trace that are followed. */
const MOST_LINK_STEPS = 4;

export class OfflineTraces {
  private readonly rowsOf = new Map<string, number[]>();
  private readonly targetsOf = new Map<number, { trace: string; span: string }[]>();
  /** Traces linked with a trace, either way. */
  private readonly linked = new Map<string, Set<string>>();
  private calls: Map<string, Map<string, number>> | undefined;

  constructor(
    private readonly columns: SpanColumns,
    private readonly directory: Pick<Directory, "node" | "operation">,
    private readonly environment: string,
  ) {
    const seen = new Set<string>();
    for (let row = 0; row < columns.length; row++) {
      const copy = `${hexOfWords(columns.ids, row * ID_WORDS, 6)} ${columns.role[row]} ${columns.service[row]} ${columns.start[row]}`;
      if (seen.has(copy)) continue;
      seen.add(copy);
      const trace = this.traceOf(row);
      const rows = this.rowsOf.get(trace);
      if (rows) rows.push(row);
      else this.rowsOf.set(trace, [row]);
    }
    for (let link = 0; link < columns.links; link++) {
      const row = columns.linkRow[link]!;
      const at = link * LINK_WORDS;
      const target = { trace: hexOfWords(columns.linkIds, at, 4), span: hexOfWords(columns.linkIds, at + 4, 2) };
      this.targetsOf.set(row, [...(this.targetsOf.get(row) ?? []), target]);
      this.join(this.traceOf(row), target.trace);
      this.join(target.trace, this.traceOf(row));
    }
  }

  of(probes: readonly Probe[]): TracesLookedAt {
    const edges = probes.map(({ edge, most }) => {
      const found = this.withCall(edge.caller, edge.callee);
      return { edge, traces: found.slice(0, most), all: found.length <= most };
    });
    let known = new Set(edges.flatMap(({ traces }) => traces));
    if (known.size === 0) return NO_TRACES;
    for (let step = 0; step < MOST_LINK_STEPS; step++)
      known = new Set([...known].flatMap((trace) => [trace, ...(this.linked.get(trace) ?? [])]));
    const rows = [...known].flatMap((trace) => this.rowsOf.get(trace) ?? []).sort((a, b) => a - b);
    return { edges, spans: chainSpans(this.columns, this.directory, rows) };
  }

  /** Traces with a call between these services, the newest first. */
  private withCall(caller: string, callee: string): string[] {
    this.calls ??= this.callsByPair();
    const found = [...(this.calls.get(`${caller}\0${callee}`) ?? [])];
    found.sort(([a, start], [b, other]) => other - start || (a < b ? -1 : 1));
    return found.map(([trace]) => trace);
  }

  /** By caller and callee, the traces with a call between them and when the last of these began. */
  private callsByPair(): Map<string, Map<string, number>> {
    const calls = new Map<string, Map<string, number>>();
    const services = new Map<string, Set<string>>();
    const place = (trace: string, span: string): string => `${trace} ${span}`;
    for (const [trace, rows] of this.rowsOf)
      for (const row of rows) {
        const key = place(trace, this.spanOf(row, 4));
        services.set(key, (services.get(key) ?? new Set()).add(this.serviceOf(row)));
      }
    for (const [trace, rows] of this.rowsOf)
      for (const row of rows) {
        const callee = this.serviceOf(row);
        const start = this.columns.start[row]!;
        // A callee hangs under a span of the caller, shares its id with one, or links to one.
        const places = [place(trace, this.spanOf(row, 4)), place(trace, this.spanOf(row, 6))];
        for (const { trace: other, span } of this.targetsOf.get(row) ?? []) places.push(place(other, span));
        for (const caller of places.flatMap((key) => [...(services.get(key) ?? [])])) {
          const pair = `${caller}\0${callee}`;
          const traces = calls.get(pair) ?? new Map<string, number>();
          calls.set(pair, traces.set(trace, Math.max(start, traces.get(trace) ?? start)));
        }
      }
    return calls;
  }

  /** Node id; "" in another environment. */
  private serviceOf(row: number): string {
    const node = this.directory.node(this.columns.service[row]!);
    return node.environment === this.environment ? node.id : "";
  }

  private spanOf(row: number, word: 4 | 6): string {
    return hexOfWords(this.columns.ids, row * ID_WORDS + word, 2);
  }

  private traceOf(row: number): string {
    return hexOfWords(this.columns.ids, row * ID_WORDS, 4);
  }

  private join(from: string, to: string): void {
    const known = this.linked.get(from) ?? new Set();
    this.linked.set(from, known.add(to));
  }
}
