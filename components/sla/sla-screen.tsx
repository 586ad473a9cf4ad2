// What every service may promise, in one table.
"use client";
import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError } from "@/lib/client/api";
import { useGraph } from "@/lib/client/use-graph";
import { useSla } from "@/lib/client/use-sla";
import type { ServiceSla, Sla } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatDowntime, plural } from "@/lib/domain/format-number";
import { useCarried } from "../shell/carried";
import { GraphBar } from "../shell/graph-bar";
import { Notices } from "../shell/notices";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { useView } from "../shell/use-view";
import { Verdict } from "./verdict";

export function SlaScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const sla = useSla(view.params, [], true, view.live);
  const router = useRouter();
  const { data, error } = sla;
  return (
    <Shell
      title="SLA"
      bar={
        <GraphBar
          view={view}
          live={live}
          onPick={(id) => router.push(`/map?overlay=sla&sel=${encodeURIComponent(`node:${id}`)}`)}
        />
      }
    >
      <main className="relative min-w-0 overflow-auto">
        {error instanceof ApiError && error.status === 401 ? (
          <TokenForm />
        ) : data ? (
          <>
            <Notices notices={view.notices} />
            <Loaded answer={data} />
          </>
        ) : error ? (
          <ErrorState title="The ceilings did not come." detail={error.message} onRetry={() => void sla.refetch()} />
        ) : (
          <Skeleton rows={10} />
        )}
      </main>
    </Shell>
  );
}

function Loaded({ answer }: { answer: Sla }) {
  const { services, configuration } = answer;
  return (
    <>
      {configuration.problems.length > 0 && (
        <section aria-label="Configuration" className="m-4 rounded-md border border-warn bg-surface p-3 text-xs">
          <h2 className="font-semibold text-warn-text">{configuration.path.split("/").at(-1)} needs a look</h2>
          <ul className="mt-1 text-ink-2">
            {configuration.problems.map(({ key, line, message }) => (
              <li key={`${key} ${line} ${message}`}>
                {line !== null && `line ${line}: `}
                <b className="font-medium">{key}</b> {message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {configuration.objectives === 0 && (
        <EmptyState title="No objectives are declared.">
          Write them into headwater.yaml, and this page says which can be kept:
          <code className="mt-1 block whitespace-pre rounded-sm bg-surface-2 p-2 text-2xs">
            {'objectives:\n  checkout:\n    availability: "99.9%"'}
          </code>
        </EmptyState>
      )}
      {services.length === 0 ? (
        <EmptyState title="No service had calls in this window." />
      ) : (
        <Table services={services} />
      )}
    </>
  );
}

const HEAD = [
  "Service",
  "Target",
  "Verdict",
  "Independent",
  "Best case",
  "Worst case",
  "Down / 30 d",
  "Spends most",
  "Without objective",
  "Measured",
  "Confidence",
];
const LEFT = new Set(["Service", "Verdict", "Spends most"]);

function Table({ services }: { services: readonly ServiceSla[] }) {
  const carried = useCarried();
  return (
    <table className="w-full border-separate border-spacing-0 bg-surface text-xs">
      <thead>
        <tr>
          {HEAD.map((name) => (
            <th
              key={name}
              scope="col"
              className={`sticky top-0 h-8 whitespace-nowrap border-b border-line bg-surface-2 px-2 text-2xs font-medium text-ink-2 first:pl-4 last:pr-4 ${LEFT.has(name) ? "text-left" : "text-right"}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {services.map((service) => {
          const { declared, observed } = service;
          const [most] = declared.callees.filter(({ loss }) => loss !== null && loss > 0);
          const map = carried("/map");
          const href =
            `${map}${map.includes("?") ? "&" : "?"}overlay=sla&sel=${encodeURIComponent(`node:${service.id}`)}` as Route;
          const atMost = declared.atMost ? "≤ " : "";
          const cells = [
            <Link key="name" href={href} className="font-medium hover:underline">
              {service.name}
            </Link>,
            service.target ? asText(formatAvailability(service.target.availability)) : "–",
            <Verdict key="verdict" verdict={service.verdict} />,
            declared.independent ? `${atMost}${asText(formatAvailability(declared.independent.availability))}` : "–",
            declared.best ? `${atMost}${asText(formatAvailability(declared.best.availability))}` : "–",
            declared.worst ? `${atMost}${asText(formatAvailability(declared.worst.availability))}` : "–",
            declared.independent ? formatDowntime(declared.independent.minutesPer30Days) : "–",
            most ? `${most.name}${most.budgetMultiple === null ? "" : ` ${most.budgetMultiple.toFixed(1)}×`}` : "–",
            declared.missing.length > 0 ? plural(declared.missing.length, "callee") : "–",
            observed.measured ? asText(formatAvailability(observed.measured.availability)) : "–",
            observed.confidence.enough === null
              ? "–"
              : observed.confidence.enough
                ? "enough traffic"
                : "not enough traffic",
          ];
          return (
            <tr key={service.id}>
              {cells.map((cell, at) => (
                <td
                  key={HEAD[at]}
                  className={`h-7.75 whitespace-nowrap border-b border-line px-2 first:pl-4 last:pr-4 ${LEFT.has(HEAD[at]!) ? "text-left" : "text-right"}`}
                >
                  {cell}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
