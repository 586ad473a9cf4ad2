import { Sign } from "@/components/ui/sign";

/** The legend of the errors column, and what keys do. */
export function TableFoot({ keys }: { keys: string }) {
  return (
    <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
      <b className="font-semibold text-ink">Errors</b>
      <span className="flex items-center gap-1.5">
        <Sign level="warn" /> degraded 0.1–1 %
      </span>
      <span className="flex items-center gap-1.5">
        <Sign level="bad" /> failing ≥ 1 %
      </span>
      <span className="text-2xs text-ink-3">– no measurement, not zero · 0 % calls seen, none failed</span>
      <span className="ml-auto text-2xs text-ink-3">{keys}</span>
    </footer>
  );
}
