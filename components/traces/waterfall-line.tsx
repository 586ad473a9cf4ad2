// One span of the waterfall: its name, its place in time, and its part of the critical path.
import { Clipped } from "@/components/ui/clipped";
import { FoldButton } from "@/components/ui/fold-button";
import { Sign } from "@/components/ui/sign";
import type { Trace, TraceSpan } from "@/lib/contract/trace";
import { asText, formatMs } from "@/lib/domain/format-number";
import type { PathSegment } from "@/lib/graph/critical-path";
import type { WaterfallRow } from "./waterfall";

export const shareOf = (ms: number, { durationMs }: Trace): string =>
  `${durationMs > 0 ? (ms / durationMs) * 100 : 0}%`;

/** A shared span has two halves under one id; the kind tells them apart. */
export const keyOf = (span: TraceSpan): string => `${span.spanId}.${span.kind}`;

interface LineProps {
  readonly at: number;
  readonly top: number;
  readonly row: WaterfallRow;
  readonly trace: Trace;
  /** Milliseconds. */
  readonly ticks: readonly number[];
  readonly open: boolean;
  readonly on: boolean;
  /** Its segments of the critical path, none for a span off the path; null when the path is not shown. */
  readonly path: readonly PathSegment[] | null;
  onToggle(id: string): void;
  onSelect(span: TraceSpan): void;
}

const DEEPEST_INDENT = 20;

/** Beside the end of the longest bar, for what is written there. */
export const roomFor = (path: boolean): string => (path ? "mr-36" : "mr-16");

const NS_PER_MS = 1e6;
export const pathMs = (segments: readonly PathSegment[]): number =>
  segments.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0) / NS_PER_MS;

export function WaterfallLine({ at, top, row, trace, ticks, open, on, path, onToggle, onSelect }: LineProps) {
  const { span, depth, offsetMs } = row;
  const failed = span.status.code === "error";
  const onPath = path !== null && path.length > 0;
  const said = [
    span.service,
    span.name,
    asText(formatMs(span.durationMs)),
    ...(failed ? ["failed"] : []),
    ...(onPath ? [`${asText(formatMs(pathMs(path)))} of the critical path`] : []),
  ].join(", ");
  const total = Math.max(trace.durationMs, 0.001);
  const left = Math.min(99.7, (offsetMs / total) * 100);
  const width = Math.max(0.3, Math.min(100 - left, ((span.durationMs ?? 0) / total) * 100));
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, lines are active descendants
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree
    <div
      id={`span-${at}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={on}
      aria-expanded={row.children > 0 ? open : undefined}
      aria-label={said}
      onClick={() => onSelect(span)}
      className={`absolute inset-x-0 grid h-7 cursor-pointer grid-cols-[minmax(260px,38%)_minmax(0,1fr)] items-center border-b border-line ${on ? "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-surface-2"}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span
        className="flex min-w-0 items-center gap-1 pr-3"
        style={{ paddingLeft: 8 + Math.min(depth, DEEPEST_INDENT) * 14 }}
      >
        <FoldButton open={row.children > 0 ? open : null} onToggle={() => onToggle(span.spanId)} />
        {failed && <Sign level="bad" />}
        <span className="flex min-w-0 gap-1.25">
          <Clipped text={span.service} className="shrink font-medium" />
          <Clipped text={span.name} className="flex-auto shrink-[2] basis-0 text-ink-2" />
        </span>
        {row.orphan && <span className="shrink-0 text-2xs text-ink-3">parent not seen</span>}
      </span>
      <span className={`relative h-full ${roomFor(path !== null)}`}>
        {ticks.map((tick) => (
          <i
            key={tick}
            aria-hidden="true"
            className="absolute inset-y-0 border-l border-line"
            style={{ left: shareOf(tick, trace) }}
          />
        ))}
        <span
          data-kind={span.kind}
          className={`absolute rounded-xs ${failed ? "text-bad" : HUES[span.kind]} ${BARS[span.kind]} ${path?.length === 0 ? "opacity-30" : ""}`}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
        {path?.map(({ fromNs, toNs, shiftNs }) => (
          <i
            key={fromNs}
            data-path=""
            aria-hidden="true"
            className={`absolute min-w-px ${PATH_BAR}`}
            style={{
              left: shareOf((fromNs - shiftNs) / NS_PER_MS, trace),
              width: shareOf((toNs - fromNs) / NS_PER_MS, trace),
            }}
          />
        ))}
        <span
          className="absolute top-1.5 whitespace-nowrap pl-1.5 text-2xs text-ink-3"
          style={{ left: `${left + width}%` }}
        >
          {asText(formatMs(span.durationMs))}
          {onPath && <b className="pl-1.5 font-medium text-ink">path {asText(formatMs(pathMs(path)))}</b>}
        </span>
      </span>
    </div>
  );
}

/** Work of a service, and waiting for another one. */
const HUES: Record<TraceSpan["kind"], string> = {
  server: "text-ok",
  consumer: "text-ok",
  internal: "text-ok",
  unspecified: "text-ok",
  client: "text-latency",
  producer: "text-latency",
};

/** Under the bar of the span, so that its own hue stays. */
export const PATH_BAR = "top-5.5 h-0.75 bg-ink";

const FULL = "top-2 h-3 bg-current";
const THIN = "top-2.75 h-1.5 bg-current";
const HOLLOW = "top-2 h-3 border-2 border-current";
export const BARS: Record<TraceSpan["kind"], string> = {
  server: FULL,
  consumer: FULL,
  internal: THIN,
  unspecified: THIN,
  client: HOLLOW,
  producer: HOLLOW,
};
