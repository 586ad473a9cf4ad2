// The chain of work that decides when a trace's root ends: to be faster, something on it has to be faster. Pure.
import type { Trace, TraceSpan } from "../contract/trace";
import { parentOf, spansById } from "./span-parent";

/** A time in which nothing but this one span kept its root from ending. */
export interface PathSegment {
  readonly span: TraceSpan;
  /** Nanoseconds after the start of the trace, on the root's clock: [from, to), never empty. */
  readonly fromNs: number;
  readonly toNs: number;
  /** By how much the span was moved into its caller, because its clock cannot be right; 0 for most. */
  readonly shiftNs: number;
}

export interface CriticalPath {
  readonly root: TraceSpan;
  /** Of the root; the segments add up to exactly this. */
  readonly durationNs: number;
  /** In order of time, without gaps. */
  readonly segments: readonly PathSegment[];
}

/** A span on the root's clock. */
interface Timed {
  readonly span: TraceSpan;
  readonly startNs: number;
  readonly endNs: number;
  readonly shiftNs: number;
}

interface Visit {
  /** Clipped to the span above it. */
  readonly at: Timed;
  /** The last to end comes first. */
  readonly children: readonly Timed[];
  next: number;
  /** What lies after it is explained. */
  cursorNs: number;
}

/**
 * Goes back from the end of the root, always into the child that ends last before the point that is reached, clipped to its
 * parent. Who takes a message is not waited for. Of several roots it is the one that names no parent, then the longest.
 * Spans without a duration, and what is below them, do not count: their time is their parent's.
 * @returns null for a trace without a root.
 */
export function criticalPath(trace: Trace): CriticalPath | null {
  const startNs = BigInt(trace.startUnixNano);
  const timed = (span: TraceSpan, shiftNs: number): Timed => {
    const from = Number(BigInt(span.startUnixNano) - startNs) + shiftNs;
    return { span, startNs: from, endNs: from + durationNs(span), shiftNs };
  };
  const { roots, children } = treeOf(trace.spans);
  const [first] = roots.sort((a, b) => Number(named(a)) - Number(named(b)) || durationNs(b) - durationNs(a));
  if (!first) return null;
  const visit = (at: Timed): Visit => {
    const below = (children.get(at.span) ?? []).map((span) => inside(timed(span, at.shiftNs), at));
    below.sort((a, b) => b.endNs - a.endNs || a.startNs - b.startNs);
    return { at, children: below, next: 0, cursorNs: at.endNs };
  };
  const root = timed(first, 0);
  const segments: PathSegment[] = [];
  const stack = [visit(root)];
  for (let here = stack.at(-1); here; here = stack.at(-1)) {
    const { at } = here;
    const child = here.children[here.next++];
    const fromNs = child ? Math.max(at.startNs, child.startNs) : at.startNs;
    const toNs = child ? Math.min(at.endNs, child.endNs) : at.startNs;
    // A child that ends later ran beside one that is on the path already, or lies outside its parent.
    if (child && (fromNs >= toNs || toNs > here.cursorNs)) continue;
    if (toNs < here.cursorNs) segments.push({ span: at.span, fromNs: toNs, toNs: here.cursorNs, shiftNs: at.shiftNs });
    here.cursorNs = fromNs;
    if (child) stack.push(visit({ ...child, startNs: fromNs, endNs: toNs }));
    else stack.pop();
  }
  return { root: first, durationNs: durationNs(first), segments: segments.reverse() };
}

/** Nanoseconds on the path by span; spans off the path are not in it. */
export function timeOnPath({ segments }: CriticalPath): Map<TraceSpan, number> {
  const times = new Map<TraceSpan, number>();
  for (const { span, fromNs, toNs } of segments) times.set(span, (times.get(span) ?? 0) + toNs - fromNs);
  return times;
}

const durationNs = ({ durationMs }: TraceSpan): number => Math.round((durationMs ?? 0) * 1e6);
const named = ({ parentSpanId }: TraceSpan): boolean => parentSpanId !== null;

/** A server that begins before its caller did, or after its caller had ended, has a wrong clock: it is put in the middle. */
function inside(child: Timed, parent: Timed): Timed {
  const pair =
    child.span.kind === "server" && parent.span.kind === "client" && child.span.service !== parent.span.service;
  if (!pair || (child.startNs >= parent.startNs && child.startNs < parent.endNs)) return child;
  const room = parent.endNs - parent.startNs - (child.endNs - child.startNs);
  const by = parent.startNs + Math.max(0, Math.floor(room / 2)) - child.startNs;
  return { ...child, startNs: child.startNs + by, endNs: child.endNs + by, shiftNs: child.shiftNs + by };
}

/** Who waits for whom. */
function treeOf(spans: readonly TraceSpan[]): { roots: TraceSpan[]; children: Map<TraceSpan, TraceSpan[]> } {
  const byId = spansById(spans);
  const roots: TraceSpan[] = [];
  const children = new Map<TraceSpan, TraceSpan[]>();
  for (const span of spans) {
    const parent = parentOf(span, byId);
    if (!parent) roots.push(span);
    else if (isWaitedFor(span, parent)) {
      const list = children.get(parent);
      if (list) list.push(span);
      else children.set(parent, [span]);
    }
  }
  return { roots, children };
}

/** A message is taken when there is time for it; a service that fetches messages itself waits for them. */
const isWaitedFor = (span: TraceSpan, parent: TraceSpan): boolean =>
  span.kind !== "consumer" || (parent.kind !== "producer" && parent.service === span.service);
