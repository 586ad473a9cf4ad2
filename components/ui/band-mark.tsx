/** How a way round is drawn, small, for legends. */
export function BandMark({ kind }: { kind: "band" | "band-message" | "band-thin" }) {
  return (
    <svg width="28" height="14" viewBox="0 0 28 14" aria-hidden="true" className="shrink-0">
      <path
        d="M7 7H21"
        className="stroke-cycle-band"
        strokeWidth={kind === "band-thin" ? 6 : 12}
        strokeLinecap="round"
      />
      <path
        d="M3 7H25"
        className="stroke-cycle"
        strokeWidth={kind === "band-thin" ? 1 : 2}
        strokeDasharray={kind === "band-message" ? "5 3" : undefined}
      />
    </svg>
  );
}
