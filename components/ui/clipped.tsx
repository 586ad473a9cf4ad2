/** Characters that always stay: what tells names with one beginning apart. */
const KEPT_END = 20;
/** Up to this long, a name that does not fit loses its end, as text does. */
const SHORT = 30;

/** A name on one line that gives way in its middle where it does not fit. All of it is in its title, and in what is read out. */
export function Clipped({ text, className = "" }: { text: string; className?: string }) {
  if (text.length <= SHORT)
    return (
      <span className={`block truncate ${className}`} title={text}>
        {text}
      </span>
    );
  return (
    <span className={`relative flex min-w-0 ${className}`} title={text}>
      <span className="sr-only select-none">{text}</span>
      <span aria-hidden="true" className="truncate whitespace-pre!">
        {text.slice(0, -KEPT_END)}
      </span>
      <span aria-hidden="true" className="shrink-0 whitespace-pre">
        {text.slice(-KEPT_END)}
      </span>
    </span>
  );
}
