// What would be enough to keep a promise: one callee repaired, or an equal share from each.
import { Section } from "@/components/panel/section";
import { Button } from "@/components/ui/button";
import type { ServiceSla } from "@/lib/contract/sla";
import { formatAvailability, formatNeeded } from "@/lib/domain/format-availability";
import { asText } from "@/lib/domain/format-number";
import { CaseTable } from "./case-table";

const SHOWN = 5;
/** Availabilities closer than this are the same. */
const NOISE = 1e-12;

/** @param onTry gets what each callee would have to promise, as changes. */
export function Remedies({ service, onTry }: { service: ServiceSla; onTry: (changes: string[]) => void }) {
  const { callees, equalSplit, atMost } = service.declared;
  const target = service.target?.availability ?? null;
  const repaired = callees.flatMap(({ id, name, ceilingWithout }) =>
    ceilingWithout === null ? [] : [{ id, name, ceilingWithout }],
  );
  const enough = (ceiling: number): string => {
    if (target === null) return "";
    if (target > ceiling + NOISE) return "not enough";
    return atMost ? "open" : "enough";
  };
  return (
    <>
      {repaired.length > 0 && (
        <Section title="If one never failed" hint={target === null ? undefined : "is one repair enough?"}>
          <CaseTable
            columns={target === null ? ["Ceiling"] : ["Ceiling", "For the target"]}
            rows={repaired.slice(0, SHOWN).map(({ id, name, ceilingWithout }) => ({
              key: `callee ${id}`,
              name,
              cells: [`${atMost ? "≤ " : ""}${asText(formatAvailability(ceilingWithout))}`, enough(ceilingWithout)],
            }))}
          />
          {repaired.length > SHOWN && (
            <p className="mt-1 text-2xs text-ink-3">of {repaired.length}, those that cost most; if independent</p>
          )}
        </Section>
      )}
      {equalSplit && target !== null && (
        <Section
          title="Equal split"
          end={
            <Button
              variant="quiet"
              onClick={() => {
                const needed = formatNeeded(equalSplit.independent).value;
                onTry(callees.map(({ id }) => `${service.id}:${id}:objective=${needed}%`));
              }}
            >
              Try it
            </Button>
          }
        >
          <p className="text-xs text-ink-2">
            {callees.length === 1 ? "Its callee" : `Each of its ${callees.length} callees`} would have to promise{" "}
            <b className="font-semibold text-ink">{asText(formatNeeded(equalSplit.independent))}</b> for the target;{" "}
            <b className="font-semibold text-ink">{asText(formatNeeded(equalSplit.halfBudget))}</b> if half of the
            budget stays with {service.name} itself.
          </p>
        </Section>
      )}
    </>
  );
}
