// Rate, errors and duration over the window, minute by minute. One mark runs through the three; the pointer and the arrow keys
// move it, and what stands there is said in words.
"use client";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { type Counted, counted, wordFor } from "@/components/ui/counted";
import type { GraphNode, NodeDetail } from "@/lib/contract/graph";
import {
  asText,
  formatCount,
  formatMs,
  formatRate,
  formatShare,
  plural,
  type Quantity,
} from "@/lib/domain/format-number";
import { TimeChart } from "./time-chart";

const MS_PER_MINUTE = 60_000;
const PAGE = 10;
const minuteOf = (iso: string): number => Date.parse(iso) / MS_PER_MINUTE;

interface Props {
  readonly node: GraphNode;
  readonly window: NodeDetail["window"];
  readonly series: NodeDetail["series"];
  /** When they were told, Unix milliseconds: a minute that was not over then is not drawn. */
  readonly toldMs: number;
  /** Minutes of the window with data. */
  readonly covered: number;
  /** What its calls are: requests, deliveries. */
  readonly unit: Counted;
}

export function RedCharts({ node, window, series, toldMs, covered, unit }: Props) {
  const from = minuteOf(window.from);
  const to = from + window.minutes;
  const [at, look] = useState<number | null>(null);
  const minutes = series.map((entry) => ({ ...entry, minute: minuteOf(entry.at) }));
  const begun = Math.ceil(covered);
  const running = Math.floor(toldMs / MS_PER_MINUTE);
  const points = (value: (entry: (typeof minutes)[number]) => number | null) =>
    minutes.flatMap((entry) => {
      if (entry.minute >= running) return [];
      const measured = value(entry);
      return measured === null ? [] : [{ minute: entry.minute, minutes: entry.minutes, value: measured }];
    });
  const unfinished = minutes.find(({ minute }) => minute >= running);
  const words =
    at === null
      ? null
      : wordsAt(
          at,
          minutes.find((entry) => entry.minute <= at && at < entry.minute + entry.minutes) ?? null,
          unit,
          at >= running,
        );
  const onKey = (event: KeyboardEvent): void => {
    const now = at ?? to;
    const next = new Map([
      ["ArrowLeft", now - 1],
      ["ArrowDown", now - 1],
      ["ArrowRight", now + 1],
      ["ArrowUp", now + 1],
      ["PageDown", now - PAGE],
      ["PageUp", now + PAGE],
      ["Home", from],
      ["End", to - 1],
    ]).get(event.key);
    if (event.key === "Escape") look(null);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(Math.max(from, Math.min(to - 1, next)));
  };
  const share = (value: number): Quantity => formatShare(value, 1);
  const chart = { from, to, at, onLook: look };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Minute by minute"
      aria-orientation="horizontal"
      aria-valuemin={from}
      aria-valuemax={to - 1}
      aria-valuenow={at ?? to - 1}
      aria-valuetext={words ?? "Arrow keys go through the minutes."}
      onKeyDown={onKey}
      onBlur={() => look(null)}
      className="border-b border-line bg-surface outline-offset-[-2px]"
    >
      <div className="grid grid-cols-3 divide-x divide-line max-[1100px]:grid-cols-1 max-[1100px]:divide-x-0">
        <Measure
          title="Rate"
          now={formatRate(node.calls, covered)}
          hint={begun < window.minutes ? `${unit}, over the ${plural(begun, "minute")} with data` : unit}
        >
          <TimeChart
            {...chart}
            least={1}
            format={(value) => formatRate(value, 1)}
            lines={[{ stroke: "stroke-ink-2", width: 1.5, points: points(({ calls, minutes }) => calls / minutes) }]}
          />
        </Measure>
        <Measure
          title="Errors"
          now={formatShare(node.errors, node.calls)}
          hint={`${asText(formatCount(node.errors))} of ${counted(node.calls, unit)}`}
        >
          <TimeChart
            {...chart}
            least={0.01}
            format={share}
            lines={[{ stroke: "stroke-bad", width: 1.5, points: points(({ calls, errors }) => errors / calls) }]}
          />
        </Measure>
        <Measure
          title="Duration"
          now={formatMs(node.latency.p99Ms)}
          hint={
            <>
              <Key className="bg-latency" /> p99 · <Key className="bg-ink-3" /> p50{" "}
              {asText(formatMs(node.latency.p50Ms))}
            </>
          }
        >
          <TimeChart
            {...chart}
            least={0.001}
            format={formatMs}
            lines={[
              { stroke: "stroke-latency", width: 2, points: points(({ p99Ms }) => p99Ms) },
              { stroke: "stroke-ink-3", width: 1.5, points: points(({ p50Ms }) => p50Ms) },
            ]}
          />
        </Measure>
      </div>
      <p className="min-h-7 px-4 py-1.5 text-xs text-ink-2" data-testid="minute">
        {words ?? (
          <span className="text-ink-3">
            Point at a minute, or press ← → here.
            {unfinished &&
              ` The minute ${clock(unfinished.minute)} is not over and not drawn: ${unfinished.calls} ${wordFor(unfinished.calls, unit)} so far.`}
          </span>
        )}
      </p>
    </div>
  );
}

const Key = ({ className }: { className: string }) => (
  <i aria-hidden="true" className={`inline-block h-0.5 w-3 align-middle ${className}`} />
);

function Measure({
  title,
  now,
  hint,
  children,
}: {
  title: string;
  now: Quantity;
  hint: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="min-w-0 px-4 pt-2.5">
      <div className="mb-1 flex items-baseline gap-2">
        <h3 className="text-xs font-semibold">{title}</h3>
        <span className="text-lg font-semibold">
          {now.value} <span className="text-xs font-normal text-ink-3">{now.unit}</span>
        </span>
        <span className="ml-auto truncate text-2xs text-ink-3">{hint}</span>
      </div>
      {children}
    </section>
  );
}

const clock = (minute: number): string => new Date(minute * MS_PER_MINUTE).toISOString().slice(11, 16);

function wordsAt(minute: number, entry: NodeDetail["series"][number] | null, unit: Counted, running: boolean): string {
  const start = entry ? minuteOf(entry.at) : minute;
  const clockTime = new Date(start * MS_PER_MINUTE).toISOString().slice(0, 16).replace("T", " ");
  const time = `${clockTime} UTC${entry && entry.minutes > 1 ? `, ${plural(entry.minutes, "minute")} together` : ""}`;
  const still = running ? "; the minute is not over" : "";
  if (!entry) return `${time}: no ${unit} were seen${still}`;
  const { calls, errors, p50Ms, p99Ms } = entry;
  const failed = errors === 0 ? "none failed" : `${errors} failed (${asText(formatShare(errors, calls))})`;
  return `${time}: ${calls} ${wordFor(calls, unit)}, ${failed}, p50 ${asText(formatMs(p50Ms))}, p99 ${asText(formatMs(p99Ms))}${still}`;
}
