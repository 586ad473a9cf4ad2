// Clocks of two services that cannot both be right: a callee that works before it was called, or after its caller had its answer.
// What is stored is never shifted; that the clocks differ is said. Pure.
import type { TraceSpan } from "../contract/trace";
import { parentOf, spansById } from "./span-parent";

export interface ClockSkew {
  readonly caller: string;
  readonly callee: string;
  /** By how much the callee's clock is ahead of the caller's at least, in milliseconds; below 0 it is behind. */
  readonly leastMs: number;
}

/** Clocks of machines that keep time differ by so much, and so do the roundings of senders. */
const TOLERATED_MS = 1;
const NS_PER_MS = 1e6;

/**
 * Pairs of caller and callee in a trace whose clocks differ for sure, the widest apart first; each with the most that one of its
 * calls shows. A call shows something where the callee's work would fit into the caller's waiting and does not lie within it.
 * Empty when nothing is wrong or nothing can be told: half a pair, unknown durations, messages, work that outlasts the waiting.
 */
export function clockSkews(spans: readonly TraceSpan[]): ClockSkew[] {
  const byId = spansById(spans);
  const widest = new Map<string, ClockSkew>();
  for (const callee of spans) {
    const caller = callee.kind === "server" ? parentOf(callee, byId) : undefined;
    if (caller?.kind !== "client" || caller.service === callee.service) continue;
    const leastMs = apart(caller, callee);
    if (Math.abs(leastMs) <= TOLERATED_MS) continue;
    const pair = JSON.stringify([caller.service, callee.service]);
    const known = widest.get(pair);
    if (known && Math.abs(known.leastMs) >= Math.abs(leastMs)) continue;
    widest.set(pair, { caller: caller.service, callee: callee.service, leastMs });
  }
  return [...widest.values()].sort((a, b) => Math.abs(b.leastMs) - Math.abs(a.leastMs));
}

/** How far the callee's work would have to be moved to lie within the caller's waiting, in milliseconds; 0 where it does. */
function apart(caller: TraceSpan, callee: TraceSpan): number {
  if (caller.durationMs === null || callee.durationMs === null || callee.durationMs > caller.durationMs) return 0;
  const startMs = Number(BigInt(callee.startUnixNano) - BigInt(caller.startUnixNano)) / NS_PER_MS;
  const endMs = startMs + callee.durationMs - caller.durationMs;
  return startMs < 0 ? startMs : Math.max(0, endMs);
}
