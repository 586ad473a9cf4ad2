// What objectives allow a service to promise, what spends its budget, and what would help.
import { Section } from "@/components/panel/section";
import type { ServiceSla } from "@/lib/contract/sla";
import { asText, formatShare } from "@/lib/domain/format-number";
import { Figures } from "./case-table";
import { Changed } from "./changed";
import { NinesAxis } from "./nines-axis";
import { Remedies } from "./remedies";
import { Spending } from "./spending";
import { Verdict, verdictSentence } from "./verdict";

interface Props {
  readonly service: ServiceSla;
  /** The same service under the changes that are tried; null where none of its calls is changed. */
  readonly changed: ServiceSla | null;
  /** Changes of all services. */
  readonly whatIf: readonly string[];
  onWhatIf(whatIf: string[]): void;
}

export function DeclaredSide({ service, changed, whatIf, onWhatIf }: Props) {
  const { declared, target, verdict } = service;
  const { title, detail } = verdictSentence(service);
  const limited = declared.callees.length > 0;
  const others = whatIf.filter((change) => !change.startsWith(`${service.id}:`));
  return (
    <>
      <section className="border-b border-line px-4 py-3">
        {limited && (
          <p className="mb-1">
            <Verdict verdict={verdict} />
          </p>
        )}
        <h3 className="text-lg font-semibold">{title}</h3>
        <p className="mt-0.5 text-ink-2">{detail}</p>
        {limited && (
          <NinesAxis
            ceilings={declared}
            target={target}
            measured={service.observed.measured}
            verdict={verdict}
            atMost={declared.atMost}
          />
        )}
      </section>
      {limited && (
        <>
          <Section title="Ceiling" hint={declared.atMost ? "≤: callees without objective are left out" : undefined}>
            <Figures figures={declared} target={target} atMost={declared.atMost} />
            <Product service={service} />
          </Section>
          <Section
            title="What spends the budget"
            hint={target ? `× of ${asText(formatShare(1 - target.availability, 1))}` : undefined}
            end={<span className="text-2xs text-ink-3">what if</span>}
          >
            <Spending service={service} whatIf={whatIf} onWhatIf={onWhatIf} />
          </Section>
          {changed && <Changed now={service} then={changed} whatIf={whatIf} onReset={() => onWhatIf(others)} />}
          <Remedies service={service} onTry={(changes) => onWhatIf([...others, ...changes])} />
          {declared.missing.length > 0 && (
            <Section title="Without objective">
              <p className="text-xs text-ink-2">
                {declared.callees
                  .filter(({ objective }) => objective === null)
                  .map(({ name }) => name)
                  .join(", ")}
                : declare them in headwater.yaml, and the ceiling can only go down.
              </p>
            </Section>
          )}
        </>
      )}
    </>
  );
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
