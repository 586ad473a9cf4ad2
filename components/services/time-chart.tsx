// One measure over the minutes of a window: lines that break where nothing was measured, a time axis, and a mark at the minute
// that is being looked at.
"use client";
import { useEffect, useRef, useState } from "react";
import { axisText } from "@/components/ui/axis-text";
import type { Quantity } from "@/lib/domain/format-number";
import { niceCeiling, timeTicks } from "./time-axis";

const HEIGHT = 132;
const PLOT = { left: 8, right: 8, top: 12, bottom: 20 };
const START_WIDTH = 420;

export interface Line {
  /** Class that sets `stroke`. */
  readonly stroke: string;
  readonly width: number;
  /** Unix minutes, ascending, for how many of them, and what was measured. */
  readonly points: readonly { readonly minute: number; readonly minutes: number; readonly value: number }[];
}

export function TimeChart({
  from,
  to,
  lines,
  least,
  format,
  at,
  onLook,
}: {
  /** [from, to) in Unix minutes. */
  from: number;
  to: number;
  lines: readonly Line[];
  /** The axis reaches at least this far. */
  least: number;
  format: (value: number) => Quantity;
  at: number | null;
  onLook: (minute: number | null) => void;
}) {
  const box = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(START_WIDTH);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(160, entry.contentRect.width)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const most = niceCeiling(Math.max(least, ...lines.flatMap(({ points }) => points.map(({ value }) => value))));
  const span = Math.max(1, to - from - 1);
  const inner = width - PLOT.left - PLOT.right;
  const floor = HEIGHT - PLOT.bottom;
  const x = (minute: number): number => PLOT.left + ((minute - from) / span) * inner;
  const y = (value: number): number => floor - (value / most) * (floor - PLOT.top);
  const path = (points: Line["points"]): string =>
    points
      .map(({ minute, value }, i) => {
        const begins = i === 0 || isGap(points[i - 1]!, points[i]!);
        // A minute alone would be a line without length.
        const alone = begins && (i + 1 === points.length || isGap(points[i]!, points[i + 1]!));
        return `${begins ? "M" : "L"}${x(minute).toFixed(1)} ${y(value).toFixed(1)}${alone ? "h.01" : ""}`;
      })
      .join("");
  return (
    <svg
      ref={box}
      height={HEIGHT}
      className="block w-full text-2xs"
      aria-hidden="true"
      onPointerMove={(event) => {
        const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
        onLook(Math.max(from, Math.min(to - 1, Math.round(from + ((left - PLOT.left) / inner) * span))));
      }}
      onPointerLeave={() => onLook(null)}
    >
      {[most, most / 2].map((value) => (
        <g key={value}>
          <path d={`M${PLOT.left} ${y(value)}H${width - PLOT.right}`} className="stroke-line" />
          <text x={PLOT.left} y={y(value) - 2} className="fill-ink-3">
            {axisText(format(value))}
          </text>
        </g>
      ))}
      <path d={`M${PLOT.left} ${floor}H${width - PLOT.right}`} className="stroke-line-strong" />
      {timeTicks(from, to).map(({ minute, label }) => (
        <g key={minute}>
          <path d={`M${x(minute)} ${floor}v4`} className="stroke-line-strong" />
          <text
            x={Math.max(PLOT.left + 14, Math.min(width - PLOT.right - 14, x(minute)))}
            y={HEIGHT - 4}
            textAnchor="middle"
            className="fill-ink-3"
          >
            {label}
          </text>
        </g>
      ))}
      {at !== null && <path d={`M${x(at)} ${PLOT.top}V${floor}`} className="stroke-accent" />}
      {lines.map(({ stroke, width: thickness, points }, i) => (
        <path
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed chart
          key={i}
          d={path(points)}
          className={`fill-none ${stroke}`}
          strokeWidth={thickness}
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      ))}
      {at !== null &&
        lines.map(({ stroke, points }, i) => {
          const point = points.find(({ minute, minutes }) => minute <= at && at < minute + minutes);
          return (
            point && (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed chart
                key={i}
                cx={x(at)}
                cy={y(point.value)}
                r="3"
                className={`fill-surface ${stroke}`}
                strokeWidth="1.5"
              />
            )
          );
        })}
    </svg>
  );
}

type Point = Line["points"][number];
const isGap = (point: Point, next: Point): boolean => next.minute > point.minute + point.minutes;
