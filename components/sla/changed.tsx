import { Button } from "@/components/ui/button";
import type { ServiceSla } from "@/lib/contract/sla";
import { formatDowntime } from "@/lib/domain/format-number";
import { availabilityOf, CaseTable, downIn30Days, ROWS } from "./case-table";
import { Verdict } from "./verdict";

/** What a service may promise under the changes that are tried, beside what it may promise now. */
export function Changed({
  now,
  then,
  whatIf,
  onReset,
}: {
  now: ServiceSla;
  then: ServiceSla;
  whatIf: readonly string[];
  onReset: () => void;
}) {
  const won = (now.declared.independent?.minutesPer30Days ?? 0) - (then.declared.independent?.minutesPer30Days ?? 0);
  return (
    <section aria-label="What if" className="border-b border-line bg-accent-soft px-4 py-2.25">
      <h3 className="mb-1.5 flex items-center text-xs font-semibold">
        <span className="min-w-0 wrap-anywhere">{ifSo(now, whatIf)}</span>
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

/** `If payments becomes async`. */
function ifSo({ id, declared }: ServiceSla, whatIf: readonly string[]): string {
  const own = declared.callees.flatMap((callee) => {
    const prefix = `${id}:${callee.id}:`;
    return whatIf
      .filter((change) => change.startsWith(prefix))
      .map((change) => ({ name: callee.name, change: change.slice(prefix.length) }));
  });
  const [only, ...more] = own;
  if (!only || more.length > 0) return `With these ${own.length} changes`;
  const [kind, value = ""] = only.change.split("=");
  const share = value.replace("%", " %");
  if (kind === "async") return `If ${only.name} becomes async`;
  if (kind === "drop") return `If ${only.name} is called no more`;
  return kind === "fallback" ? `If ${only.name} has a fallback of ${share}` : `If ${only.name} promises ${share}`;
}
