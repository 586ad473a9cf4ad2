// What services may promise, as aligned text for a terminal.
import type { ServiceSla, Sla, SlaFigure, SlaVerdict } from "../contract/sla";
import { formatAvailability } from "../domain/format-availability";
import { formatMs, NOTHING, type Quantity } from "../domain/format-number";
import { aligned, type Column } from "./aligned";
import { environmentLabel, plainText } from "./names";

const COLUMNS: readonly Column[] = [
  ["SERVICE", "left"],
  ["TARGET", "right"],
  ["CAN BE PROMISED", "left"],
  ["BEST CASE", "right"],
  ["INDEPENDENT", "right"],
  ["WORST CASE", "right"],
  ["DOWN A YEAR", "right"],
  ["SPENDS MOST", "left"],
  ["WITHOUT IT", "right"],
  ["NO OBJECTIVE", "left"],
  ["MEASURED", "right"],
  ["EXPECTED", "right"],
  ["TRAFFIC", "left"],
];

const VERDICTS: Record<SlaVerdict, string> = {
  impossible: "no",
  unsupported: "only if outages overlap",
  supported_if_independent: "only if independent",
  safe: "yes",
};

const MS_PER_HOUR = 3_600_000;

export const slaTable = (slas: readonly Sla[]): string =>
  slas
    .map((sla) => {
      const title = slas.length > 1 ? `environment ${environmentLabel(sla.environment)}\n` : "";
      return title + aligned(COLUMNS, concluded(sla).map(rowOf));
    })
    .join("\n");

/** The services as they would be under the changes, where any were asked for. */
export const concluded = ({ services, changed }: Sla): readonly ServiceSla[] => changed ?? services;

function rowOf({ id, target, verdict, declared, observed }: ServiceSla): string[] {
  const atMost = declared.atMost && declared.independent ? "≤ " : "";
  const least = declared.atMost && declared.independent ? "≥ " : "";
  // What calls nobody is limited by nobody: there is no ceiling to print.
  const limited = declared.callees.length > 0;
  const ceiling = (figure: SlaFigure | null): string => (limited ? atMost + percent(figure) : NOTHING.value);
  const year = limited ? declared.independent?.hoursPerYear : undefined;
  return [
    plainText(id),
    percent(target),
    !limited ? "calls nobody" : verdict === null ? NOTHING.value : VERDICTS[verdict],
    ceiling(declared.best),
    ceiling(declared.independent),
    ceiling(declared.worst),
    least + text(formatMs(year === undefined ? null : year * MS_PER_HOUR)),
    spendsMost(declared.callees),
    ceilingWithout(declared, atMost),
    declared.missing.map(plainText).join(", "),
    percent(observed.measured),
    percent(observed.expected),
    observed.confidence.enough === false ? "too little to confirm" : "",
  ];
}

function spendsMost([most]: ServiceSla["declared"]["callees"]): string {
  if (!most?.loss) return "";
  const { name, budgetMultiple, lossShare } = most;
  const part = budgetMultiple === null ? `${((lossShare ?? 0) * 100).toFixed(1)} %` : `${budgetMultiple.toFixed(1)}×`;
  return `${plainText(name)} ${part}`;
}

/** The ceiling, outages being independent, if what spends most never failed. */
const ceilingWithout = ({ callees: [most] }: ServiceSla["declared"], atMost: string): string =>
  most?.loss ? atMost + text(formatAvailability(most.ceilingWithout)) : "";

const percent = (figure: SlaFigure | null): string => text(formatAvailability(figure?.availability ?? null));

const text = ({ value, unit }: Quantity): string => (unit ? `${value} ${unit}` : value);
