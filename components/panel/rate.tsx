// Calls a minute over the window: a line, the mean, and the range.
import { asText, formatRate } from "@/lib/domain/format-number";

const BOX = { width: 232, height: 34 };

interface Minute {
  readonly at: string;
  readonly calls: number;
  readonly errors: number;
}

export function Rate({ series, calls, minutes }: { series: readonly Minute[]; calls: number; minutes: number }) {
  const mean = formatRate(calls, minutes);
  const counts = series.map((minute) => minute.calls);
  const most = Math.max(1, ...counts);
  const x = (at: number): number => 2 + (at / Math.max(1, counts.length - 1)) * (BOX.width - 6);
  const y = (count: number): number => 31 - (count / most) * 28;
  const line = counts.map((count, at) => `${at ? "L" : "M"}${x(at).toFixed(1)} ${y(count).toFixed(1)}`).join("");
  const failed = series
    .flatMap((minute, at) =>
      minute.errors > 0 ? [`M${x(at).toFixed(1)} 32.500v-${Math.max(2, (minute.errors / most) * 28).toFixed(1)}`] : [],
    )
    .join("");
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
        {counts.length > 0 && <circle cx={x(counts.length - 1)} cy={y(counts.at(-1)!)} r="2.5" className="fill-ink" />}
      </svg>
      <div className="shrink-0 text-right">
        <span className="text-lg font-semibold leading-5.5">{mean.value}</span>{" "}
        <span className="text-ink-3">{mean.unit}</span>
        {counts.length > 1 && (
          <div className="text-2xs text-ink-3">
            {asText(formatRate(Math.min(...counts), 1))} – {asText(formatRate(most, 1))}
          </div>
        )}
      </div>
    </div>
  );
}
