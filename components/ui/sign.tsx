import type { Absence, Display, Hue, Level } from "@/lib/overlays/overlay";
import { HueMark } from "./hue-mark";

const SHAPES: Record<Level, React.ReactNode> = {
  ok: <circle cx="5.5" cy="5.5" r="4" className="fill-ok" />,
  warn: <path d="M5.5 1.1 10.4 9.6H.6z" className="fill-warn" />,
  bad: <path d="M1.4 1.4h8.2v8.2H1.4z" className="fill-bad" />,
  none: <circle cx="5.5" cy="5.5" r="3.8" className="fill-none stroke-absent-text" strokeWidth="1.5" />,
};

const ABSENT: Record<Absence, React.ReactNode> = {
  no_calls: SHAPES.none,
  no_data: (
    <g className="fill-none stroke-absent-text" strokeWidth="1.4">
      <circle cx="5.5" cy="5.5" r="4" />
      <path d="M2.6 8.4 8.4 2.6" />
    </g>
  ),
  not_instrumented: (
    <g className="fill-none stroke-absent-text" strokeWidth="1.3">
      <circle cx="5.5" cy="5.5" r="4.6" />
      <path d="M4.1 4.4c.1-2 2.8-1.9 2.8-.2 0 1.100-1.400 1.200-1.400 2.200M5.500 8.100v.1" strokeLinecap="round" />
    </g>
  ),
};

/** A state as a shape: circle, triangle, square; colour is the second sign, never the only one. */
export function Sign({ level, absence }: { level: Level; absence?: Absence | null }) {
  return (
    <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true" className="shrink-0">
      {absence ? ABSENT[absence] : SHAPES[level]}
    </svg>
  );
}

/** The sign of an element under an overlay; nothing where the overlay has nothing to say. */
export function DisplaySign({ display, hue }: { display: Display; hue: Hue }) {
  if (display.absence || display.level !== "none") return <Sign level={display.level} absence={display.absence} />;
  return display.marked ? <HueMark hue={hue} /> : <span className="w-2.75 shrink-0" aria-hidden="true" />;
}

const LEVEL_WORDS: Record<Level, string> = { ok: "ok", warn: "degraded", bad: "failing", none: "no measurement" };
export const levelWord = (level: Level): string => LEVEL_WORDS[level];

/** Class of words in the hue of a level. */
export const levelText = (level: Level): string =>
  level === "bad" ? "text-bad-text font-semibold" : level === "warn" ? "text-warn-text font-semibold" : "text-ink-2";
