// Target, ceiling and what was measured, on one axis of nines.
import { axisText } from "@/components/ui/axis-text";
import type { SlaFigure, SlaVerdict } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText } from "@/lib/domain/format-number";
import type { Ceilings } from "./case-table";
import { ninesScale, stackLabels } from "./nines-scale";

const WIDTH = 352;
const INSET = 8;
const ROW = 14;
const MOST_TICKS = 5;
/** Of a character of the labels, on the safe side. */
const CHARACTER = 6.4;

interface Props {
  readonly ceilings: Ceilings;
  readonly target: SlaFigure | null;
  readonly measured: SlaFigure | null;
  readonly verdict: SlaVerdict | null;
  /** The ceiling is only a bound from above. */
  readonly atMost: boolean;
}

const TARGET = {
  impossible: { mark: "stroke-bad", word: "fill-bad-text" },
  unsupported: { mark: "stroke-warn", word: "fill-warn-text" },
} as const;
const CALM = { mark: "stroke-ink-2", word: "fill-ink-2" };

const percent = (availability: number): string => asText(formatAvailability(availability));

/** Nothing where there is neither a ceiling nor a target: one number needs no axis. */
export function NinesAxis({ ceilings: { best, independent, worst }, target, measured, verdict, atMost }: Props) {
  const ceiling = best && independent && worst;
  if (!ceiling && !target) return null;
  const marks = [target, measured, ...(ceiling ? [best, worst] : [])].flatMap((figure) => figure?.availability ?? []);
  const scale = ninesScale(marks);
  const x = (availability: number): number => INSET + scale.at(availability) * (WIDTH - 2 * INSET);
  const tone = verdict === "impossible" || verdict === "unsupported" ? TARGET[verdict] : CALM;
  const range = ceiling
    ? `${atMost ? "≤ " : ""}${best.availability === worst.availability ? "" : `${formatAvailability(worst.availability).value}–`}${percent(best.availability)}`
    : "";
  const labels = stackLabels(
    [
      ...(ceiling
        ? [{ text: range, at: (x(worst.availability) + x(best.availability)) / 2, className: "fill-sla-text" }]
        : []),
      ...(target
        ? [{ text: `target ${percent(target.availability)}`, at: x(target.availability), className: tone.word }]
        : []),
      ...(measured
        ? [
            {
              text: `measured ${percent(measured.availability)}`,
              at: x(measured.availability),
              className: "fill-ink-2",
            },
          ]
        : []),
    ].map((label) => ({ ...label, x: label.at, width: label.text.length * CHARACTER })),
    WIDTH,
  );
  const top = 8 + ROW * (1 + Math.max(0, ...labels.map(({ row }) => row))) + 9;
  const every = Math.ceil(scale.ticks.length / MOST_TICKS);
  const last = x(scale.ticks.at(-1)!);
  const said = [
    target && `target ${percent(target.availability)}`,
    ceiling && `ceiling ${range}, ${percent(independent.availability)} if independent`,
    measured && `measured ${percent(measured.availability)}`,
  ].filter(Boolean);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${top + 28}`}
      className="mt-2 block w-full text-2xs"
      role="img"
      aria-label={`Axis of nines: ${said.join("; ")}`}
    >
      <path d={`M${INSET} ${top}H${last}`} className="stroke-line-strong" />
      {scale.endless && (
        <path d={`M${last} ${top}H${WIDTH - INSET}`} className="stroke-line-strong" strokeDasharray="1 4" />
      )}
      {scale.ticks.map((availability, at) => (
        <Tick
          key={availability}
          x={x(availability)}
          y={top}
          text={at % every === 0 ? axisText(formatAvailability(availability)) : ""}
        />
      ))}
      {scale.endless && <Tick x={WIDTH - INSET} y={top} text="100 %" />}
      {ceiling && (
        <>
          <path
            d={`M${x(worst.availability)} ${top}h${Math.max(2, x(best.availability) - x(worst.availability))}`}
            className="stroke-sla"
            strokeWidth="8"
          />
          <path d={`M${x(independent.availability)} ${top - 8}v16`} className="stroke-sla-text" strokeWidth="2" />
        </>
      )}
      {ceiling && target && verdict === "impossible" && (
        <path
          d={`M${x(best.availability) + 4} ${top}H${Math.max(x(best.availability) + 4, x(target.availability) - 7)}`}
          className="stroke-bad"
          strokeWidth="1.5"
          strokeDasharray="2 3"
        />
      )}
      {measured && (
        <circle cx={x(measured.availability)} cy={top} r="4" className="fill-surface stroke-ink-2" strokeWidth="1.5" />
      )}
      {target && (
        <path
          d={`M${x(target.availability)} ${top - 10}l6 10-6 10-6-10z`}
          className={`fill-surface ${tone.mark}`}
          strokeWidth="2"
        />
      )}
      {labels.map(({ label, x: middle, row }) => (
        <text
          key={label.text}
          x={middle}
          y={top - 14 - row * ROW}
          textAnchor="middle"
          className={`font-semibold ${label.className}`}
        >
          {label.text}
        </text>
      ))}
    </svg>
  );
}

function Tick({ x, y, text }: { x: number; y: number; text: string }) {
  const anchor = x <= INSET + 1 ? "start" : x >= WIDTH - INSET - 1 ? "end" : "middle";
  return (
    <>
      <path d={`M${x} ${y - 4}v8`} className="stroke-line-strong" />
      <text x={x} y={y + 22} textAnchor={anchor} className="fill-ink-3">
        {text}
      </text>
    </>
  );
}
