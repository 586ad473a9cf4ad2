// Names that are too long for the map, shortened where names of the same map agree: the words that tell them apart stay.

const LONGEST = 28;
/** What is kept of the beginning: of a name by itself, and of one whose beginning others share. */
const HEAD = 15;
const SHARED_HEAD = 6;
const MOST_WORDS = 3;
const ELLIPSIS = "…";
const BOUNDARY = /[-_./:@\s]/;

/** By name. Names of up to 28 characters stay whole; none comes out longer. */
export function shortNames(names: Iterable<string>): Map<string, string> {
  const sorted = [...new Set(names)].sort();
  const alike = sorted.map((name, at) => (at === 0 ? 0 : common(name, sorted[at - 1]!)));
  const near = lesser(alike);
  return new Map(
    sorted.map((name, at) => [
      name,
      name.length <= LONGEST ? name : shorten(name, partings(alike, near, at, name.length)),
    ]),
  );
}

/**
 * By name, for names that begin like another: the words by which they differ from others, as [from, to) in order, apart; at most
 * three, the last ones.
 */
export function tellingWords(names: Iterable<string>): Map<string, readonly (readonly [from: number, to: number])[]> {
  const sorted = [...new Set(names)].sort();
  const alike = sorted.map((name, at) => (at === 0 ? 0 : common(name, sorted[at - 1]!)));
  const near = lesser(alike);
  return new Map(
    sorted.flatMap((name, at) => {
      const places = partings(alike, near, at, name.length).map((place) => wordStart(name, place));
      const starts = [...new Set(places)].filter((start) => start > SHARED_HEAD);
      const words = starts.slice(-MOST_WORDS).map((start): [number, number] => [start, wordEnd(name, start)]);
      return words.length === 0 ? [] : [[name, words] as const];
    }),
  );
}

/** How many characters two names begin with alike. */
function common(name: string, other: string): number {
  let at = 0;
  while (at < name.length && name[at] === other[at]) at++;
  return at;
}

/**
 * Where a name parts from others that begin like it, in order. Of sorted names, what stands further off shares no more: from
 * one that shares less to the next is one step.
 */
function partings(alike: readonly number[], { left, right }: Lesser, at: number, length: number): number[] {
  const found = new Set<number>();
  for (let i = at; i > 0; i = left[i]!) found.add(alike[i]!);
  for (let i = at + 1; i < alike.length; i = right[i]!) found.add(alike[i]!);
  return [...found].filter((place) => place > 0 && place < length).sort((a, b) => a - b);
}

/** Of each entry, the nearest smaller one on either side: 0 and the length where there is none. */
interface Lesser {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

function lesser(values: readonly number[]): Lesser {
  const left = values.map(() => 0);
  const right = values.map(() => values.length);
  const open: number[] = [];
  for (const [at, value] of values.entries()) {
    while (open.length > 0 && values[open.at(-1)!]! > value) right[open.pop()!] = at;
    const before = open.at(-1) ?? 0;
    left[at] = before > 0 && values[before] === value ? left[before]! : before;
    open.push(at);
  }
  return { left, right };
}

function shorten(name: string, places: readonly number[]): string {
  const starts = [...new Set(places.map((place) => wordStart(name, place)))];
  const hidden = starts.filter((start) => start >= HEAD).slice(-MOST_WORDS);
  if (hidden.length === 0) return middle(name, LONGEST, HEAD);
  const head = name.slice(0, starts.some((start) => start < HEAD && start > SHARED_HEAD) ? HEAD : SHARED_HEAD);
  let left = LONGEST - head.length;
  const words = hidden.map((start, i) => {
    const room = Math.floor(left / (hidden.length - i)) - ELLIPSIS.length;
    const last = i === hidden.length - 1;
    // After the last word the name goes on as far as there is room; before the others stands an ellipsis anyway.
    const word = name.slice(start, last ? name.length : wordEnd(name, start));
    const shown =
      word.length <= room ? word : last ? `${word.slice(0, room - ELLIPSIS.length)}${ELLIPSIS}` : word.slice(0, room);
    left -= ELLIPSIS.length + shown.length;
    return ELLIPSIS + shown;
  });
  return `${head}${words.join("")}`;
}

/** A name of one long word begins where it differs. */
function wordStart(name: string, place: number): number {
  for (let at = place; at > SHARED_HEAD; at--) if (BOUNDARY.test(name[at - 1]!)) return at;
  return place;
}

function wordEnd(name: string, start: number): number {
  let at = start;
  while (at < name.length && !BOUNDARY.test(name[at]!)) at++;
  return at;
}

/** The first `head` characters and as many of the last as fit into `most`. */
const middle = (text: string, most: number, head: number): string =>
  `${text.slice(0, head)}${ELLIPSIS}${text.slice(-(most - head - 1))}`;
