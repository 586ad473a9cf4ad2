// Ceilings by case: how much the outages of callees overlap, as numbers and as downtime.
import type { ServiceSla, SlaFigure } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatDowntime, formatHours } from "@/lib/domain/format-number";

export const ROWS = [
  { key: "best", name: "Best case", hint: "all outages overlap" },
  { key: "independent", name: "Independent", hint: "no correlation" },
  { key: "worst", name: "Worst case", hint: "outages never overlap" },
] as const;

export type Ceilings = Pick<ServiceSla["declared"], "best" | "independent" | "worst">;

interface CaseRow {
  readonly key: string;
  readonly name: string;
  readonly hint?: string;
  readonly cells: readonly string[];
}

/** Below a line: they are no cases of a ceiling. */
const LINED = new Set(["own", "target"]);

/** Numbers by case, the independent one first to be seen; what is not a case stands below a line. */
export function CaseTable({ columns, rows }: { columns: readonly string[]; rows: readonly CaseRow[] }) {
  return (
    <table className="w-full border-collapse text-xs">
      <thead>
        <tr className="text-2xs text-ink-2">
          <th scope="col">
            <span className="sr-only">Case</span>
          </th>
          {columns.map((name) => (
            <th key={name} scope="col" className="whitespace-nowrap py-0.5 pl-2 text-right font-normal">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, hint, cells }) => (
          <tr
            key={key}
            className={key === "independent" ? "font-semibold" : LINED.has(key) ? "border-t border-line" : ""}
          >
            <th
              scope="row"
              className={`wrap-anywhere py-0.5 text-left ${key === "independent" ? "" : "font-normal text-ink-2"}`}
            >
              {name}
              {hint && <span className="block text-2xs font-normal text-ink-3">{hint}</span>}
            </th>
            {columns.map((column, at) => (
              <td key={column} className="whitespace-nowrap py-0.5 pl-2 text-right">
                {cells[at]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export const availabilityOf = (figure: SlaFigure | null): string =>
  figure ? asText(formatAvailability(figure.availability)) : "–";
export const downIn30Days = (figure: SlaFigure | null): string =>
  figure ? formatDowntime(figure.minutesPer30Days) : "–";

export function Figures({
  figures,
  target,
  atMost,
  measured,
}: {
  figures: Ceilings;
  target: SlaFigure | null;
  atMost: boolean;
  /** What requests tell beyond the ceiling; only of the observed side. */
  measured?: Pick<ServiceSla["observed"], "own" | "expected">;
}) {
  const cellsOf = (figure: SlaFigure | null, sign: string): readonly string[] => [
    figure ? `${sign}${availabilityOf(figure)}` : "–",
    downIn30Days(figure),
    figure ? formatHours(figure.hoursPerYear) : "–",
  ];
  const rows: CaseRow[] = ROWS.map((row) => ({ ...row, cells: cellsOf(figures[row.key], atMost ? "≤ " : "") }));
  if (measured) {
    const { own, expected } = measured;
    rows.push(
      {
        key: "own",
        name: "Own code",
        hint: "if no callee ever failed",
        cells: [own === null ? "–" : asText(formatAvailability(own)), "", ""],
      },
      { key: "expected", name: "Expected", hint: "with all it reaches", cells: cellsOf(expected, "") },
    );
  }
  if (target) rows.push({ key: "target", name: "Target", cells: cellsOf(target, "") });
  return <CaseTable columns={["Ceiling", "Down / 30 d", "Down / year"]} rows={rows} />;
}
