import type { ReactNode } from "react";

const TONES = {
  neutral: "bg-surface-2 text-ink-2",
  ok: "bg-ok-soft text-ok-text",
  warn: "bg-warn-soft text-warn-text",
  bad: "bg-bad-soft text-bad-text",
} as const;

export function Chip({ tone = "neutral", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span
      className={`inline-flex h-5 items-center gap-1.25 whitespace-nowrap rounded-xs px-1.75 text-2xs font-medium ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}
