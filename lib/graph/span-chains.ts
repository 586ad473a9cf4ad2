// What each span of some traces follows from, and whether that waited for it. Pure.
import { Role } from "../domain/role";

/** What has to be known of a span to follow a chain. */
export interface ChainSpan {
  /** Hex. */
  readonly traceId: string;
  readonly spanId: string;
  /** "" for a root. */
  readonly parentSpanId: string;
  /** Node id. */
  readonly service: string;
  readonly operation: string;
  readonly role: Role;
  /** Unix microseconds. */
  readonly startUs: number;
  /** Null when the sender did not say. */
  readonly durationUs: number | null;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface Parent {
  /** Index of the span. */
  readonly from: number;
  readonly kind: "sync" | "async";
}

export interface Chains {
  /** Of each span, by index: its parent, and for consumers the spans that their links name. */
  readonly parents: readonly (readonly Parent[])[];
  /** Traces with a span whose parent was never seen: something may have happened that the spans do not show. */
  readonly incomplete: ReadonlySet<string>;
}

/** A child without a client span above it is not waited for when it outlives its parent in this share of the cases. */
const OUTLIVES = 0.9;

export const CONSUMERS: ReadonlySet<Role> = new Set([Role.PROCESS, Role.RECEIVE]);

export function spanChains(spans: readonly ChainSpan[]): Chains {
  const { parents, incomplete } = followed(spans);
  const background = backgroundCalls(spans, parents);
  const isAsync = (at: number, { from, linked }: Followed): boolean =>
    linked ||
    spans[from]!.role === Role.PUBLISH ||
    CONSUMERS.has(spans[at]!.role) ||
    background.has(pairOf(spans[from]!, spans[at]!));
  return {
    parents: parents.map((list, at) =>
      list.map((parent) => ({ from: parent.from, kind: isAsync(at, parent) ? "async" : "sync" })),
    ),
    incomplete,
  };
}

interface Followed {
  readonly from: number;
  readonly linked: boolean;
}

function followed(spans: readonly ChainSpan[]): { parents: Followed[][]; incomplete: Set<string> } {
  const byId = new Map<string, number[]>();
  for (const [at, { traceId, spanId }] of spans.entries()) {
    const key = `${traceId} ${spanId}`;
    const same = byId.get(key);
    if (same) same.push(at);
    else byId.set(key, [at]);
  }
  const incomplete = new Set<string>();
  const parents = spans.map((span, at): Followed[] => {
    // A client and a server may share one id: the server hangs under the client.
    const shared = byId.get(`${span.traceId} ${span.spanId}`)!;
    const client = shared.find((other) => other !== at && spans[other]!.role === Role.CLIENT);
    if (span.role === Role.SERVER && client !== undefined) return [{ from: client, linked: false }];
    const linked = CONSUMERS.has(span.role)
      ? span.links.flatMap(({ traceId, spanId }) => {
          const found = byId.get(`${traceId} ${spanId}`);
          if (!found) incomplete.add(span.traceId);
          return (found ?? []).slice(0, 1).map((from) => ({ from, linked: true }));
        })
      : [];
    if (span.parentSpanId === "") return linked;
    const named = (byId.get(`${span.traceId} ${span.parentSpanId}`) ?? []).filter((other) => other !== at);
    // Of two halves the parent is that of the same service, else the server's: it works on under the id it received.
    const rank = (other: number): number =>
      (spans[other]!.service === span.service ? 2 : 0) + (spans[other]!.role === Role.CLIENT ? 0 : 1);
    const [from] = named.sort((a, b) => rank(b) - rank(a));
    if (from === undefined) {
      incomplete.add(span.traceId);
      return linked;
    }
    return [{ from, linked: false }, ...linked.filter((link) => link.from !== from)];
  });
  return { parents, incomplete };
}

const pairOf = (caller: ChainSpan, callee: ChainSpan): string => `${caller.service} ${callee.service}`;

/** Pairs of services whose calls, made without a client span, outlive the caller nearly always: nobody waits for them. */
function backgroundCalls(spans: readonly ChainSpan[], parents: readonly Followed[][]): Set<string> {
  const counts = new Map<string, { all: number; outlived: number }>();
  for (const [at, list] of parents.entries()) {
    const callee = spans[at]!;
    for (const { from, linked } of list) {
      const caller = spans[from]!;
      if (linked || caller.service === callee.service || caller.role === Role.CLIENT) continue;
      if (caller.durationUs === null || callee.durationUs === null) continue;
      const count = counts.get(pairOf(caller, callee)) ?? { all: 0, outlived: 0 };
      counts.set(pairOf(caller, callee), count);
      count.all++;
      if (callee.startUs + callee.durationUs > caller.startUs + caller.durationUs) count.outlived++;
    }
  }
  return new Set([...counts].flatMap(([pair, { all, outlived }]) => (outlived >= all * OUTLIVES ? [pair] : [])));
}
