// What the calls of the window allow a service, and what was measured of it.
import { Section } from "@/components/panel/section";
import { Chip } from "@/components/ui/chip";
import type { ServiceSla } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatShare, NOTHING, plural } from "@/lib/domain/format-number";
import { outlives } from "@/lib/overlays/sla";
import { CaseTable, Figures } from "./case-table";
import { NinesAxis } from "./nines-axis";

const NO_CEILINGS = { best: null, independent: null, worst: null };

export function ObservedSide({ service }: { service: ServiceSla }) {
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
            `; between ${asText(formatAvailability(confidence.low))} and ${asText(formatAvailability(confidence.high))} with 95 % confidence`.replaceAll(
              " %",
              "\u00a0%",
            )}
        </p>
        {confidence.enough === false && (
          <p className="mt-1.5">
            <Chip tone="warn">
              not enough traffic to confirm the target: {confidence.requestsNeeded} requests needed
            </Chip>
          </p>
        )}
        <NinesAxis
          ceilings={observed.callees.length > 0 ? observed : NO_CEILINGS}
          target={service.target}
          measured={observed.measured}
          verdict={outlives(service) ? null : observed.verdict}
          atMost={false}
        />
      </section>
      <Section title="Ceiling from what callees delivered" hint="assumed">
        <Figures figures={observed} target={service.target} atMost={false} measured={observed} />
        <MoreThan service={service} />
      </Section>
      <Section title="What cost most">
        {observed.callees.length === 0 ? (
          <p className="text-xs text-ink-3">It calls nobody that counts.</p>
        ) : (
          <CaseTable
            columns={["Delivered", "Of the loss", "Ceiling without"]}
            rows={observed.callees.map((callee) => ({
              key: `callee ${callee.id}`,
              name: callee.name,
              cells: [
                asText(formatAvailability(callee.availability)),
                asText(callee.lossShare === null ? NOTHING : formatShare(callee.lossShare, 1)),
                asText(formatAvailability(callee.ceilingWithout)),
              ],
            }))}
          />
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

/** Why more was measured than the numbers above say; nothing where less was. */
function MoreThan({ service }: { service: ServiceSla }) {
  const { measured, expected } = service.observed;
  const above = measured !== null && expected !== null && measured.availability > expected.availability;
  const why = outlives(service)
    ? "More was measured than this allows: it outlives failures of its callees, by retries or fallbacks for instance. Every attempt counts here, so this ceiling is too low."
    : above
      ? "More was measured than is expected: not every failure further down came through to it."
      : null;
  return why && <p className="mt-1.5 text-xs text-ink-2">{why}</p>;
}
