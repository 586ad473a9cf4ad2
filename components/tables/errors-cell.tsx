import { Quantity } from "@/components/ui/quantity";
import { levelText, Sign } from "@/components/ui/sign";
import { formatShare } from "@/lib/domain/format-number";
import { healthLevel } from "@/lib/overlays/health";

/** The share that failed, with a sign where it is not well. */
export function ErrorsCell({ errors, calls }: { errors: number; calls: number }) {
  const level = healthLevel(errors, calls);
  const wrong = level === "bad" || level === "warn";
  return (
    <span className={`inline-flex items-baseline gap-1.25 ${wrong ? levelText(level) : ""}`}>
      {wrong && <Sign level={level} />}
      <Quantity of={formatShare(errors, calls)} />
    </span>
  );
}
