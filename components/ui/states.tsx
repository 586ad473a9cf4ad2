import type { ReactNode } from "react";
import { Button } from "./button";

/** Keeps the height of what is coming. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2 p-4">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={row} className="h-3 rounded-xs bg-surface-2" style={{ width: `${90 - ((row * 37) % 50)}%` }} />
      ))}
    </div>
  );
}

export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="p-4 text-xs text-ink-2">
      <p className="font-semibold text-ink">{title}</p>
      {children && <div className="mt-1">{children}</div>}
    </div>
  );
}

/** What failed, and one thing to do about it. */
export function ErrorState({ title, detail, onRetry }: { title: string; detail: string; onRetry?: () => void }) {
  return (
    <div role="alert" className="m-4 rounded-md border border-bad bg-surface p-3 text-xs">
      <p className="font-semibold text-bad-text">{title}</p>
      <p className="mt-1 text-ink-2">{detail}</p>
      {onRetry && (
        <Button className="mt-2" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
