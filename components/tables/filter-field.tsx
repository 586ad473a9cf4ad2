"use client";
import { Filter } from "lucide-react";

/** A field for a filter expression, and what of it could not be understood. */
export function FilterField({
  label,
  placeholder,
  value,
  problem,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: string;
  problem: string | null;
  onChange: (text: string) => void;
}) {
  return (
    <>
      <label className="flex h-7 w-90 items-center gap-2 rounded-sm border border-line-strong px-2 has-focus-visible:outline-2 has-focus-visible:outline-focus">
        <Filter size={13} strokeWidth={1.6} aria-hidden="true" />
        <input
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-label={label}
          aria-invalid={problem !== null}
          placeholder={placeholder}
          className="flex-1 bg-transparent font-mono text-xs outline-none placeholder:text-ink-3"
        />
      </label>
      {problem && (
        <span role="alert" className="truncate text-xs text-bad-text" title={problem}>
          {problem}
        </span>
      )}
    </>
  );
}
