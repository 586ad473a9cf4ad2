// What spends the error budget of a service, and changes of its calls to try.
import type { ServiceSla } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText } from "@/lib/domain/format-number";

const CHANGES = [
  "async",
  "drop",
  ...["99%", "99.9%"].map((share) => `fallback=${share}`),
  ...["99%", "99.5%", "99.9%", "99.95%", "99.99%", "99.999%"].map((share) => `objective=${share}`),
];

/** The words of a change at its control. */
function labelOf(change: string): string {
  const [kind, value = ""] = change.split("=");
  if (kind === "async") return "make async";
  if (kind === "drop") return "drop the call";
  return `${kind === "fallback" ? "fallback" : "promises"} ${value.replace("%", " %")}`;
}

export function Spending({
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
            className="grid grid-cols-[minmax(0,1fr)_56px_20px_28px_120px] items-center gap-1.5 text-xs"
          >
            <span className="truncate" title={callee.name}>
              {callee.name}
            </span>
            <span className="whitespace-nowrap text-right text-ink-2">
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
              className={`h-6 rounded-sm border bg-surface px-1 text-2xs ${chosen ? "border-accent text-accent" : "border-line text-ink"}`}
            >
              <option value="">{callee.objective === null ? "no objective" : "as declared"}</option>
              {(chosen === "" || CHANGES.includes(chosen) ? CHANGES : [...CHANGES, chosen]).map((change) => (
                <option key={change} value={change}>
                  {labelOf(change)}
                </option>
              ))}
            </select>
          </li>
        );
      })}
    </ul>
  );
}
