import type { ReactNode } from "react";
import { BARS, PATH_BAR } from "./waterfall-line";

/** What the bars say: their shape what a span is, red that it failed. */
export function WaterfallLegend({ path }: { path: boolean }) {
  return (
    <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
      <b className="font-semibold text-ink">Spans</b>
      <Key className={`text-ok ${BARS.server}`}>answers a request or takes a message</Key>
      <Key className={`text-ok ${BARS.internal}`}>work inside</Key>
      <Key className={`text-latency ${BARS.client}`}>calls or sends, and waits</Key>
      <Key className={`text-bad ${BARS.server}`}>failed</Key>
      {path && (
        <Key className={`text-ok opacity-30 ${BARS.server}`} under={PATH_BAR}>
          critical path: what the end waited for
        </Key>
      )}
      <span className="ml-auto text-2xs text-ink-3">↑ ↓ span · ← → fold · C critical path · Esc close</span>
    </footer>
  );
}

/** @param under a line below the bar. */
function Key({ className, under, children }: { className: string; under?: string; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <i aria-hidden="true" className="relative h-7 w-6">
        <i className={`absolute inset-x-0 rounded-xs ${className}`} />
        {under && <i className={`absolute inset-x-0 ${under}`} />}
      </i>
      {children}
    </span>
  );
}
