"use client";
import { useContext } from "react";
import { TellingEnds } from "./telling-ends";

/** Characters that always stay: what tells names with one beginning apart. */
const KEPT_END = 20;
/** Up to this long, a name that does not fit loses its end, as text does. */
const SHORT = 30;

/**
 * A name on one line that gives way in its middle where it does not fit: what tells it from the other names of the screen stays.
 * All of it is in its title, and in what is read out.
 */
export function Clipped({ text, className = "" }: { text: string; className?: string }) {
  const telling = useContext(TellingEnds).get(text) ?? text.length;
  if (text.length <= SHORT)
    return (
      <span className={`block truncate ${className}`} title={text}>
        {text}
      </span>
    );
  const end = Math.min(telling, text.length - KEPT_END);
  return (
    <span className={`relative flex min-w-0 ${className}`} title={text}>
      <span className="sr-only select-none">{text}</span>
      <span aria-hidden="true" className="min-w-10 shrink-[1000] truncate whitespace-pre!">
        {text.slice(0, end)}
      </span>
      <span aria-hidden="true" className="min-w-0 truncate whitespace-pre!">
        {text.slice(end)}
      </span>
    </span>
  );
}
