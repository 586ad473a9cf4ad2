// Quantiles of two sides of a call: a table, and the same on one logarithmic axis.
import { Quantity } from "@/components/ui/quantity";
import type { Quantiles } from "@/lib/contract/graph";
import { asText, formatMs } from "@/lib/domain/format-number";

const COLUMNS = [
  ["p50", "p50Ms"],
  ["p90", "p90Ms"],
  ["p95", "p95Ms"],
  ["p99", "p99Ms"],
] as const;
/** Fewer samples than this do not make a p99. */
const ENOUGH_FOR_P99 = 100;

export interface LatencyRow {
  readonly name: string;
  readonly short: string;
  readonly quantiles: Quantiles;
}

export function LatencyTable({ rows }: { rows: readonly LatencyRow[] }) {
  const few = rows.some(({ quantiles }) => quantiles.samples > 0 && quantiles.samples < ENOUGH_FOR_P99);
  return (
    <>
      <table className="w-full border-collapse text-xs">
        <thead>
          <tr className="text-2xs text-ink-3">
            <th scope="col" className="text-left font-normal">
              <span className="sr-only">Side</span>
            </th>
            {COLUMNS.map(([name]) => (
              <th key={name} scope="col" className="py-0.5 pl-2 text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, quantiles }) => (
            <tr key={name}>
              <th scope="row" className="max-w-36 truncate py-0.5 text-left font-normal text-ink-2" title={name}>
                {name}
              </th>
              {COLUMNS.map(([column, key]) => (
                <td key={column} className="py-0.5 pl-2 text-right">
                  <Quantity
                    of={formatMs(quantiles[key])}
                    strong={column === "p99" && quantiles.samples >= ENOUGH_FOR_P99}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Strip rows={rows.filter(({ short, quantiles }) => short && quantiles.p50Ms !== null)} />
      {few && (
        <p className="mt-1 text-2xs text-ink-3">
          {rows
            .filter(({ quantiles }) => quantiles.samples > 0 && quantiles.samples < ENOUGH_FOR_P99)
            .map(({ short, name, quantiles }) => `${short || name}: ${quantiles.samples} calls`)
            .join(", ")}
          ; the tail is a guess below {ENOUGH_FOR_P99}
        </p>
      )}
    </>
  );
}

const AXIS = { from: 46, to: 342, row: 17, first: 10 };

function Strip({ rows }: { rows: readonly LatencyRow[] }) {
  const values = rows
    .flatMap(({ quantiles }) => COLUMNS.map(([, key]) => quantiles[key] ?? 0))
    .filter((value) => value > 0);
  if (values.length === 0) return null;
  const low = Math.floor(Math.log10(Math.min(...values)) - 0.05);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) + 0.05));
  const x = (ms: number): number =>
    AXIS.from + ((Math.log10(Math.max(ms, 10 ** low)) - low) / (high - low)) * (AXIS.to - AXIS.from);
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const height = AXIS.first + rows.length * AXIS.row + 6;
  return (
    <svg viewBox={`0 0 352 ${height + 12}`} className="mt-0.5 block w-full text-2xs" aria-hidden="true">
      {decades.map((ms, at) => (
        <g key={ms}>
          <path d={`M${x(ms)} 2V${height - 5}`} className="stroke-line" />
          <text
            x={x(ms)}
            y={height + 8}
            textAnchor={at === 0 ? "start" : at === decades.length - 1 ? "end" : "middle"}
            className="fill-ink-3"
          >
            {asText(formatMs(ms)).replace(/\.0+(?= )/, "")}
          </text>
        </g>
      ))}
      {rows.map(({ short, quantiles }, at) => {
        const y = AXIS.first + at * AXIS.row;
        const points = COLUMNS.map(([, key]) => x(quantiles[key] ?? 0));
        return (
          <g key={short}>
            <text x="0" y={y + 4} className="fill-ink-3">
              {short}
            </text>
            <path
              d={`M${points[0]} ${y}H${points.at(-1)}`}
              className="stroke-latency"
              strokeWidth={at === 0 ? 3 : 2}
              opacity=".45"
            />
            {points.map((px, i) => (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: one per column
                key={i}
                cx={px}
                cy={y}
                r={i === 3 ? 4 : 3}
                className={`stroke-latency ${at === 0 ? "fill-latency" : "fill-surface"}`}
                strokeWidth="1.5"
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}
