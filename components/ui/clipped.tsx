"use client";
import { useContext } from "react";
import { clippedParts } from "./clipped-parts";
import { TellingWords } from "./telling-words";

/** Up to this long, a name that does not fit loses its end, as text does. */
const SHORT = 30;
const NOTHING = [] as const;

/**
 * A name on one line that gives way where it does not fit: what tells it from the other names of the screen stays.
 * All of it is in its title, and in what is read out.
 */
export function Clipped({
  text,
  className = "",
  said = true,
}: {
  text: string;
  className?: string;
  /** False where the name is read out with what it stands in. */
  said?: boolean;
}) {
  const words = useContext(TellingWords).get(text) ?? NOTHING;
  if (text.length <= SHORT)
    return (
      <span className={`block truncate ${className}`} title={text}>
        {text}
      </span>
    );
  return (
    <span className={`relative flex min-w-0 ${className}`} title={text}>
      {said && <span className="sr-only select-none">{text}</span>}
      {clippedParts(text, words).map((part, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text
          key={at}
          aria-hidden="true"
          data-kept={part.kept ? "" : undefined}
          className={`truncate whitespace-pre! ${part.kept ? "min-w-0" : `shrink-[1000000] ${at === 0 ? "min-w-8" : "min-w-3"}`}`}
        >
          {part.text}
        </span>
      ))}
    </span>
  );
}
