// What one service may promise, what spends its budget, and what would be if.
"use client";
import { Panel, Section } from "@/components/panel/section";
import { Segmented } from "@/components/ui/segmented";
import type { ServiceSla, Sla } from "@/lib/contract/sla";
import type { SlaSide } from "@/lib/overlays/sla";
import { DeclaredSide } from "./declared-side";
import { LatencyObjectives } from "./latency-objectives";
import { ObservedSide } from "./observed-side";
import { SIDES } from "./sides";

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
        <DeclaredSide
          service={service}
          changed={touched ? (changed ?? null) : null}
          whatIf={whatIf}
          onWhatIf={onWhatIf}
        />
      ) : (
        <ObservedSide service={service} />
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
      {side === "declared" && (
        <p className="px-4 py-2.5 text-2xs text-ink-3">
          Assumes direct callees only, each needed by every request; a declared objective holds its own dependencies.
          Objectives come from {answer.configuration.path.split("/").at(-1)}.
        </p>
      )}
    </Panel>
  );
}

const REASONS: Record<ServiceSla["notCounted"][number]["reason"], string> = {
  async: "asynchronous: it breaks the chain",
  no_calls: "no calls in this window",
  self_call: "the service itself",
};
