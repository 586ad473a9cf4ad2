import { Card } from "@/components/ui/card";
import { levelText, Sign } from "@/components/ui/sign";
import type { Sources } from "@/lib/contract/sources";
import { canaryText } from "./canary-text";

/** Whether what the server sends itself comes back as it was sent. */
export function CanaryCard({ canary }: { canary: Sources["canary"] }) {
  const { level, text } = canaryText(canary);
  const hint = canary ? `a trace of the server's own, every ${canary.everySeconds} s` : undefined;
  return (
    <Card title="Canary" {...(hint && { hint })}>
      <p className="flex items-center gap-1.5 px-4 pb-3 text-xs text-ink-2">
        <Sign level={level} />
        <span className={level === "ok" || level === "none" ? undefined : levelText(level)}>{text}</span>
      </p>
    </Card>
  );
}
