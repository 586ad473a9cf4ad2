import { Section } from "@/components/panel/section";
import { levelText, Sign } from "@/components/ui/sign";
import type { Sla } from "@/lib/contract/sla";
import { asText, formatMs } from "@/lib/domain/format-number";

/** Latency promised and measured, apart from ceilings. Nothing where no latency is promised. */
export function LatencyObjectives({ all, id }: { all: Sla["latency"]; id: string }) {
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
