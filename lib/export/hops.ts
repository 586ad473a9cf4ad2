// A graph as it is drawn: a delivery runs from its producer to its topic and from there to its consumer.
import type { Graph } from "../contract/graph";
import type { EdgeKind } from "../domain/node";

export interface Hop {
  /** Node ids. */
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** The far side was never seen. */
  readonly inferred: boolean;
  /** Calls or deliveries; null from a producer to its topic, where one message can be many deliveries. */
  readonly calls: number | null;
  readonly errors: number;
}

/** Each pair of nodes once per kind, in the order of the edges. */
export function hopsOf({ edges }: Graph): Hop[] {
  const hops = new Map<string, Hop>();
  const add = (hop: Hop): void => {
    const key = JSON.stringify([hop.kind, hop.from, hop.to]);
    const known = hops.get(key);
    hops.set(key, known ? joined(known, hop) : hop);
  };
  for (const { caller, callee, via, kind, inferred, calls, errors } of edges) {
    if (via === null) add({ from: caller, to: callee, kind, inferred, calls, errors });
    else {
      add({ from: caller, to: via, kind, inferred: false, calls: null, errors: 0 });
      add({ from: via, to: callee, kind, inferred, calls, errors });
    }
  }
  return [...hops.values()];
}

const joined = (a: Hop, b: Hop): Hop => ({
  ...a,
  inferred: a.inferred && b.inferred,
  calls: a.calls === null || b.calls === null ? null : a.calls + b.calls,
  errors: a.errors + b.errors,
});

/** What stands on a drawn line: its calls and the share that failed; "" when calls are not counted there. */
export function hopLabel({ calls, errors }: Hop): string {
  if (calls === null) return "";
  if (calls === 0 || errors === 0) return String(calls);
  return `${calls}, ${((errors / calls) * 100).toPrecision(2)} % failed`;
}
