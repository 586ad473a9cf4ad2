// Whether services that depend on each other do so by operation too. Where they do, a request can go round again and again;
// where they do not, every chain ends, however the services are entangled.
import type { CycleOperations } from "../contract/cycles";
import { plural } from "../domain/format-number";
import { components } from "./components";
import type { Hop } from "./find-cycles";
import type { Operation, OperationCall, OperationCalls } from "./operation-calls";
import { shortestLoop } from "./shortest-loop";

const MOST_IN_CHAIN = 20;

const LOOP = "Operations call each other in a circle: one request can go round again and again.";
const NONE = "By operation it is no loop: every chain of calls ends.";
const NOTHING = "No trace looked at shows which operation calls which.";
const TOO_LITTLE = "Too little was seen of the steps of the loop to say that no operation comes back to itself.";
const unknownText = (unknown: number, calls: number): string =>
  `Of ${plural(calls, "call")} seen ${plural(unknown, "was", "were")} made outside any operation: what these lead to is not known.`;

/**
 * @param complete the traces miss so little that what they do not show did not happen in them.
 * @param most share of the calls whose caller's operation may be unknown, with which "no loop" can still be said.
 */
export function operationLoop(
  loop: readonly Pick<Hop, "caller" | "callee">[],
  { list, pairs, unknown }: OperationCalls,
  complete: boolean,
  most: number,
): CycleOperations {
  const between = list.filter((call) => call.between);
  const calls = between.reduce((sum, call) => sum + call.calls, 0) + unknown;
  const { vertices, out } = steps(list);
  const found = components(out.map((callees) => [...callees.keys()])).map((component) => {
    const place = new Map(component.map((vertex, i) => [vertex, i]));
    const inside = component.map((vertex) => [...out[vertex]!.keys()].flatMap((to) => place.get(to) ?? []));
    return shortestLoop(inside).map((i) => component[i]!);
  });
  // By way of a gateway an operation can call itself.
  const own = out.findIndex((callees, vertex) => callees.has(vertex));
  const [shortest] = own >= 0 ? [[own]] : found.sort((a, b) => a.length - b.length);
  const told = (path: readonly number[], closed: boolean): CycleOperations["steps"] =>
    path.map((vertex, i) => {
      const next = path[i + 1] ?? (closed ? path[0] : undefined);
      const call = next === undefined ? undefined : out[vertex]!.get(next);
      return { ...vertices[vertex]!, kind: call?.kind ?? null, calls: call?.calls ?? null };
    });
  if (shortest) {
    const first = Math.max(
      0,
      shortest.findIndex((vertex) => vertices[vertex]!.service === loop[0]?.caller),
    );
    const circle = [...shortest.slice(first), ...shortest.slice(0, first)];
    return { verdict: "loop", text: LOOP, steps: told(circle, true), calls, unknown };
  }
  const seen = ({ caller, callee }: Pick<Hop, "caller" | "callee">): boolean => pairs.has(`${caller}\0${callee}`);
  const none = complete && unknown <= calls * most && loop.every(seen);
  const chain = longestChain(out).slice(0, MOST_IN_CHAIN);
  const text = none ? NONE : unknown > calls * most ? unknownText(unknown, calls) : calls === 0 ? NOTHING : TOO_LITTLE;
  return { verdict: none ? "none" : "unknown", text, steps: told(chain, false), calls, unknown };
}

/** Operations by name, and what each calls at other services: by itself, or by way of operations of its own service. */
function steps(list: readonly OperationCall[]): { vertices: Operation[]; out: Map<number, OperationCall>[] } {
  const keyOf = ({ service, operation }: Operation): string => `${service}\0${operation}`;
  const known = new Map(list.flatMap(({ caller, callee }) => [caller, callee].map((of) => [keyOf(of), of] as const)));
  const keys = [...known.keys()].sort();
  const numbers = new Map(keys.map((key, i) => [key, i]));
  const calls: OperationCall[][] = keys.map(() => []);
  for (const call of list) calls[numbers.get(keyOf(call.caller))!]!.push(call);
  const out = keys.map((_, start) => {
    const reached = new Map<number, OperationCall>();
    const own = [start];
    const seen = new Set(own);
    for (const at of own) {
      for (const call of calls[at]!) {
        const to = numbers.get(keyOf(call.callee))!;
        if (call.between) {
          if (!reached.has(to)) reached.set(to, call);
        } else if (!seen.has(to)) {
          seen.add(to);
          own.push(to);
        }
      }
    }
    return reached;
  });
  return { vertices: keys.map((key) => known.get(key)!), out };
}

/** Of several of the same length the one with most calls, step by step. @param out without loops. */
function longestChain(out: readonly ReadonlyMap<number, OperationCall>[]): number[] {
  const callers = out.map(() => 0);
  for (const callees of out) for (const to of callees.keys()) callers[to]!++;
  const order = callers.flatMap((count, vertex) => (count === 0 ? [vertex] : []));
  for (const vertex of order) for (const to of out[vertex]!.keys()) if (--callers[to]! === 0) order.push(to);
  /** From each operation on: how many steps, and the first of them. */
  const length = out.map(() => 0);
  const next = out.map((): { to: number; calls: number } => ({ to: -1, calls: 0 }));
  const isBetter = (steps: number, calls: number, than: number): boolean =>
    steps > length[than]! || (steps === length[than]! && calls > next[than]!.calls);
  for (const vertex of order.reverse()) {
    for (const [to, { calls }] of out[vertex]!) {
      if (!isBetter(length[to]! + 1, calls, vertex)) continue;
      length[vertex] = length[to]! + 1;
      next[vertex] = { to, calls };
    }
  }
  let start = 0;
  for (let vertex = 1; vertex < out.length; vertex++)
    if (isBetter(length[vertex]!, next[vertex]!.calls, start)) start = vertex;
  const chain: number[] = [];
  if ((length[start] ?? 0) > 0) for (let at = start; at >= 0; at = next[at]!.to) chain.push(at);
  return chain;
}
