// What kind of loop the services of a knot are in, judged by traces with a call of its rarest edge and of the cut's edges: every
// way round needs one of those, so a way round that happened in the window is among them, unless there are more traces than are
// looked at.
import type { Cycle, Cycles, CycleType } from "../contract/cycles";
import type { GraphEdge } from "../contract/graph";
import {
  callsFromOutside,
  fromTheMostCalled,
  type Hop,
  hopBetween,
  type Knot,
  type SelfCall,
  trafficOf,
} from "./find-cycles";
import { operationCalls } from "./operation-calls";
import { operationLoop } from "./operation-loop";
import { type ChainSpan, spanChains } from "./span-chains";
import { type Round, type Step, walkTraces } from "./walk-traces";

export interface TracesOfEdge {
  readonly edge: GraphEdge;
  /** Ids of the newest traces with a call of it. */
  readonly traces: readonly string[];
  /** No such trace that is still stored was left out. */
  readonly all: boolean;
}

export interface TracesLookedAt {
  /** The first is the loop's rarest edge. */
  readonly edges: readonly TracesOfEdge[];
  /** The spans of the traces, and those of the traces that they are linked with. */
  readonly spans: readonly ChainSpan[];
}

export const NO_TRACES: TracesLookedAt = { edges: [], spans: [] };

/** With more than this share of incomplete traces, or of edges without any, that nobody was seen going round says nothing. */
const MOST_INCOMPLETE = 0.05;
const MOST_ALTERNATIVES = 20;
const MOST_OPERATIONS = 10;

export function typeCycle(knot: Knot, looked: TracesLookedAt): Cycle {
  const members = new Set(knot.services);
  const chains = spanChains(looked.spans);
  const walked = walkTraces(looked.spans, chains, members, knot.hubs);
  const nameOf = (id: string): string => knot.names.get(id) ?? id;
  // Spans of linked traces complete the picture, but only the traces asked for are counted.
  const asked = new Set(looked.edges.flatMap(({ traces }) => traces));
  // A gateway is entered by everybody, again and again; that says nothing of the others.
  const rounds = walked.rounds.filter(
    ({ visits }) => !knot.hubs.has(visits[0]!.span.service) && visits.some(({ span }) => asked.has(span.traceId)),
  );
  const incomplete = [...asked].filter((trace) => walked.incomplete.has(trace)).length;
  const complete = asked.size > 0 && incomplete <= asked.size * MOST_INCOMPLETE;
  const judging = new Set([looked.edges[0]?.edge, ...knot.cut.edges]);
  const strata = looked.edges.filter(({ edge }) => judging.has(edge));
  const without = strata.filter(({ traces }) => traces.length === 0).length;
  const shownAll = (looked.edges[0]?.traces.length ?? 0) > 0 && without <= strata.length * MOST_INCOMPLETE;
  const type = typeOf(knot, rounds, complete && shownAll);
  const shown = type === "reentrant" ? rounds.filter(({ sync }) => sync) : type === "async" ? rounds : [];
  const witness = [...shown].sort(byPlainness)[0] ?? null;
  const loop =
    witness && isSimple(witness) ? fromTheMostCalled(loopOf(witness, knot.hops), knot.inbound, nameOf) : knot.loop;
  const inLoop = new Set(loop.map(({ caller }) => caller));
  const around = new Set(
    shown.flatMap(({ visits }) => visits.map(({ span }) => span.traceId)).filter((trace) => asked.has(trace)),
  );
  const all = strata.length === judging.size && strata.every((of) => of.all);
  const edges = [...new Map(loop.flatMap((hop) => hop.edges).map((edge) => [edge.id, edge])).values()];
  const member = (id: string): Cycle["members"][number] => ({ id, name: nameOf(id) });
  return {
    id: knot.id,
    type,
    words: wordsOf(
      type,
      loop.map(({ caller }) => nameOf(caller)),
      shownAll ? asked.size : 0,
      incomplete,
      complete ? [...knot.unfollowed].map(nameOf) : [],
    ),
    members: loop.map(({ caller }) => member(caller)),
    others: knot.services.filter((id) => !inLoop.has(id)).map(member),
    hops: loop.map((hop) => toHop(hop, walked.steps)),
    operations: operationLoop(
      loop,
      operationCalls(looked.spans, chains, members, knot.hubs),
      complete,
      MOST_INCOMPLETE,
    ),
    recursion: witness && isRecursion(witness),
    reentryDepth: shown.length > 0 ? walked.depth : 0,
    evidence: {
      traces: asked.size,
      rarest: looked.edges[0]?.edge.id ?? null,
      all,
      // A message may go on in a trace of its own: what goes round is counted where it began.
      around: Math.min(asked.size, new Set(shown.map(({ visits }) => visits[0]!.span.traceId)).size),
      incomplete,
    },
    share: shareOf(knot, inLoop, requestsAround(strata, around, walked.steps)),
    witness: witness && toWitness(witness),
    cut: toCut(knot, edges),
    firstSeen: latest(edges.map(({ firstSeen }) => firstSeen)),
    lastSeen: earliest(edges.map(({ lastSeen }) => lastSeen)),
  };
}

export function toSelfCall(
  { node, edges, via, kind }: SelfCall,
  names: ReadonlyMap<string, string>,
): Cycles["selfCalls"][number] {
  const [rarest] = [...edges].sort((a, b) => a.calls - b.calls);
  return {
    node: { id: node, name: names.get(node) ?? node },
    edges: edges.map(({ id }) => id),
    via,
    kind,
    calls: rarest!.calls,
    estimatedCalls: rarest!.estimatedCalls,
    errors: Math.max(...edges.map(({ errors }) => errors)),
    firstSeen: latest(edges.map(({ firstSeen }) => firstSeen)),
  };
}

const GRAVITY: readonly CycleType[] = ["reentrant", "async", "across", "hub", "unknown"];

/** The gravest type first, then the most calls on the rarest edge. */
export const byGravity = (a: Cycle, b: Cycle): number =>
  GRAVITY.indexOf(a.type) - GRAVITY.indexOf(b.type) ||
  Math.min(...b.hops.map(({ calls }) => calls)) - Math.min(...a.hops.map(({ calls }) => calls)) ||
  (a.id < b.id ? -1 : 1);

function typeOf(knot: Knot, rounds: readonly Round[], complete: boolean): CycleType {
  if (rounds.some(({ sync }) => sync)) return "reentrant";
  if (rounds.length > 0) return "async";
  if (knot.hubOnly) return "hub";
  return complete && knot.unfollowed.size === 0 ? "across" : "unknown";
}

/** Fewest steps, then the newest, then by id: the same traces always give the same witness. */
const byPlainness = (a: Round, b: Round): number =>
  a.visits.length - b.visits.length ||
  b.visits[0]!.span.startUs - a.visits[0]!.span.startUs ||
  compare(a.visits[0]!.span.traceId + a.visits[0]!.span.spanId, b.visits[0]!.span.traceId + b.visits[0]!.span.spanId);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const loopOf = ({ visits }: Round, hops: Knot["hops"]): Hop[] =>
  visits.slice(1).map(({ span, by }, i) => hopBetween(hops, visits[i]!.span.service, span.service, by ?? "sync"));

const isSimple = ({ visits }: Round): boolean =>
  new Set(visits.map(({ span }) => span.service)).size === visits.length - 1;

const isRecursion = ({ visits }: Round): boolean =>
  visits[0]!.span.operation === visits[visits.length - 1]!.span.operation;

function toHop(hop: Hop, steps: readonly Step[]): Cycle["hops"][number] {
  const between = steps.filter(({ caller, callee }) => caller.service === hop.caller && callee.service === hop.callee);
  const alike = between.filter(({ kind }) => kind === hop.kind);
  const counts = new Map<string, { caller: string; callee: string; calls: number }>();
  for (const { caller, callee } of alike.length > 0 ? alike : between) {
    const key = `${caller.operation}\0${callee.operation}`;
    const known = counts.get(key) ?? { caller: caller.operation, callee: callee.operation, calls: 0 };
    known.calls++;
    counts.set(key, known);
  }
  const operations = [...counts.values()].sort(
    (a, b) => b.calls - a.calls || compare(a.caller, b.caller) || compare(a.callee, b.callee),
  );
  const [rarest] = [...hop.edges].sort((a, b) => a.calls - b.calls);
  return {
    edges: hop.edges.map(({ id }) => id),
    caller: hop.caller,
    callee: hop.callee,
    via: hop.via,
    kind: hop.kind,
    calls: rarest!.calls,
    estimatedCalls: rarest!.estimatedCalls,
    operations: operations.slice(0, MOST_OPERATIONS),
  };
}

function toWitness({ visits }: Round): Cycle["witness"] {
  const begin = Math.min(...visits.map(({ span }) => span.startUs));
  return {
    traceId: visits[0]!.span.traceId,
    spans: visits.map(({ span }, depth) => ({
      traceId: span.traceId,
      spanId: span.spanId,
      service: span.service,
      name: span.operation,
      depth,
      startMs: (span.startUs - begin) / 1000,
      durationMs: span.durationUs === null ? null : span.durationUs / 1000,
    })),
  };
}

/**
 * Requests that go round: counted where an edge's traces are all known, else by the share of them that do. Each edge without
 * the traces that have a call of an edge before it, so that a request which takes several of them counts once.
 */
function requestsAround(edges: readonly TracesOfEdge[], around: ReadonlySet<string>, steps: readonly Step[]): number {
  const pairOf = (trace: string, caller: string, callee: string): string => `${trace} ${caller} ${callee}`;
  const seen = new Set(steps.map(({ caller, callee }) => pairOf(callee.traceId, caller.service, callee.service)));
  const requests = edges.reduce((sum, { edge, traces, all }, i) => {
    const before = edges.slice(0, i);
    const own = traces.filter(
      (trace) =>
        around.has(trace) && !before.some((other) => seen.has(pairOf(trace, other.edge.caller, other.edge.callee))),
    ).length;
    return own === 0 ? sum : sum + (all ? own : (edge.calls * own) / traces.length);
  }, 0);
  return Math.round(requests);
}

/** Of all calls that come into the loop from outside. */
function shareOf(knot: Knot, inLoop: ReadonlySet<string>, requests: number): Cycle["share"] {
  if (requests === 0) return null;
  const of = [...inLoop].reduce((sum, id) => sum + callsFromOutside(knot.inbound, id, inLoop), 0);
  return of === 0 ? null : { requests, of };
}

function toCut({ cut, breaks }: Knot, loop: readonly GraphEdge[]): Cycle["cut"] {
  const all = new Map([...cut.edges, ...loop].map((edge) => [edge.id, edge]));
  const alternatives = [...all.values()]
    .sort((a, b) => trafficOf(a) - trafficOf(b) || compare(a.id, b.id))
    .slice(0, MOST_ALTERNATIVES);
  return {
    edges: cut.edges.map(({ id }) => id),
    calls: cut.edges.reduce((sum, { calls }) => sum + calls, 0),
    exact: cut.exact,
    alternatives: alternatives.map((edge) => ({
      edge: edge.id,
      caller: edge.caller,
      callee: edge.callee,
      via: edge.via,
      calls: edge.calls,
      estimatedCalls: edge.estimatedCalls,
      gone: breaks(edge),
    })),
  };
}

const known = (times: readonly (string | null)[]): string[] => times.filter((time) => time !== null).sort();
const latest = (times: readonly (string | null)[]): string | null => known(times).at(-1) ?? null;
const earliest = (times: readonly (string | null)[]): string | null => known(times)[0] ?? null;

function wordsOf(
  type: CycleType,
  names: readonly string[],
  traces: number,
  incomplete: number,
  unfollowed: readonly string[],
): Cycle["words"] {
  const [first = ""] = names;
  const looked = traces === 1 ? "the one trace looked at" : `the ${traces} traces looked at`;
  switch (type) {
    case "reentrant":
      return {
        title: "synchronous, re-entrant",
        text: `One request enters ${first} again before it has left it. The outer call waits for the inner one: a slow ${first} slows itself, busy workers can wait for each other for ever, and retries multiply.`,
      };
    case "async":
      return {
        title: "closed by async",
        text: `One chain comes back to ${first} through a message. Nobody waits, so nothing locks up, but a message can cause itself again: an event storm.`,
      };
    case "across":
      return {
        title: "only across requests",
        text: `No request goes round in ${looked}. The services need each other all the same: a failure of one reaches all, and there is no order in which to start them.`,
      };
    case "hub":
      return {
        title: "through a hub",
        text: "The loop closes only through a gateway or mesh, which calls everybody. Mostly harmless.",
      };
    default:
      return {
        title: "type unknown",
        text:
          traces === 0
            ? "No stored trace shows a call of the edges that close the loop, so its type cannot be told."
            : unfollowed.length > 0
              ? `No request goes round in ${looked}, but messages through ${unfollowed.join(", ")} could not be followed: nothing says which of them came from whom.`
              : `Of ${traces} traces looked at ${incomplete} miss spans, too many to say that no request goes round.`,
      };
  }
}
