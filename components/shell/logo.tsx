/** Three tributaries that become one river, with a dot on the one source that matters. */
export function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" fill="none" strokeLinecap="round" role="img" aria-label="Headwater">
      <path
        d="M4 5C9.500 5 9.500 12 15 12M4 12h11M4 19c5.500 0 5.500-7 11-7"
        className="stroke-ink-2"
        strokeWidth="1.5"
      />
      <path d="M14.500 12h7" className="stroke-accent" strokeWidth="4" />
      <circle cx="4" cy="5" r="2.600" className="fill-accent" />
    </svg>
  );
}
