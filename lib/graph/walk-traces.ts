// Follows what happened in traces from service to service and finds where a chain comes back to a service that it left. Pure.
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

/** A stay of a chain in one service: the span by which it came in. */
export interface Visit {
  readonly span: ChainSpan;
  /** How it came from the visit before; null for the first. */
  readonly by: "sync" | "async" | null;
}

/** A way round: from a service through others back to it, none of the others twice but gateways. */
export interface Round {
  /** First and last are of the same service. */
  readonly visits: readonly Visit[];
  /** No step was a message. */
  readonly sync: boolean;
}

/** A call from service to service as a chain showed it. */
export interface Step {
  readonly caller: ChainSpan;
  readonly callee: ChainSpan;
  readonly kind: "sync" | "async";
}

export interface Walked {
  readonly rounds: readonly Round[];
  readonly steps: readonly Step[];
  /** How often one chain came back to the same service, at most. */
  readonly depth: number;
  /** Traces with a span whose parent was never seen: something may have happened that the spans do not show. */
  readonly incomplete: ReadonlySet<string>;
}

/** A batch consumer can have many parents, and so can theirs: ways grow faster than spans. */
const MOST_STEPS = 500_000;
/** A child without a client span above it is not waited for when it outlives its parent in this share of the cases. */
const OUTLIVES = 0.9;

/**
 * @param members only chains among these services count as rounds.
 * @param hubs members that a way round may pass more than once.
 */
export function walkTraces(
  spans: readonly ChainSpan[],
  members: ReadonlySet<string>,
  hubs: ReadonlySet<string>,
): Walked {
  const { parents, incomplete } = parentsOf(spans);
  const children: { to: number; async: boolean }[][] = spans.map(() => []);
  const roots: number[] = [];
  const background = backgroundCalls(spans, parents);
  for (const [at, list] of parents.entries()) {
    if (list.length === 0) roots.push(at);
    for (const { from, linked } of list) {
      const message = linked || spans[from]!.role === Role.PUBLISH || CONSUMERS.has(spans[at]!.role);
      children[from]!.push({ to: at, async: message || background.has(pairOf(spans[from]!, spans[at]!)) });
    }
  }

  const rounds: Round[] = [];
  const steps: Step[] = [];
  const stepped = new Set<string>();
  const onPath = new Uint8Array(spans.length);
  const visits: Visit[] = [];
  let depth = 0;
  let budget = MOST_STEPS;

  /** Enters a span; true when that begins a visit. */
  const enter = (at: number, from: number, by: "sync" | "async"): boolean => {
    onPath[at] = 1;
    const span = spans[at]!;
    const last = visits[visits.length - 1];
    if (last && last.span.service === span.service) return false;
    visits.push({ span, by: last ? by : null });
    if (!last) return true;
    if (members.has(span.service) && members.has(last.span.service)) {
      const key = `${from} ${at}`;
      if (!stepped.has(key)) {
        stepped.add(key);
        steps.push({ caller: last.span, callee: span, kind: by });
      }
    }
    const round = roundTo(visits, members, hubs);
    if (round) {
      rounds.push(round);
      const again = visits.filter((visit) => visit.span.service === span.service).length - 1;
      depth = Math.max(depth, again);
    }
    return true;
  };

  for (const root of roots) {
    const path = [{ at: root, next: 0, visit: enter(root, -1, "sync") }];
    while (path.length > 0) {
      const here = path[path.length - 1]!;
      const child = children[here.at]![here.next++];
      if (!child || budget <= 0) {
        path.pop();
        onPath[here.at] = 0;
        if (here.visit) visits.pop();
        continue;
      }
      if (onPath[child.to] === 1) continue;
      budget--;
      path.push({ at: child.to, next: 0, visit: enter(child.to, here.at, child.async ? "async" : "sync") });
    }
  }
  if (budget <= 0) for (const { traceId } of spans) incomplete.add(traceId);
  return { rounds, steps, depth, incomplete };
}

const CONSUMERS: ReadonlySet<Role> = new Set([Role.PROCESS, Role.RECEIVE]);

/** The way back to the last visit's service, when it leads through members only, and through none but hubs twice. */
function roundTo(visits: readonly Visit[], members: ReadonlySet<string>, hubs: ReadonlySet<string>): Round | null {
  const { service } = visits[visits.length - 1]!.span;
  if (!members.has(service)) return null;
  const between = new Set<string>();
  for (let at = visits.length - 2; at >= 0; at--) {
    const { span } = visits[at]!;
    if (span.service === service) {
      const round = visits.slice(at);
      return { visits: round, sync: round.slice(1).every(({ by }) => by === "sync") };
    }
    if (!members.has(span.service) || between.has(span.service)) return null;
    if (!hubs.has(span.service)) between.add(span.service);
  }
  return null;
}

interface Parent {
  readonly from: number;
  readonly linked: boolean;
}

/** What each span follows from: its parent, and for consumers the spans that their links name. */
function parentsOf(spans: readonly ChainSpan[]): { parents: Parent[][]; incomplete: Set<string> } {
  const byId = new Map<string, number[]>();
  for (const [at, { traceId, spanId }] of spans.entries()) {
    const key = `${traceId} ${spanId}`;
    const same = byId.get(key);
    if (same) same.push(at);
    else byId.set(key, [at]);
  }
  const incomplete = new Set<string>();
  const parents = spans.map((span, at): Parent[] => {
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
function backgroundCalls(spans: readonly ChainSpan[], parents: readonly Parent[][]): Set<string> {
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
