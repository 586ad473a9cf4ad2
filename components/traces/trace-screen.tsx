// One trace, whole: the waterfall, and everything that a span carries.
"use client";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Route as RouteIcon } from "lucide-react";
import Link from "next/link";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { axisText } from "@/components/ui/axis-text";
import { Button, controlClass } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { Sign } from "@/components/ui/sign";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError, getTrace } from "@/lib/client/api";
import type { Trace, TraceSpan } from "@/lib/contract/trace";
import { asText, formatMs, plural } from "@/lib/domain/format-number";
import { clockSkews } from "@/lib/graph/clock-skew";
import { type CriticalPath, criticalPath, type PathSegment } from "@/lib/graph/critical-path";
import { FindOnly } from "../shell/find-only";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { viewLink } from "../shell/view-link";
import { ClockChip } from "./clock-chip";
import { durationTicks } from "./duration-axis";
import { PathSummary } from "./path-summary";
import { SpanPanel } from "./span-panel";
import { traceWindow } from "./trace-window";
import { utcText } from "./utc-text";
import { waterfallRows } from "./waterfall";
import { WaterfallLegend } from "./waterfall-legend";
import { keyOf, pathMs, roomFor, shareOf, WaterfallLine } from "./waterfall-line";

const ROW_HEIGHT = 28;
const NOT_ON_PATH: readonly PathSegment[] = [];

export function TraceScreen({ traceId }: { traceId: string }) {
  const trace = useQuery({ queryKey: ["trace", traceId], queryFn: () => getTrace(traceId) });
  const bar = (
    <>
      <code className="truncate text-xs text-ink-2">{traceId}</code>
      <FindOnly />
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
                  ? "Spans are kept for a day unless the server is set otherwise."
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
  const [pathShown, showPath] = useQueryState("path", parseAsBoolean.withDefault(false));
  const path = useMemo(() => criticalPath(trace), [trace]);
  const segments = useMemo(() => segmentsBySpan(path), [path]);
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
      ["c", () => void showPath(!pathShown)],
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
          <ClockChip skews={clockSkews(trace.spans)} />
          <span className="ml-auto text-xs text-ink-3">{utcText(trace.startUnixNano)}</span>
          <Button
            aria-pressed={pathShown}
            className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
            title="What the end of the root waited for"
            onClick={() => void showPath(!pathShown)}
          >
            <RouteIcon size={14} strokeWidth={1.6} aria-hidden="true" />
            Critical path
          </Button>
          {first && (
            <Link
              href={viewLink(traceWindow(trace, first.span), "/map", { traces: `trace=${trace.traceId}` })}
              className={controlClass()}
              title="The map of this trace alone"
            >
              Show on map
            </Link>
          )}
        </div>
        {pathShown && <PathSummary path={path} onSelect={(span) => void select(keyOf(span))} />}
        <div className="grid h-8 shrink-0 grid-cols-[minmax(260px,38%)_minmax(0,1fr)] items-center border-b border-line bg-surface-2 text-2xs text-ink-2">
          <span className="pl-4">Service and operation</span>
          <span className={`relative h-full ${roomFor(pathShown)}`}>
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
              <WaterfallLine
                key={item.key}
                at={item.index}
                top={item.start}
                row={rows[item.index]!}
                trace={trace}
                ticks={ticks}
                open={!closed.has(rows[item.index]!.span.spanId)}
                on={item.index === at}
                path={pathShown ? (segments.get(rows[item.index]!.span) ?? NOT_ON_PATH) : null}
                onToggle={toggle}
                onSelect={(span) => void select(keyOf(span))}
              />
            ))}
          </div>
        </div>
        <WaterfallLegend path={pathShown} />
      </div>
      {current && (
        <SpanPanel
          span={current.span}
          params={traceWindow(trace, current.span)}
          pathMs={segments.has(current.span) ? pathMs(segments.get(current.span)!) : null}
          onClose={() => void select(null)}
        />
      )}
    </main>
  );
}

function segmentsBySpan(path: CriticalPath | null): Map<TraceSpan, PathSegment[]> {
  const bySpan = new Map<TraceSpan, PathSegment[]>();
  for (const segment of path?.segments ?? []) {
    const list = bySpan.get(segment.span);
    if (list) list.push(segment);
    else bySpan.set(segment.span, [segment]);
  }
  return bySpan;
}
