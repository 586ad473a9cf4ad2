import type { ReactNode } from "react";

/** A part of a page about Headwater itself: a heading, what qualifies it, and the content up to its edges. */
export function Card({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="min-w-0 overflow-hidden rounded-md border border-line bg-surface">
      <h2 className="flex items-baseline gap-2 px-4 pb-2 pt-3 text-md font-semibold">
        {title}
        {hint && <span className="text-2xs font-normal text-ink-3">{hint}</span>}
      </h2>
      {children}
    </section>
  );
}
