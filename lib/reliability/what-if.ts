// Changes of one call, to ask what would be if: `caller:callee:async`, `…:drop`, `…:fallback=99.9%`, `…:objective=99.95%`.
// Ids may hold colons themselves, so where the caller ends is found among the calls that exist.
import { readAvailability } from "./availability";
import { directCallees, type GraphIndex } from "./callees";
import type { Objectives } from "./objectives";

export type Change =
  | { readonly kind: "async" | "drop" }
  /** What answers instead when the call fails; in (0, 1], independent of the callee. */
  | { readonly kind: "fallback"; readonly availability: number }
  /** What the callee promises to this caller. */
  | { readonly kind: "objective"; readonly availability: number };

export interface WhatIf {
  readonly text: string;
  /** `caller:callee` */
  readonly call: string;
  readonly change: Change;
}

/** Changes by caller, then by callee. */
export type Changes = ReadonlyMap<string, ReadonlyMap<string, readonly Change[]>>;

export const NO_CHANGES: Changes = new Map();

/** @returns the change, or what is wrong as half a sentence. */
export function readWhatIf(text: string): WhatIf | string {
  const split = text.lastIndexOf(":");
  const call = text.slice(0, split);
  if (split < 0 || !/^.+:.+$/.test(call)) return "must be caller:callee:change, such as checkout:payments:async";
  const [, kind, , value] = /^([a-z]*)(=(.*))?$/.exec(text.slice(split + 1)) ?? [];
  if ((kind === "async" || kind === "drop") && value === undefined) return { text, call, change: { kind } };
  if (kind !== "fallback" && kind !== "objective") {
    return "must end in async, drop, fallback=99.9% or objective=99.9%";
  }
  const availability = readAvailability(value ?? "");
  if (typeof availability === "string") return `${kind} ${availability}`;
  return { text, call, change: { kind, availability } };
}

/**
 * Sorts changes to the calls that they mean. `unmatched` are those of calls that are not there.
 * @param meant the node id that an id means: its own, or what it is an alias of.
 */
export function matchChanges(
  graph: GraphIndex,
  objectives: Objectives,
  asked: readonly WhatIf[],
  meant: (id: string) => string = (id) => id,
): { changes: Changes; applied: string[]; unmatched: string[] } {
  const changes = new Map<string, Map<string, Change[]>>();
  const applied: string[] = [];
  const unmatched: string[] = [];
  for (const { text, call, change } of asked) {
    const found = findCall(graph, objectives, call, meant);
    if (!found) {
      unmatched.push(text);
      continue;
    }
    const [caller, callee] = found;
    const ofCaller = changes.get(caller) ?? new Map<string, Change[]>();
    ofCaller.set(callee, [...(ofCaller.get(callee) ?? []), change]);
    changes.set(caller, ofCaller);
    applied.push(text);
  }
  return { changes, applied, unmatched };
}

function findCall(
  graph: GraphIndex,
  objectives: Objectives,
  call: string,
  meant: (id: string) => string,
): [caller: string, callee: string] | null {
  for (let at = call.indexOf(":"); at > 0; at = call.indexOf(":", at + 1)) {
    const caller = meant(call.slice(0, at));
    const callee = meant(call.slice(at + 1));
    if (!graph.nodes.has(caller)) continue;
    if (directCallees(graph, caller, objectives).counted.some(({ id }) => id === callee)) return [caller, callee];
  }
  return null;
}
