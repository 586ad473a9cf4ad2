import type { Cycle } from "@/lib/contract/cycles";
import { asText, formatMs } from "@/lib/domain/format-number";

const ROW = 20;
const [NAMES, BARS, WIDTH] = [122, 298, 352];
/** Names are cut at the bars; a letter is this wide, nearly. */
const LETTER = 6.6;

/** One bar for each service on the way round; the service that is entered again is coloured, both times. */
export function WitnessTrace({
  witness: { spans },
  nameOf,
}: {
  witness: NonNullable<Cycle["witness"]>;
  nameOf: (id: string) => string;
}) {
  const endMs = Math.max(...spans.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0)));
  const at = (ms: number): number => NAMES + (endMs === 0 ? 0 : (ms / endMs) * (BARS - NAMES));
  const again = spans.at(-1)!;
  const label = `Witness trace: ${spans.map(({ service }) => nameOf(service)).join(", ")}; ${nameOf(again.service)} is entered twice`;
  const indent = (depth: number): number => Math.min(depth, 6) * 9;
  const cut = (text: string, depth: number): string => {
    const most = Math.floor((NAMES - 4 - indent(depth)) / LETTER);
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  };
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${(spans.length + 1) * ROW}`}
      width={WIDTH}
      height={(spans.length + 1) * ROW}
      role="img"
      aria-label={label}
      className="max-w-full text-xs"
    >
      {spans.map((span, i) => {
        const marked = span.service === again.service;
        return (
          <g key={`${span.traceId} ${span.spanId}`}>
            <title>{`${nameOf(span.service)} ${span.name}`}</title>
            <text x={indent(span.depth)} y={i * ROW + 14} className={`fill-ink ${marked ? "font-semibold" : ""}`}>
              {cut(nameOf(span.service), span.depth)}
            </text>
            <rect
              x={at(span.startMs)}
              y={i * ROW + 4}
              width={Math.max(1.5, at(span.startMs + (span.durationMs ?? 0)) - at(span.startMs))}
              height={12}
              rx={2}
              className={marked ? "fill-cycle" : "fill-absent opacity-45"}
            />
            <text x={WIDTH - 2} y={i * ROW + 14} textAnchor="end" className="fill-ink-2">
              {asText(formatMs(span.durationMs))}
            </text>
          </g>
        );
      })}
      <path
        d={`M${at(again.startMs)} 16V${(spans.length - 1) * ROW + 4}`}
        className="fill-none stroke-cycle"
        strokeDasharray="2 2"
      />
      <text x={NAMES} y={spans.length * ROW + 14} className="fill-ink-3 text-2xs">
        0
      </text>
      <text x={BARS} y={spans.length * ROW + 14} textAnchor="end" className="fill-ink-3 text-2xs">
        {asText(formatMs(endMs))}
      </text>
    </svg>
  );
}
