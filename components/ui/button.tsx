import type { ComponentProps } from "react";

type Variant = "default" | "quiet" | "primary";

const VARIANTS: Record<Variant, string> = {
  default: "border-line bg-surface text-ink hover:bg-surface-2 active:bg-surface-3",
  quiet: "border-transparent text-ink-2 hover:bg-surface-2 active:bg-surface-3",
  primary: "border-accent bg-accent text-ink-inverse hover:opacity-90",
};

/** Shared look of everything that is pressed in the bar. */
export const controlClass = (variant: Variant = "default"): string =>
  `inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-sm border px-2.25 text-xs font-medium transition-colors duration-(--t-fast) disabled:opacity-50 ${VARIANTS[variant]}`;

export function Button({
  variant = "default",
  className = "",
  ...props
}: ComponentProps<"button"> & { variant?: Variant }) {
  return <button type="button" className={`${controlClass(variant)} ${className}`} {...props} />;
}

/** A square button with an icon; `label` is its name. */
export function IconButton({ label, className = "", ...props }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`grid size-7 shrink-0 place-items-center rounded-sm text-ink-2 transition-colors duration-(--t-fast) hover:bg-surface-2 active:bg-surface-3 disabled:opacity-50 ${className}`}
      {...props}
    />
  );
}
