/** How a call, a message and an inferred call are drawn, small, for legends and tables. Arrows point right. */
export function EdgeMark({ kind }: { kind: "call" | "message" | "inferred" | "idle" }) {
  const stroke = kind === "idle" ? "stroke-absent" : "stroke-ink-2";
  return (
    <svg width="28" height="8" viewBox="0 0 28 8" aria-hidden="true" className="shrink-0">
      <path
        d={kind === "message" ? "M0 4h20" : "M0 4h19"}
        className={stroke}
        strokeWidth={kind === "idle" ? 1 : 2}
        strokeDasharray={kind === "message" ? "5 3" : undefined}
      />
      {kind === "inferred" ? (
        <path d="M26 4l-7-3.200v6.400z" className="fill-surface stroke-ink-2" strokeWidth="1.2" />
      ) : (
        <path d="M28 4l-8-3.800v7.600z" className={kind === "idle" ? "fill-absent stroke-absent" : "fill-ink-2"} />
      )}
    </svg>
  );
}
