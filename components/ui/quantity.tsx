import type { Quantity as Value } from "@/lib/domain/format-number";

/** A number with its unit, the unit quieter. */
export function Quantity({ of, strong = false }: { of: Value; strong?: boolean }) {
  return (
    <span
      className={`whitespace-nowrap ${strong ? "font-semibold" : ""} ${of.unit === "" && of.value === "–" ? "text-ink-3" : ""}`}
    >
      {of.value}
      {of.unit && <span className="font-normal text-ink-3"> {of.unit}</span>}
    </span>
  );
}
