// The rule of the critical path as plainly as it can be written, microsecond by microsecond from the end. Written apart from
// lib/graph/critical-path.ts and sharing nothing with it; slow on purpose.
export interface SlowSpan {
  readonly id: string;
  readonly parent: string | null;
  /** Microseconds, as `duration`. */
  readonly start: number;
  readonly duration: number;
}

/** Microseconds on the path by span. @param spans the first is the root; every other one is waited for by its parent. */
export function slowCriticalPath(spans: readonly SlowSpan[]): Record<string, number> {
  const found: Record<string, number> = {};
  const explain = (of: SlowSpan, from: number, to: number): void => {
    let at = to;
    while (at > from) {
      const ending = spans
        .filter(({ parent }) => parent === of.id)
        .map((child) => ({ child, a: Math.max(from, child.start), b: Math.min(to, child.start + child.duration) }))
        .filter(({ a, b }) => a < b && b === at)
        .sort(
          (x, y) =>
            y.child.start + y.child.duration - (x.child.start + x.child.duration) || x.child.start - y.child.start,
        );
      const [next] = ending;
      if (next) {
        explain(next.child, next.a, next.b);
        at = next.a;
      } else {
        found[of.id] = (found[of.id] ?? 0) + 1;
        at--;
      }
    }
  };
  const root = spans[0]!;
  explain(root, root.start, root.start + root.duration);
  return found;
}
