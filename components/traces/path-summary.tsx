import type { TraceSpan } from "@/lib/contract/trace";
import { asText, formatMs, formatShare, plural } from "@/lib/domain/format-number";
import { type CriticalPath, timeOnPath } from "@/lib/graph/critical-path";

const NS_PER_MS = 1e6;
const NAMED = 3;

/** Who holds the root up: the spans with most time on the path, by name, and how much the others have. */
export function PathSummary({ path, onSelect }: { path: CriticalPath | null; onSelect: (span: TraceSpan) => void }) {
  const spans = path ? [...timeOnPath(path)].sort(([, a], [, b]) => b - a) : [];
  const others = spans.slice(NAMED);
  return (
    <section
      aria-label="Critical path"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-4 py-1 text-xs text-ink-2"
    >
      {path ? (
        <>
          <span>
            <b className="font-semibold text-ink">Critical path</b> {amount(path.durationNs)} of {path.root.service} in{" "}
            {plural(spans.length, "span")}, most in
          </span>
          {spans.slice(0, NAMED).map(([span, ns]) => (
            <button
              key={`${span.spanId}.${span.kind}`}
              type="button"
              onClick={() => onSelect(span)}
              className="flex max-w-80 min-w-0 items-baseline gap-1 rounded-xs border border-line px-1.5 py-0.5 hover:bg-surface-2"
            >
              <span className="truncate font-medium text-ink">
                {span.service} {span.name}
              </span>
              <span className="whitespace-nowrap">
                {amount(ns)} · {asText(formatShare(ns, path.durationNs))}
              </span>
            </button>
          ))}
          {others.length > 0 && (
            <span className="text-ink-3">
              {plural(others.length, "other")} {amount(others.reduce((sum, [, ns]) => sum + ns, 0))}
            </span>
          )}
        </>
      ) : (
        <span>There is no critical path: every span names a parent in a circle.</span>
      )}
    </section>
  );
}

const amount = (ns: number): string => asText(formatMs(ns / NS_PER_MS));
