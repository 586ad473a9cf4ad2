// What one service may promise, what spends its budget, and what would be if.
"use client";
import { Panel, Section } from "@/components/panel/section";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { Segmented } from "@/components/ui/segmented";
import { levelText, Sign } from "@/components/ui/sign";
import type { ServiceSla, Sla, SlaFigure } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatDowntime, formatHours, formatMs, formatShare, plural } from "@/lib/domain/format-number";
import { outlives, type SlaSide } from "@/lib/overlays/sla";
import { SIDES } from "./sides";
import { Verdict, verdictSentence } from "./verdict";

interface Props {
  readonly answer: Sla;
  readonly service: ServiceSla;
  readonly side: SlaSide;
  readonly whatIf: readonly string[];
  onSide(side: SlaSide): void;
  onWhatIf(whatIf: string[]): void;
  onClose(): void;
}

export function SlaPanel({ answer, service, side, whatIf, onSide, onWhatIf, onClose }: Props) {
  const { title, detail } = verdictSentence(service);
  const changed = answer.changed?.find(({ id }) => id === service.id);
  const touched = whatIf.some((change) => change.startsWith(`${service.id}:`));
  return (
    <Panel
      label={`SLA ceiling of ${service.name}`}
      kind="SLA ceiling"
      title={service.name}
      onClose={onClose}
      header={
        <div className="mt-2">
          <Segmented label="Numbers" options={SIDES} value={side} onChange={onSide} />
        </div>
      }
    >
      {side === "declared" ? (
        <>
          <section className="border-b border-line px-4 py-3">
            <p className="mb-1">
              <Verdict verdict={service.verdict} />
            </p>
            <h3 className="text-lg font-semibold">{title}</h3>
            <p className="mt-0.5 text-ink-2">{detail}</p>
          </section>
          <Section
            title="Ceiling"
            hint={service.declared.atMost ? "≤: callees without objective are left out" : undefined}
          >
            <Figures figures={service.declared} target={service.target} atMost={service.declared.atMost} />
            <Product service={service} />
          </Section>
          <Section
            title="What spends the budget"
            hint={service.target ? `× of ${asText(formatShare(1 - service.target.availability, 1))}` : undefined}
          >
            <Spending service={service} whatIf={whatIf} onWhatIf={onWhatIf} />
          </Section>
          {touched && changed && (
            <Changed
              now={service}
              then={changed}
              onReset={() => onWhatIf(whatIf.filter((change) => !change.startsWith(`${service.id}:`)))}
            />
          )}
          {service.declared.missing.length > 0 && (
            <Section title="Without objective">
              <p className="text-xs text-ink-2">
                {service.declared.callees
                  .filter(({ objective }) => objective === null)
                  .map(({ name }) => name)
                  .join(", ")}
                : declare them in headwater.yaml, and the ceiling can only go down.
              </p>
            </Section>
          )}
        </>
      ) : (
        <Observed service={service} />
      )}
      <LatencyObjectives all={answer.latency} id={service.id} />
      {service.notCounted.length > 0 && (
        <Section title="Not counted">
          <ul className="text-xs text-ink-2">
            {service.notCounted.map(({ id, name, reason }) => (
              <li key={id}>
                {name} <span className="text-ink-3">{REASONS[reason]}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <p className="px-4 py-2.5 text-2xs text-ink-3">
        Assumes direct callees only, each needed by every request; a declared objective holds its own dependencies.
        Objectives come from {answer.configuration.path.split("/").at(-1)}.
      </p>
    </Panel>
  );
}

const REASONS: Record<ServiceSla["notCounted"][number]["reason"], string> = {
  async: "asynchronous: it breaks the chain",
  no_calls: "no calls in this window",
  self_call: "the service itself",
};

const ROWS = [
  { key: "best", name: "Best case", hint: "all outages overlap" },
  { key: "independent", name: "Independent", hint: "no correlation" },
  { key: "worst", name: "Worst case", hint: "outages never overlap" },
] as const;

type Ceilings = Pick<ServiceSla["declared"], "best" | "independent" | "worst">;

interface CaseRow {
  readonly key: string;
  readonly name: string;
  readonly hint?: string;
  readonly cells: readonly string[];
}

/** Below a line: they are no cases of a ceiling. */
const LINED = new Set(["own", "target"]);

/** Numbers by case, the independent one first to be seen; what is not a case stands below a line. */
function CaseTable({ columns, rows }: { columns: readonly string[]; rows: readonly CaseRow[] }) {
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
            <th scope="row" className={`py-0.5 text-left ${key === "independent" ? "" : "font-normal text-ink-2"}`}>
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

const availabilityOf = (figure: SlaFigure | null): string =>
  figure ? asText(formatAvailability(figure.availability)) : "–";
const downIn30Days = (figure: SlaFigure | null): string => (figure ? formatDowntime(figure.minutesPer30Days) : "–");

function Figures({
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

/** The multiplication behind the independent number, as one would write it down. */
function Product({ service }: { service: ServiceSla }) {
  const factors = service.declared.callees.flatMap(({ objective }) => (objective === null ? [] : [objective]));
  const { independent } = service.declared;
  if (factors.length === 0 || !independent) return null;
  const write = (share: number): string => String(Number(share.toFixed(9))).replace(/^0/, "");
  return (
    <p className="mt-2 break-words rounded-xs bg-surface-2 px-2 py-1.25 font-mono text-xs text-ink-2">
      {factors.map(write).join(" × ")} ={" "}
      <b className="text-ink">{write(Number(independent.availability.toFixed(6)))}</b>
    </p>
  );
}

const CHANGES = [
  { value: "", label: "as declared" },
  { value: "async", label: "make async" },
  { value: "drop", label: "drop the call" },
  { value: "fallback=99.9%", label: "fallback 99.9 %" },
  { value: "objective=99.95%", label: "promises 99.95 %" },
  { value: "objective=99.99%", label: "promises 99.99 %" },
];

function Spending({
  service,
  whatIf,
  onWhatIf,
}: {
  service: ServiceSla;
  whatIf: readonly string[];
  onWhatIf: (whatIf: string[]) => void;
}) {
  if (service.declared.callees.length === 0) return <p className="text-xs text-ink-3">It calls nobody that counts.</p>;
  return (
    <ul className="grid gap-1">
      {service.declared.callees.map((callee) => {
        const prefix = `${service.id}:${callee.id}:`;
        const chosen = whatIf.find((change) => change.startsWith(prefix))?.slice(prefix.length) ?? "";
        return (
          <li
            key={callee.id}
            className="grid grid-cols-[minmax(0,1fr)_58px_32px_32px_106px] items-center gap-2 text-xs"
          >
            <span className="truncate" title={callee.name}>
              {callee.name}
            </span>
            <span className="text-right text-ink-2">
              {callee.objective === null ? "–" : asText(formatAvailability(callee.objective))}
            </span>
            <span className="h-2 overflow-hidden rounded-xs bg-surface-2" aria-hidden="true">
              <i className="block h-full bg-sla" style={{ width: `${(callee.lossShare ?? 0) * 100}%` }} />
            </span>
            <b className="text-right font-semibold">
              {callee.budgetMultiple === null ? "–" : `${callee.budgetMultiple.toFixed(1)}×`}
            </b>
            <select
              aria-label={`What if: ${callee.name}`}
              value={chosen}
              onChange={(event) => {
                const rest = whatIf.filter((change) => !change.startsWith(prefix));
                onWhatIf(event.target.value ? [...rest, `${prefix}${event.target.value}`] : rest);
              }}
              className={`h-6 rounded-sm border bg-surface px-1 text-xs ${chosen ? "border-accent text-accent" : "border-line text-ink"}`}
            >
              {(CHANGES.some(({ value }) => value === chosen)
                ? CHANGES
                : [...CHANGES, { value: chosen, label: chosen }]
              ).map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </li>
        );
      })}
    </ul>
  );
}

function Changed({ now, then, onReset }: { now: ServiceSla; then: ServiceSla; onReset: () => void }) {
  const won = (now.declared.independent?.minutesPer30Days ?? 0) - (then.declared.independent?.minutesPer30Days ?? 0);
  return (
    <section aria-label="What if" className="border-b border-line bg-accent-soft px-4 py-2.25">
      <h3 className="mb-1.5 flex items-center text-xs font-semibold">
        If that were so
        <Button variant="quiet" className="ml-auto" onClick={onReset}>
          Reset
        </Button>
      </h3>
      <CaseTable
        columns={["Now", "Then", "Down / 30 d"]}
        rows={ROWS.map(({ key, name }) => ({
          key,
          name,
          cells: [
            availabilityOf(now.declared[key]),
            availabilityOf(then.declared[key]),
            downIn30Days(then.declared[key]),
          ],
        }))}
      />
      <p className="mt-1.5 flex items-center gap-2 text-xs text-ink-2">
        <Verdict verdict={then.verdict} />
        {won > 0
          ? `${formatDowntime(won)} won in 30 days`
          : won < 0
            ? `${formatDowntime(-won)} lost in 30 days`
            : "nothing won"}
      </p>
    </section>
  );
}

function Observed({ service }: { service: ServiceSla }) {
  const { observed } = service;
  const { confidence } = observed;
  return (
    <>
      <section className="border-b border-line px-4 py-3">
        <h3 className="text-lg font-semibold">
          {observed.measured
            ? `${asText(formatAvailability(observed.measured.availability))} measured`
            : "Not measured"}
        </h3>
        <p className="mt-0.5 text-ink-2">
          of {plural(confidence.requests, "request")} in this window
          {confidence.low !== null &&
            confidence.high !== null &&
            `, ${asText(formatAvailability(confidence.low))} to ${asText(formatAvailability(confidence.high))} with 95 %`}
        </p>
        {confidence.enough === false && (
          <p className="mt-1.5">
            <Chip tone="warn">
              not enough traffic to confirm the target: {confidence.requestsNeeded} requests needed
            </Chip>
          </p>
        )}
      </section>
      <Section title="Ceiling from what callees delivered" hint="assumed">
        <Figures figures={observed} target={service.target} atMost={false} measured={observed} />
        {outlives(service) && (
          <p className="mt-1.5 text-xs text-ink-2">
            More was measured than this allows: it outlives failures of its callees, by retries or fallbacks.
          </p>
        )}
      </Section>
      <Section title="What cost most">
        {observed.callees.length === 0 ? (
          <p className="text-xs text-ink-3">It calls nobody that counts.</p>
        ) : (
          <ul className="grid gap-1 text-xs">
            {observed.callees.map((callee) => (
              <li key={callee.id} className="grid grid-cols-[minmax(0,1fr)_72px_64px] gap-2">
                <span className="truncate">{callee.name}</span>
                <span className="text-right text-ink-2">{asText(formatAvailability(callee.availability))}</span>
                <b className="text-right font-semibold">
                  {callee.lossShare === null ? "–" : asText(formatShare(callee.lossShare, 1))}
                </b>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Assumed">
        <ul className="text-xs text-ink-2">
          {observed.assumed.map((assumption) => (
            <li key={assumption}>{ASSUMPTIONS[assumption]}</li>
          ))}
        </ul>
      </Section>
    </>
  );
}

const ASSUMPTIONS: Record<ServiceSla["observed"]["assumed"][number], string> = {
  direct_callees: "only what the service calls itself counts",
  inclusive_rates: "a callee's failures contain those of its own callees",
  hardness_1: "whenever a callee fails, the service fails",
  call_probability: "calls ÷ requests is how often it is called",
  failures_apart: "failures of several callees are failures of several requests",
  sampling_unknown: "rates are of what was sent: sampling is unknown",
};

/** Nothing where no latency is promised. */
function LatencyObjectives({ all, id }: { all: Sla["latency"]; id: string }) {
  const own = all.filter((objective) => objective.id === id);
  if (own.length === 0) return null;
  return (
    <Section title="Latency objective" hint="no part of the ceiling: slow is not down">
      <ul className="text-xs">
        {own.map(({ quantile, targetMs, measuredMs, samples, verdict }) => (
          <li key={quantile} className="flex items-center gap-1.5 py-0.5">
            {verdict && <Sign level={verdict === "missed" ? "bad" : "ok"} />}
            <span>
              {quantile} at most {asText(formatMs(targetMs))}
            </span>
            <span className={`ml-auto ${verdict === "missed" ? levelText("bad") : "text-ink-2"}`}>
              {measuredMs === null
                ? "not measured"
                : `${asText(formatMs(measuredMs))} measured, ${verdict ?? `too few to tell (${samples})`}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
