// Which parts of a name stay where it does not fit.

/** Characters at the end that stay when nothing else tells a name from others, or when that is where it differs. */
const KEPT_END = 20;
/** So few characters between two parts that stay are not worth an ellipsis. */
const NARROW = 3;

export interface NamePart {
  readonly text: string;
  readonly kept: boolean;
}

/** The name in pieces. @param words [from, to) of what tells it from others, in order. */
export function clippedParts(text: string, words: readonly (readonly [from: number, to: number])[]): NamePart[] {
  const end = text.length - KEPT_END;
  const last = words.at(-1);
  const kept: [number, number][] = [];
  for (const [from, to] of !last || last[1] > end ? [...words, [end, text.length] as const] : words) {
    const before = kept.at(-1);
    if (before && from - before[1] <= NARROW) {
      before[0] = Math.min(before[0], from);
      before[1] = Math.max(before[1], to);
    } else kept.push([from, to]);
  }
  const parts: NamePart[] = [];
  let at = 0;
  for (const [from, to] of kept) {
    parts.push({ text: text.slice(at, from), kept: false }, { text: text.slice(from, to), kept: true });
    at = to;
  }
  return [...parts, { text: text.slice(at), kept: false }].filter((part) => part.text !== "");
}
