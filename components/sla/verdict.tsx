import { Chip } from "@/components/ui/chip";
import { Sign } from "@/components/ui/sign";
import type { ServiceSla, SlaVerdict } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText } from "@/lib/domain/format-number";

const VERDICTS: Record<SlaVerdict, { readonly tone: "ok" | "warn" | "bad" | "neutral"; readonly word: string }> = {
  impossible: { tone: "bad", word: "impossible" },
  unsupported: { tone: "warn", word: "only if outages overlap" },
  supported_if_independent: { tone: "neutral", word: "if outages are independent" },
  safe: { tone: "ok", word: "safe" },
};

/** Whether the target can be promised; a dash where that cannot be said. */
export function Verdict({ verdict }: { verdict: SlaVerdict | null }) {
  if (verdict === null) return <span className="text-ink-3">–</span>;
  const { tone, word } = VERDICTS[verdict];
  return (
    <Chip tone={tone}>
      {tone !== "neutral" && <Sign level={tone} />}
      {word}
    </Chip>
  );
}

/** The verdict as a sentence to read out in a review. */
export function verdictSentence({ verdict, target, declared }: ServiceSla): { title: string; detail: string } {
  if (declared.callees.length === 0)
    return {
      title: target ? `${asText(formatAvailability(target.availability))} is declared` : "No target is declared",
      // What records nothing itself has no ceiling; what calls nobody has one of 100 %.
      detail: declared.best
        ? "It calls nobody that counts: nothing but its own code limits it."
        : "It sends no spans itself: whom it calls is not known.",
    };
  if (!target)
    return {
      title: "No target is declared",
      detail: "Without an objective in headwater.yaml there is nothing to judge.",
    };
  const promise = asText(formatAvailability(target.availability));
  const [worst] = declared.callees;
  const spends =
    worst && worst.budgetMultiple !== null && worst.budgetMultiple > 0
      ? ` ${worst.name} alone spends ${worst.budgetMultiple.toFixed(1)}× the whole error budget.`
      : "";
  const words: Record<SlaVerdict, { title: string; detail: string }> = {
    impossible: { title: `${promise} cannot be promised`, detail: `The target is above the best case.${spends}` },
    unsupported: {
      title: `${promise} needs luck`,
      detail: `It holds only if outages of the callees overlap.${spends}`,
    },
    supported_if_independent: {
      title: `${promise} can be promised`,
      detail: "As long as outages of the callees have nothing to do with each other.",
    },
    safe: { title: `${promise} is safe`, detail: "Even if outages of the callees never overlap." },
  };
  if (verdict === null)
    return {
      title: `${promise} cannot be judged yet`,
      detail: declared.best
        ? "Callees without an objective could still lower the ceiling."
        : "None of its callees declares an objective.",
    };
  return words[verdict];
}
