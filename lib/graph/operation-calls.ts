// Which operation of a service calls which of another, as traces show it: an edge's totals know the callee's operation only,
// the caller's is that of the server or consumer span under which the call was made. Pure.
import { Role } from "../domain/role";
import { type ChainSpan, type Chains, CONSUMERS, type Parent } from "./span-chains";

export interface Operation {
  /** Node id. */
  readonly service: string;
  readonly operation: string;
}

export interface OperationCall {
  readonly caller: Operation;
  readonly callee: Operation;
  /** Async when no call was waited for. */
  readonly kind: "sync" | "async";
  readonly calls: number;
  /** False for a call of a service to itself, but for one by way of a gateway. */
  readonly between: boolean;
}

export interface OperationCalls {
  readonly list: readonly OperationCall[];
  /** Services of which one called the other, as `caller\0callee`, gateways among them. */
  readonly pairs: ReadonlySet<string>;
  /** Calls from service to service of which the caller's operation is not known: made outside any server or consumer span. */
  readonly unknown: number;
}

const SERVED: ReadonlySet<Role> = new Set([Role.SERVER, ...CONSUMERS]);

/** Gateways that call each other are followed so far. */
const MOST_HUBS = 8;

/**
 * Calls among the members, each pair of operations once.
 * @param hubs members that are looked through: one operation of a gateway serves many of those behind it.
 */
export function operationCalls(
  spans: readonly ChainSpan[],
  { parents }: Chains,
  members: ReadonlySet<string>,
  hubs: ReadonlySet<string>,
): OperationCalls {
  const isCall = (from: number, at: number): boolean => {
    const [caller, callee] = [spans[from]!, spans[at]!];
    if (caller.service !== callee.service) return true;
    return caller.role === Role.CLIENT
      ? callee.role === Role.SERVER
      : caller.role === Role.PUBLISH && CONSUMERS.has(callee.role);
  };
  /** By span, the one that began the operation; -1 for none. Undefined: not looked at yet. */
  const began: (number | undefined)[] = spans.map(() => undefined);
  const beginOf = (start: number): number => {
    const path: number[] = [];
    let found = -1;
    for (let at: number | undefined = start; at !== undefined; ) {
      const known = began[at];
      if (known !== undefined) {
        found = known;
        break;
      }
      began[at] = -1; // for spans that are each other's parents
      path.push(at);
      const above: Chains["parents"][number] = parents[at]!;
      if (above.length === 0 ? SERVED.has(spans[at]!.role) : above.some(({ from }) => isCall(from, at!))) {
        found = at;
        break;
      }
      at = above[0]?.from;
    }
    for (const at of path) began[at] = found;
    return found;
  };

  /** The spans that began the operations in which this one was made, gateways looked through; -1 for none. */
  const madeIn = (from: number, kind: Parent["kind"], left = MOST_HUBS): readonly Parent[] => {
    const begin = beginOf(from);
    if (!hubs.has(spans[from]!.service) || left === 0) return [{ from: begin, kind }];
    return (parents[begin] ?? []).flatMap((above) =>
      isCall(above.from, begin) ? madeIn(above.from, kind === "async" ? kind : above.kind, left - 1) : [],
    );
  };

  interface Count {
    readonly caller: Operation;
    readonly callee: Operation;
    readonly between: boolean;
    sync: number;
    async: number;
  }
  const counts = new Map<string, Count>();
  const pairs = new Set<string>();
  let unknown = 0;
  for (const [at, above] of parents.entries()) {
    const callee = spans[at]!;
    if (!members.has(callee.service)) continue;
    for (const parent of above) {
      const by = spans[parent.from]!.service;
      if (!members.has(by) || !isCall(parent.from, at)) continue;
      if (hubs.has(callee.service)) {
        pairs.add(`${by}\0${callee.service}`);
        continue;
      }
      for (const { from, kind } of madeIn(parent.from, parent.kind)) {
        const caller = spans[from];
        if (!caller) {
          if (by !== callee.service) unknown++;
          continue;
        }
        if (!members.has(caller.service)) continue;
        pairs.add(`${by}\0${callee.service}`);
        const between = by !== callee.service;
        const key = [between, caller.service, caller.operation, callee.service, callee.operation].join("\0");
        const count = counts.get(key) ?? {
          caller: operationOf(caller),
          callee: operationOf(callee),
          between,
          sync: 0,
          async: 0,
        };
        counts.set(key, count);
        count[kind]++;
      }
    }
  }
  const list = [...counts.values()].map(
    ({ caller, callee, between, sync, async }): OperationCall => ({
      caller,
      callee,
      between,
      kind: sync > 0 ? "sync" : "async",
      calls: sync + async,
    }),
  );
  return { list, pairs, unknown };
}

const operationOf = ({ service, operation }: ChainSpan): Operation => ({ service, operation });
