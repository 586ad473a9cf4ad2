"use client";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "@/components/ui/button";

/** The frame of a side panel: what it is about, and a way out. */
export function Panel({
  label,
  kind,
  title,
  actions,
  onClose,
  header,
  children,
}: {
  label: string;
  kind: ReactNode;
  title: ReactNode;
  /** Beside the way out. */
  actions?: ReactNode;
  onClose: () => void;
  header?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    // What opened it may be gone with the panel that it replaces: the keyboard goes on here.
    if (opener === null || opener === document.body) heading.current?.focus();
    return () => {
      // The panel takes its close button along; the keyboard goes back to where it came from.
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    };
  }, []);
  return (
    <aside
      aria-label={label}
      className="flex h-full w-(--panel-w) shrink-0 max-[1180px]:absolute max-[1180px]:right-0 max-[1180px]:z-20 max-[1180px]:shadow-pop flex-col overflow-y-auto border-l border-line bg-surface"
    >
      <header className="border-b border-line px-4 pb-3 pt-2">
        <div className="flex items-center text-2xs text-ink-3">
          <span className="truncate">{kind}</span>
          <span className="-mr-2 ml-auto flex">
            {actions}
            <IconButton label="Close the panel" onClick={onClose}>
              <X size={16} strokeWidth={1.5} aria-hidden="true" />
            </IconButton>
          </span>
        </div>
        <h2 ref={heading} tabIndex={-1} className="break-words text-md font-semibold outline-none">
          {title}
        </h2>
        {header}
      </header>
      {children}
    </aside>
  );
}

/** One question answered: a heading, what qualifies it, and the answer. */
export function Section({
  title,
  hint,
  end,
  children,
}: {
  title: string;
  hint?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="border-b border-line px-4 py-2.25 last:border-b-0">
      <h3 className="mb-1.5 flex items-baseline gap-2 text-xs font-semibold">
        {title}
        {hint && <span className="text-2xs font-normal text-ink-3">{hint}</span>}
        {end && <span className="ml-auto text-xs font-normal">{end}</span>}
      </h3>
      {children}
    </section>
  );
}

/** Names and values, values on the right. */
export function Facts({ rows }: { rows: readonly { name: ReactNode; value: ReactNode; quiet?: boolean }[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.75 text-xs">
      {rows.map(({ name, value, quiet }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a fixed list
        <div key={at} className={`contents ${quiet ? "text-ink-3" : ""}`}>
          <dt className={`flex items-center gap-1.5 ${quiet ? "" : "text-ink-2"}`}>{name}</dt>
          <dd className="text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
