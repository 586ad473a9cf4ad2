// What every service may promise, as rows: what objectives allow and what was measured stand apart.
"use client";
import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { Clipped } from "@/components/ui/clipped";
import type { ServiceSla, SlaFigure } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, DASH, formatDowntime, plural } from "@/lib/domain/format-number";
import { useCarried } from "../shell/carried";
import { type Column, DataTable, numberColumn, textColumn } from "../tables/data-table";
import { Verdict } from "./verdict";

const percent = (availability: number | undefined): string =>
  availability === undefined ? DASH : asText(formatAvailability(availability));

/** What calls nobody is limited by nobody: there is no ceiling to show. */
const limited = ({ declared }: ServiceSla): boolean => declared.callees.length > 0;
const figure = (service: ServiceSla, key: "best" | "independent" | "worst"): SlaFigure | null =>
  limited(service) ? service.declared[key] : null;

const ceiling = (key: "best" | "independent" | "worst", header: string): Column<ServiceSla> =>
  numberColumn(
    key,
    header,
    "100px",
    (service) => figure(service, key)?.availability ?? null,
    (service) => {
      const found = figure(service, key);
      return found ? `${service.declared.atMost ? "≤ " : ""}${percent(found.availability)}` : <None />;
    },
  );

const None = () => <span className="text-ink-3">{DASH}</span>;

const mostOf = ({ declared }: ServiceSla) => declared.callees.find(({ loss }) => loss !== null && loss > 0);

const columns = (hrefOf: (id: string) => Route): readonly Column<ServiceSla>[] => [
  textColumn(
    "service",
    "Service",
    "minmax(180px,2fr)",
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
  ),
  numberColumn(
    "target",
    "Target",
    "84px",
    ({ target }) => target?.availability ?? null,
    ({ target }) => (target ? percent(target.availability) : <None />),
  ),
  textColumn(
    "verdict",
    "Can be promised",
    "minmax(176px,1fr)",
    (service) => (limited(service) ? (service.verdict ?? "") : "calls nobody"),
    (service) =>
      limited(service) ? <Verdict verdict={service.verdict} /> : <span className="text-ink-3">calls nobody</span>,
  ),
  ceiling("best", "Best case"),
  ceiling("independent", "Independent"),
  ceiling("worst", "Worst case"),
  numberColumn(
    "down",
    "Down in 30 d",
    "104px",
    (service) => figure(service, "independent")?.minutesPer30Days ?? null,
    (service) => {
      const minutes = figure(service, "independent")?.minutesPer30Days;
      return minutes === undefined ? <None /> : `${service.declared.atMost ? "≥ " : ""}${formatDowntime(minutes)}`;
    },
  ),
  textColumn(
    "spends",
    "Spends most",
    "minmax(140px,1.2fr)",
    (service) => mostOf(service)?.name ?? "",
    (service) => {
      const most = mostOf(service);
      if (!most) return <None />;
      const times = most.budgetMultiple === null ? "" : ` ${most.budgetMultiple.toFixed(1)}×`;
      return <Clipped text={`${most.name}${times}`} />;
    },
  ),
  numberColumn(
    "missing",
    "Without objective",
    "120px",
    ({ declared }) => (declared.missing.length > 0 ? declared.missing.length : null),
    ({ declared }) =>
      declared.missing.length > 0 ? (
        <span title={declared.missing.join(", ")}>{plural(declared.missing.length, "callee")}</span>
      ) : (
        <None />
      ),
  ),
  numberColumn(
    "measured",
    "Measured",
    "92px",
    ({ observed }) => observed.measured?.availability ?? null,
    ({ observed }) => (observed.measured ? percent(observed.measured.availability) : <None />),
  ),
  textColumn(
    "confidence",
    "Traffic",
    "132px",
    ({ observed }) => (observed.confidence.enough === null ? "" : String(observed.confidence.enough)),
    ({ observed: { confidence } }) =>
      confidence.enough === null ? (
        <None />
      ) : (
        <span className={confidence.enough ? "" : "text-ink-3"}>
          {confidence.enough ? "enough" : "too little to confirm"}
        </span>
      ),
  ),
];

const GROUPS = [
  { title: "", columns: 1 },
  { title: "Declared: what the objectives of its callees allow", columns: 8 },
  { title: "Observed in the window", columns: 2 },
];

export function SlaTable({ services }: { services: readonly ServiceSla[] }) {
  const carried = useCarried();
  const router = useRouter();
  const map = carried("/map");
  const shown = useMemo(() => {
    const hrefOf = (id: string): Route =>
      `${map}${map.includes("?") ? "&" : "?"}overlay=sla&sel=${encodeURIComponent(`node:${id}`)}` as Route;
    return { hrefOf, columns: columns(hrefOf) };
  }, [map]);
  const [current, setCurrent] = useState<string | null>(null);
  const open = ({ id }: ServiceSla): void => router.push(shown.hrefOf(id));
  return (
    <DataTable
      label="SLA"
      groups={GROUPS}
      prefix="sla"
      columns={shown.columns}
      rows={services}
      idOf={idOf}
      sortedBy="target"
      narrowest="min-w-328"
      current={current}
      onCurrent={setCurrent}
      onOpen={open}
      onMap={open}
    />
  );
}

const idOf = ({ id }: ServiceSla): string => id;
