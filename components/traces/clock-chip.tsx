import { Chip } from "@/components/ui/chip";
import { Sign } from "@/components/ui/sign";
import { asText, formatMs } from "@/lib/domain/format-number";
import type { ClockSkew } from "@/lib/graph/clock-skew";

const sentence = ({ caller, callee, leastMs }: ClockSkew): string =>
  `${callee}'s clock is at least ${asText(formatMs(Math.abs(leastMs)))} ${leastMs > 0 ? "ahead of" : "behind"} ${caller}'s`;

/** Which clocks cannot both be right, the widest apart in words; nothing where all may be. */
export function ClockChip({ skews }: { skews: readonly ClockSkew[] }) {
  const [widest, ...others] = skews;
  if (!widest) return null;
  return (
    <span title={`${skews.map(sentence).join("\n")}\nSpans are shown as they were sent.`}>
      <Chip tone="warn">
        <Sign level="warn" />
        {sentence(widest)}
        {others.length > 0 && `, and ${others.length} more`}
      </Chip>
    </span>
  );
}
