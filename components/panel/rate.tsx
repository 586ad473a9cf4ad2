// Calls a minute over the window: a line, the mean, and the range.
import { asText, formatRate, plural } from "@/lib/domain/format-number";

const MS_PER_MINUTE = 60_000;
const BOX = { width: 232, height: 34 };

interface Minute {
  readonly at: string;
  /** How many this stands for. */
  readonly minutes: number;
  readonly calls: number;
  readonly errors: number;
}

export function Rate({
  series: told,
  calls,
  window,
  covered,
  toldMs,
}: {
  series: readonly Minute[];
  calls: number;
  window: { readonly from: string; readonly to: string; readonly minutes: number };
  /** Minutes of the window with data. */
  covered: number;
  /** When the series was told, Unix milliseconds: a minute that was not over then is not drawn. */
  toldMs: number;
}) {
  const running = Math.floor(toldMs / MS_PER_MINUTE) * MS_PER_MINUTE;
  const series = told.filter(({ at }) => Date.parse(at) < running);
  const mean = formatRate(calls, covered);
  const counts = series.map(({ calls, minutes }) => calls / minutes);
  const counted = series.reduce((sum, { minutes }) => sum + minutes, 0);
  const most = Math.max(1, ...counts);
  const start = Date.parse(window.from);
  const x = ({ at }: Minute): number =>
    2 + ((Date.parse(at) - start) / MS_PER_MINUTE / Math.max(1, window.minutes - 1)) * (BOX.width - 6);
  const y = (count: number): number => 31 - (count / most) * 28;
  // A minute without an entry had no calls that anybody saw: the line breaks there.
  const gap = (at: number): boolean => {
    const before = series[at - 1]!;
    return Date.parse(series[at]!.at) - Date.parse(before.at) > before.minutes * MS_PER_MINUTE;
  };
  const line = series
    .map((minute, at) => `${at === 0 || gap(at) ? "M" : "L"}${x(minute).toFixed(1)} ${y(counts[at]!).toFixed(1)}`)
    .join("");
  const failed = series
    .filter(({ errors }) => errors > 0)
    .map(
      (minute) =>
        `M${x(minute).toFixed(1)} 32.5v-${Math.max(2, (minute.errors / minute.minutes / most) * 28).toFixed(1)}`,
    )
    .join("");
  const last = series.at(-1);
  return (
    <div className="flex items-center justify-between gap-3">
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        width={BOX.width}
        height={BOX.height}
        role="img"
        aria-label={`Calls a minute, highest ${asText(formatRate(most, 1))}`}
        className="min-w-0 shrink"
      >
        <path d={`M0 32.500H${BOX.width}`} className="stroke-line" />
        {failed && <path d={failed} className="stroke-bad" strokeWidth="2" />}
        {line && <path d={line} className="fill-none stroke-ink-2" strokeWidth="1.5" strokeLinejoin="round" />}
        {last && <circle cx={x(last)} cy={y(counts.at(-1)!)} r="2.5" className="fill-ink" />}
      </svg>
      <div className="shrink-0 text-right">
        <span className="text-lg font-semibold leading-5.5">{mean.value}</span>{" "}
        <span className="text-ink-3">{mean.unit}</span>
        {counts.length > 1 && (
          <div className="text-2xs text-ink-3">
            {asText(formatRate(Math.min(...counts), 1))} – {asText(formatRate(most, 1))}
            {counted < window.minutes && ` in ${plural(counted, "minute")}`}
          </div>
        )}
      </div>
    </div>
  );
}
