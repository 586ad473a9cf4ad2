// Traces with a call between two services, of spans that are all in memory.
import type { Directory } from "../domain/directory";
import { hexOfWords } from "../domain/ids";
import { ID_WORDS, LINK_WORDS, type SpanColumns } from "../domain/span-columns";
import { MOST_TRACES } from "../graph/answer-cycles";
import { chainSpans } from "../graph/chain-spans";
import type { Knot } from "../graph/find-cycles";
import { NO_TRACES, type TracesLookedAt } from "../graph/type-cycle";

/** Messages from trace to trace that are followed. */
const MOST_LINK_STEPS = 4;

export class OfflineTraces {
  private readonly rowsOf = new Map<string, number[]>();
  private readonly targetsOf = new Map<number, { trace: string; span: string }[]>();
  /** Traces linked with a trace, either way. */
  private readonly linked = new Map<string, Set<string>>();

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

  /** The newest with a call of the cut's edges. */
  of({ cut }: Knot): TracesLookedAt {
    const pairs = cut.edges.map(({ caller, callee }) => ({ caller, callee }));
    const found: { trace: string; start: number }[] = [];
    for (const [trace, rows] of this.rowsOf) {
      const calls = rows.filter((row) => pairs.some(({ caller, callee }) => this.isCall(row, caller, callee)));
      if (calls.length > 0) found.push({ trace, start: Math.max(...calls.map((row) => this.columns.start[row]!)) });
    }
    if (found.length === 0) return NO_TRACES;
    found.sort((a, b) => b.start - a.start || (a.trace < b.trace ? -1 : 1));
    const traces = found.slice(0, MOST_TRACES).map(({ trace }) => trace);
    let known = new Set(traces);
    for (let step = 0; step < MOST_LINK_STEPS; step++)
      known = new Set([...known].flatMap((trace) => [trace, ...(this.linked.get(trace) ?? [])]));
    const rows = [...known].flatMap((trace) => this.rowsOf.get(trace) ?? []).sort((a, b) => a - b);
    return { traces, all: found.length <= MOST_TRACES, spans: chainSpans(this.columns, this.directory, rows) };
  }

  /** Whether a span of the callee hangs under one of the caller, shares its id with one, or links to one. */
  private isCall(row: number, caller: string, callee: string): boolean {
    if (!this.isOf(row, callee)) return false;
    const { ids } = this.columns;
    const at = row * ID_WORDS;
    const wanted = new Set([hexOfWords(ids, at + 4, 2), hexOfWords(ids, at + 6, 2)]);
    const has = (trace: string, spans: ReadonlySet<string>): boolean =>
      (this.rowsOf.get(trace) ?? []).some(
        (other) => this.isOf(other, caller) && spans.has(hexOfWords(ids, other * ID_WORDS + 4, 2)),
      );
    return (
      has(this.traceOf(row), wanted) ||
      (this.targetsOf.get(row) ?? []).some(({ trace, span }) => has(trace, new Set([span])))
    );
  }

  private isOf(row: number, service: string): boolean {
    const node = this.directory.node(this.columns.service[row]!);
    return node.id === service && node.environment === this.environment;
  }

  private traceOf(row: number): string {
    return hexOfWords(this.columns.ids, row * ID_WORDS, 4);
  }

  private join(from: string, to: string): void {
    const known = this.linked.get(from) ?? new Set();
    this.linked.set(from, known.add(to));
  }
}
