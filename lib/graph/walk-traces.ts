// Follows what happened in traces from service to service and finds where a chain comes back to a service that it left. Pure.
import type { ChainSpan, Chains } from "./span-chains";

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

/**
 * @param chains what each of the spans follows from.
 * @param members only chains among these services count as rounds.
 * @param hubs members that a way round may pass more than once.
 */
export function walkTraces(
  spans: readonly ChainSpan[],
  { parents, incomplete: missing }: Chains,
  members: ReadonlySet<string>,
  hubs: ReadonlySet<string>,
): Walked {
  const incomplete = new Set(missing);
  const children: { to: number; by: "sync" | "async" }[][] = spans.map(() => []);
  const roots: number[] = [];
  for (const [at, list] of parents.entries()) {
    if (list.length === 0) roots.push(at);
    for (const { from, kind } of list) children[from]!.push({ to: at, by: kind });
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
      path.push({ at: child.to, next: 0, visit: enter(child.to, here.at, child.by) });
    }
  }
  if (budget <= 0) for (const { traceId } of spans) incomplete.add(traceId);
  return { rounds, steps, depth, incomplete };
}

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
