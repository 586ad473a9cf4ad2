// What a linker counted, in the words of naive-calls.ts.
import type { CallSink } from "@/lib/derive/call-sink";
import { CallTable } from "@/lib/derive/call-table";
import { CallKind, type EdgeBook } from "@/lib/derive/edge-book";
import type { Directory } from "@/lib/domain/directory";
import { Counts } from "./naive-calls";

/** Collects calls by minute; touched minutes are noted. */
export class TableSink implements CallSink {
  readonly tables = new Map<number, CallTable>();
  readonly touched = new Set<number>();

  private table(minute: number): CallTable {
    const table = this.tables.get(minute) ?? new CallTable(minute);
    this.tables.set(minute, table);
    return table;
  }

  call(...[minute, edge, operation, sign, fault, side, weight, us, ids, at]: Parameters<CallSink["call"]>): void {
    this.table(minute).call(edge, operation, sign, fault, side, weight, us, ids, at);
  }

  sample(...[minute, edge, operation, sign, clientUs, gapUs]: Parameters<CallSink["sample"]>): void {
    this.table(minute).sample(edge, operation, sign, clientUs, gapUs);
  }

  touch(minute: number): void {
    this.touched.add(minute);
  }
}

const KIND_NAMES = Object.fromEntries(Object.entries(CallKind).map(([name, kind]) => [kind, name.toLowerCase()]));
const MEASURE_NAMES = ["client", "server", "gap"];
/** Counted by edge alone: their operation says nothing. */
const WITHOUT_OPERATION = new Set<number>([CallKind.ORPHAN, CallKind.UNPAIRED, CallKind.SPANS]);

export function tableCounts(tables: Iterable<CallTable>, edges: EdgeBook, directory: Directory): Counts {
  const counts = new Counts();
  const id = (node: number): string => (node === 0 ? "" : directory.node(node).id);
  for (const table of tables) {
    const keys = new Map<number, string>();
    for (const { cell, edge, operation, counts: counted } of table.entries()) {
      const { caller, callee, via, kind } = edges.key(edge);
      const name = WITHOUT_OPERATION.has(kind) ? "" : directory.operation(operation);
      const parts = [`${KIND_NAMES[kind]} ${id(caller)}>${id(callee)} via`, id(via), name].filter(Boolean);
      const key = `${table.minute} ${parts.join(" ")}`;
      keys.set(cell, key);
      const { calls, callee: faults, between, clientError, throttled, paired, clientOnly, unweighted } = counted;
      const all = { calls, callee: faults, between, clientError, throttled, paired, clientOnly, unweighted };
      for (const [what, count] of Object.entries(all)) counts.add(key, what, count);
    }
    table.eachBucket((cell, measure, bucket, count) => {
      const key = keys.get(cell);
      if (key) counts.add(key, `${MEASURE_NAMES[measure]}#${bucket}`, count);
    });
  }
  return counts;
}
