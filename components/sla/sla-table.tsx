// What every service may promise, as rows: what objectives allow and what was measured stand apart.
"use client";
import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { Clipped } from "@/components/ui/clipped";
import type { ServiceSla, SlaFigure } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, DASH, formatDowntime, formatHours, formatShare, plural } from "@/lib/domain/format-number";
import { outlives, type SlaSide } from "@/lib/overlays/sla";
import { useCarried } from "../shell/carried";
import { type Column, DataTable, numberColumn, textColumn } from "../tables/data-table";
import { Verdict } from "./verdict";

const percent = (availability: number): string => asText(formatAvailability(availability));

type Case = "best" | "independent" | "worst";
type FigureOf = (service: ServiceSla, key: Case) => SlaFigure | null;

/** What calls nobody is limited by nobody: there is no ceiling to show. */
const limited = ({ declared }: ServiceSla): boolean => declared.callees.length > 0;
const declaredFigure: FigureOf = (service, key) => (limited(service) ? service.declared[key] : null);
const observedFigure: FigureOf = (service, key) =>
  service.observed.callees.length > 0 && !outlives(service) ? service.observed[key] : null;

const None = () => <span className="text-ink-3">{DASH}</span>;

const exactly = (): string => "";

/** A number that may not be there. @param sign before one that is only a bound. */
const figure = (
  key: string,
  header: string,
  width: string,
  numberOf: (service: ServiceSla) => number | null | undefined,
  format: (value: number) => string,
  sign: (service: ServiceSla) => string = exactly,
): Column<ServiceSla> =>
  numberColumn(
    key,
    header,
    width,
    (service) => numberOf(service) ?? null,
    (service) => {
      const found = numberOf(service) ?? null;
      return found === null ? <None /> : `${sign(service)}${format(found)}`;
    },
  );

/** A share of time or of requests. */
const share = (
  key: string,
  header: string,
  width: string,
  shareOf: (service: ServiceSla) => number | null | undefined,
  sign?: (service: ServiceSla) => string,
): Column<ServiceSla> => figure(key, header, width, shareOf, percent, sign);

const ceilings = (figureOf: FigureOf, sign?: (service: ServiceSla) => string): readonly Column<ServiceSla>[] =>
  (
    [
      ["best", "Best case"],
      ["independent", "Independent"],
      ["worst", "Worst case"],
    ] as const
  ).map(([key, header]) => share(key, header, "92px", (service) => figureOf(service, key)?.availability, sign));

const downtime = (figureOf: FigureOf, sign?: (service: ServiceSla) => string): Column<ServiceSla> =>
  figure(
    "down",
    "Down in 30 d",
    "104px",
    (service) => figureOf(service, "independent")?.minutesPer30Days,
    formatDowntime,
    sign,
  );

const mostOf = <Callee extends { readonly loss: number | null }>(callees: readonly Callee[]): Callee | undefined =>
  callees.find(({ loss }) => loss !== null && loss > 0);

const nameColumn = (hrefOf: (id: string) => Route): Column<ServiceSla> =>
  textColumn(
    "service",
    "Service",
    "minmax(168px,2fr)",
    ({ name }) => name,
    ({ id, name }) => (
      <Link
        href={hrefOf(id)}
        aria-label={name}
        className="block font-medium hover:underline"
        onClick={(event) => event.stopPropagation()}
      >
        <Clipped text={name} />
      </Link>
    ),
  );

const target = share("target", "Target", "84px", ({ target }) => target?.availability);
const measured = share("measured", "Measured", "92px", ({ observed }) => observed.measured?.availability);

const traffic = textColumn<ServiceSla>(
  "confidence",
  "Traffic",
  "124px",
  ({ observed }) => (observed.confidence.enough === null ? "" : String(observed.confidence.enough)),
  ({ observed: { confidence } }) =>
    confidence.enough === null ? (
      <None />
    ) : (
      <span className={confidence.enough ? "" : "text-ink-3"}>
        {confidence.enough ? "enough" : "too little to confirm"}
      </span>
    ),
);

const DECLARED: readonly Column<ServiceSla>[] = [
  target,
  textColumn(
    "verdict",
    "Can be promised",
    "minmax(176px,1fr)",
    (service) => (limited(service) ? (service.verdict ?? "") : "calls nobody"),
    (service) =>
      limited(service) ? <Verdict verdict={service.verdict} /> : <span className="text-ink-3">calls nobody</span>,
  ),
  ...ceilings(declaredFigure, ({ declared }) => (declared.atMost ? "≤ " : "")),
  downtime(declaredFigure, ({ declared }) => (declared.atMost ? "≥ " : "")),
  textColumn(
    "spends",
    "Spends most",
    "minmax(168px,1.2fr)",
    ({ declared }) => mostOf(declared.callees)?.name ?? "",
    ({ declared }) => {
      const most = mostOf(declared.callees);
      if (!most) return <None />;
      const part = most.lossShare === null ? "" : ` ${asText(formatShare(most.lossShare, 1))}`;
      const times = most.budgetMultiple === null ? part : ` ${most.budgetMultiple.toFixed(1)}×`;
      return <Clipped text={`${most.name}${times}`} />;
    },
  ),
  share(
    "without",
    "Without it",
    "92px",
    ({ declared }) => mostOf(declared.callees)?.ceilingWithout,
    ({ declared }) => (declared.atMost ? "≤ " : ""),
  ),
  numberColumn(
    "missing",
    "No objective",
    "92px",
    ({ declared }) => (declared.missing.length > 0 ? declared.missing.length : null),
    ({ declared }) =>
      declared.missing.length > 0 ? (
        <span title={declared.missing.join(", ")}>{plural(declared.missing.length, "callee")}</span>
      ) : (
        <None />
      ),
  ),
  measured,
  traffic,
];

const OBSERVED: readonly Column<ServiceSla>[] = [
  target,
  ...ceilings(observedFigure),
  downtime(observedFigure),
  figure("year", "Down a year", "96px", (service) => observedFigure(service, "independent")?.hoursPerYear, formatHours),
  textColumn(
    "costs",
    "Costs most",
    "minmax(168px,1.2fr)",
    ({ observed }) => mostOf(observed.callees)?.name ?? "",
    ({ observed }) => {
      if (observed.independent && observed.callees.length === 0)
        return <span className="text-ink-3">calls nobody</span>;
      const most = mostOf(observed.callees);
      if (!most) return <None />;
      const part = most.lossShare === null ? "" : ` ${asText(formatShare(most.lossShare, 1))}`;
      return <Clipped text={`${most.name}${part}`} />;
    },
  ),
  share("own", "Own code", "92px", ({ observed }) => observed.own),
  share("expected", "Expected", "92px", ({ observed }) => observed.expected?.availability),
  measured,
  traffic,
];

/** After the column of names. The declared view opens with the highest targets, the observed one with what is down longest. */
const VIEWS = {
  declared: {
    columns: DECLARED,
    groups: [
      { title: "", columns: 1 },
      { title: "Declared: what the objectives of its callees allow", columns: 9 },
      { title: "Observed in the window", columns: 2 },
    ],
    sortedBy: "target",
  },
  observed: {
    columns: OBSERVED,
    groups: [
      { title: "", columns: 2 },
      { title: "Observed: what its callees delivered in the window allows", columns: 6 },
      { title: "The service itself", columns: 4 },
    ],
    sortedBy: "down",
  },
} as const;

/** @param chosen the side as the URL names it, for links to say the same; null where it is the default. */
export function SlaTable({
  services,
  side,
  chosen,
}: {
  services: readonly ServiceSla[];
  side: SlaSide;
  chosen: string | null;
}) {
  const carried = useCarried();
  const router = useRouter();
  const map = carried("/map");
  const shown = useMemo(() => {
    const hrefOf = (id: string): Route =>
      `${map}${map.includes("?") ? "&" : "?"}overlay=sla&sel=${encodeURIComponent(`node:${id}`)}${chosen === null ? "" : `&option=${encodeURIComponent(chosen)}`}` as Route;
    return { hrefOf, columns: [nameColumn(hrefOf), ...VIEWS[side].columns] };
  }, [map, side, chosen]);
  const [current, setCurrent] = useState<string | null>(null);
  const open = ({ id }: ServiceSla): void => router.push(shown.hrefOf(id));
  return (
    <DataTable
      label="SLA"
      groups={VIEWS[side].groups}
      prefix="sla"
      columns={shown.columns}
      rows={services}
      idOf={idOf}
      sortedBy={VIEWS[side].sortedBy}
      narrowest="min-w-340"
      current={current}
      onCurrent={setCurrent}
      onOpen={open}
      onMap={open}
    />
  );
}

const idOf = ({ id }: ServiceSla): string => id;
