// One trace, whole: the waterfall, and everything that a span carries.
"use client";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronDown, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { axisText } from "@/components/ui/axis-text";
import { controlClass } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { Clipped } from "@/components/ui/clipped";
import { Sign } from "@/components/ui/sign";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError, getTrace } from "@/lib/client/api";
import type { Trace, TraceSpan } from "@/lib/contract/trace";
import { asText, formatMs, plural } from "@/lib/domain/format-number";
import { SearchPalette } from "../search/search-palette";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { viewLink } from "../shell/view-link";
import { durationTicks } from "./duration-axis";
import { SpanPanel } from "./span-panel";
import { traceWindow } from "./trace-window";
import { utcText } from "./utc-text";
import { type WaterfallRow, waterfallRows } from "./waterfall";

const ROW_HEIGHT = 28;

export function TraceScreen({ traceId }: { traceId: string }) {
  const router = useRouter();
  const trace = useQuery({ queryKey: ["trace", traceId], queryFn: () => getTrace(traceId) });
  const bar = (
    <>
      <code className="truncate text-xs text-ink-2">{traceId}</code>
      <span className="flex-1" />
      <SearchPalette graph={null} onPick={() => router.push("/map")} />
    </>
  );
  return (
    <Shell title="Trace" bar={bar}>
      {trace.error instanceof ApiError && trace.error.status === 401 ? (
        <main>
          <TokenForm />
        </main>
      ) : trace.data ? (
        <Waterfall trace={trace.data} />
      ) : (
        <main>
          {trace.error ? (
            <ErrorState
              title={
                trace.error instanceof ApiError && trace.error.status === 404
                  ? "There is no such trace."
                  : "The trace did not come."
              }
              detail={
                trace.error instanceof ApiError && trace.error.status === 404
                  ? `${trace.error.message} Spans are kept for a day unless the server is set otherwise.`
                  : trace.error.message
              }
              onRetry={() => void trace.refetch()}
            />
          ) : (
            <Skeleton rows={10} />
          )}
        </main>
      )}
    </Shell>
  );
}

function Waterfall({ trace }: { trace: Trace }) {
  "use no memo"; // the virtualiser keeps state outside of React's sight
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [selected, select] = useQueryState("span", parseAsString);
  const rows = useMemo(() => waterfallRows(trace, closed), [trace, closed]);
  const errors = trace.spans.filter((span) => span.status.code === "error").length;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 16,
  });
  const at = rows.findIndex(({ span }) => keyOf(span) === selected);
  const current = rows[at];
  const toggle = (id: string): void =>
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = (index: number): void => {
      const next = Math.max(0, Math.min(rows.length - 1, index));
      void select(keyOf(rows[next]!.span));
      virtual.scrollToIndex(next);
    };
    const keys = new Map<string, () => unknown>([
      ["ArrowDown", () => to(at + 1)],
      ["ArrowUp", () => to(at < 0 ? 0 : at - 1)],
      ["Home", () => to(0)],
      ["End", () => to(rows.length - 1)],
      ["ArrowRight", () => current && closed.has(current.span.spanId) && toggle(current.span.spanId)],
      [
        "ArrowLeft",
        () => current && current.children > 0 && !closed.has(current.span.spanId) && toggle(current.span.spanId),
      ],
      ["Escape", () => void select(null)],
    ]);
    const act = keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const ticks = durationTicks(trace.durationMs);
  const [first] = rows;
  return (
    <main className="relative flex min-h-0 min-w-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2.5">
          <h2 className="min-w-0 break-words text-md font-semibold">
            {first ? `${first.span.service} ${first.span.name}` : "Empty trace"}
          </h2>
          <Chip>{asText(formatMs(trace.durationMs))}</Chip>
          <Chip>{plural(trace.spans.length, "span")}</Chip>
          <span title={trace.services.join(", ")}>
            <Chip>{plural(trace.services.length, "service")}</Chip>
          </span>
          <Chip tone={errors > 0 ? "bad" : "ok"}>
            <Sign level={errors > 0 ? "bad" : "ok"} />
            {errors > 0 ? `${plural(errors, "span")} failed` : "no span failed"}
          </Chip>
          <span className="ml-auto text-xs text-ink-3">{utcText(trace.startUnixNano)}</span>
          {first && (
            <Link
              href={viewLink(traceWindow(trace, first.span), "/map", { sel: `node:${first.span.service}` })}
              className={controlClass()}
              title="The map of the minutes of this trace"
            >
              Show on map
            </Link>
          )}
        </div>
        <div className="grid h-8 shrink-0 grid-cols-[minmax(260px,38%)_minmax(0,1fr)] items-center border-b border-line bg-surface-2 text-2xs text-ink-2">
          <span className="pl-4">Service and operation</span>
          <span className="relative mr-16 h-full">
            {ticks.map((tick) => (
              <span
                key={tick}
                className="absolute top-2 -translate-x-1/2 whitespace-nowrap first:translate-x-0"
                style={{ left: shareOf(tick, trace) }}
              >
                {axisText(formatMs(tick))}
              </span>
            ))}
          </span>
        </div>
        <div
          ref={box}
          role="tree"
          aria-label="Spans"
          tabIndex={0}
          aria-activedescendant={current ? `span-${at}` : undefined}
          onKeyDown={onKey}
          className={`min-h-0 flex-1 overflow-auto bg-surface text-xs ${current ? "outline-none" : "outline-offset-[-2px]"}`}
        >
          <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => (
              <Line
                key={item.key}
                at={item.index}
                top={item.start}
                row={rows[item.index]!}
                trace={trace}
                ticks={ticks}
                open={!closed.has(rows[item.index]!.span.spanId)}
                on={item.index === at}
                onToggle={toggle}
                onSelect={(span) => void select(keyOf(span))}
              />
            ))}
          </div>
        </div>
        <Legend />
      </div>
      {current && (
        <SpanPanel span={current.span} params={traceWindow(trace, current.span)} onClose={() => void select(null)} />
      )}
    </main>
  );
}

const shareOf = (ms: number, { durationMs }: Trace): string => `${durationMs > 0 ? (ms / durationMs) * 100 : 0}%`;

/** What the bars say: their shape what a span is, red that it failed. */
function Legend() {
  return (
    <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
      <b className="font-semibold text-ink">Spans</b>
      <Key className={`text-ok ${BARS.server}`}>answers a request or takes a message</Key>
      <Key className={`text-ok ${BARS.internal}`}>work inside</Key>
      <Key className={`text-latency ${BARS.client}`}>calls or sends, and waits</Key>
      <Key className={`text-bad ${BARS.server}`}>failed</Key>
      <span className="ml-auto text-2xs text-ink-3">↑ ↓ span · ← → fold · Esc close</span>
    </footer>
  );
}

function Key({ className, children }: { className: string; children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <i aria-hidden="true" className="relative h-7 w-6">
        <i className={`absolute inset-x-0 rounded-xs ${className}`} />
      </i>
      {children}
    </span>
  );
}

/** A shared span has two halves under one id; the kind tells them apart. */
const keyOf = (span: TraceSpan): string => `${span.spanId}.${span.kind}`;

interface LineProps {
  readonly at: number;
  readonly top: number;
  readonly row: WaterfallRow;
  readonly trace: Trace;
  /** Milliseconds. */
  readonly ticks: readonly number[];
  readonly open: boolean;
  readonly on: boolean;
  onToggle(id: string): void;
  onSelect(span: TraceSpan): void;
}

const DEEPEST_INDENT = 20;

function Line({ at, top, row, trace, ticks, open, on, onToggle, onSelect }: LineProps) {
  const { span, depth, offsetMs } = row;
  const failed = span.status.code === "error";
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
      aria-label={`${span.service}, ${span.name}, ${asText(formatMs(span.durationMs))}${failed ? ", failed" : ""}`}
      onClick={() => onSelect(span)}
      className={`absolute inset-x-0 grid h-7 cursor-pointer grid-cols-[minmax(260px,38%)_minmax(0,1fr)] items-center border-b border-line ${on ? "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-surface-2"}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span
        className="flex min-w-0 items-center gap-1 pr-3"
        style={{ paddingLeft: 8 + Math.min(depth, DEEPEST_INDENT) * 14 }}
      >
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          className="grid size-5 shrink-0 place-items-center text-ink-3"
          onClick={(event) => {
            event.stopPropagation();
            onToggle(span.spanId);
          }}
        >
          {row.children > 0 &&
            (open ? <ChevronDown size={14} strokeWidth={1.6} /> : <ChevronRight size={14} strokeWidth={1.6} />)}
        </button>
        {failed && <Sign level="bad" />}
        <span className="flex min-w-0 gap-1.25">
          <Clipped text={span.service} className="shrink font-medium" />
          <Clipped text={span.name} className="flex-auto shrink-[2] basis-0 text-ink-2" />
        </span>
        {row.orphan && <span className="shrink-0 text-2xs text-ink-3">parent not seen</span>}
      </span>
      <span className="relative mr-16 h-full">
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
          className={`absolute rounded-xs ${failed ? "text-bad" : HUES[span.kind]} ${BARS[span.kind]}`}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
        <span
          className="absolute top-1.5 whitespace-nowrap pl-1.5 text-2xs text-ink-3"
          style={{ left: `${left + width}%` }}
        >
          {asText(formatMs(span.durationMs))}
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

const FULL = "top-2 h-3 bg-current";
const THIN = "top-2.75 h-1.5 bg-current";
const HOLLOW = "top-2 h-3 border-2 border-current";
const BARS: Record<TraceSpan["kind"], string> = {
  server: FULL,
  consumer: FULL,
  internal: THIN,
  unspecified: THIN,
  client: HOLLOW,
  producer: HOLLOW,
};
