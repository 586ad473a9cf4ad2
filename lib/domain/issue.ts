// What was imperfect in the data. An issue is counted and shown with its first example; it is never a console line, and
// nothing is dropped without one.

/** Reasons for which a span is not stored. */
export const REJECTIONS = {
  bad_trace_id: "trace id is not 16 bytes, or all zero",
  bad_span_id: "span id is not 8 bytes, or all zero",
  bad_parent_id: "parent id is not 8 bytes",
  time_out_of_range: "start time outside the range this door takes",
} as const;

/** Faults that are repaired or cut while the span is kept. */
export const REPAIRS = {
  no_service_name: "no service.name: shown as unknown_service",
  end_before_start: "ends before it starts: kept without a duration",
  no_start_time: "has no start time: counted in 1970",
  no_end_time: "has no end time: kept without a duration",
  self_parent: "names itself as its parent: read as a root",
  too_many_attributes: "more than 512 attributes: the rest is shown but not read",
  value_too_deep: "a value is nested deeper than 32: cut where it is shown",
  invalid_utf8: "text that is not valid UTF-8: shown with replacement characters",
  duplicate: "already stored: counted once",
  bad_link: "a link without valid ids: the link is ignored",
  hashed_id: "an id is not hex: hashed, the original is kept for display",
  too_many_names: "more distinct names than this server keeps apart: counted under __other__",
  too_many_resources:
    "more distinct resources than this server keeps apart: counted for their service, without release and SDK",
} as const;

export type Rejection = keyof typeof REJECTIONS;
export type Repair = keyof typeof REPAIRS;
export type IssueCode = Rejection | Repair;

export interface IssueCount {
  count: number;
  /** What the first one was, in one line of at most 160 characters. */
  example: string;
}

/** Counts issues by code; the first example of each is kept. */
export class Issues {
  private readonly counts = new Map<IssueCode, IssueCount>();

  add(code: IssueCode, example: string | (() => string), count = 1): void {
    const known = this.counts.get(code);
    if (known) known.count += count;
    else this.counts.set(code, { count, example: oneLine(typeof example === "string" ? example : example()) });
  }

  merge(other: Issues): void {
    for (const [code, { count, example }] of other.counts) this.add(code, example, count);
  }

  count(code: IssueCode): number {
    return this.counts.get(code)?.count ?? 0;
  }

  /** Spans that were not stored. */
  get rejected(): number {
    let total = 0;
    for (const code of Object.keys(REJECTIONS) as Rejection[]) total += this.count(code);
    return total;
  }

  entries(): { code: IssueCode; count: number; example: string }[] {
    return [...this.counts].map(([code, value]) => ({ code, ...value }));
  }

  static of(list: readonly { code: IssueCode; count: number; example: string }[]): Issues {
    const issues = new Issues();
    for (const { code, count, example } of list) issues.add(code, example, count);
    return issues;
  }
}

export const isRejection = (code: IssueCode): code is Rejection => code in REJECTIONS;

/** What an issue code means, as a sentence fragment for people. */
export const issueText = (code: IssueCode): string => ({ ...REJECTIONS, ...REPAIRS })[code];

// Control characters and line separators would let a span's text forge a second line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is being removed
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Text of a span made safe for one line of output, cut at `limit` characters. */
export function oneLine(text: string, limit = 160): string {
  const clean = text.replace(CONTROL, " ");
  return clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean;
}
