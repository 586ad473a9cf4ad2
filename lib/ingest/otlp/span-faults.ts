// What is odd about a span that is kept all the same, told as issues. Apart from the decoder, which stays short this way.
import { hexOfWords } from "../../domain/ids";
import type { Issues } from "../../domain/issue";

export interface SpanFaults {
  /** Unix microseconds as sent; 0 when it was not. */
  readonly startUs: number;
  readonly endUs: number;
  readonly selfParent: boolean;
  readonly manyAttributes: boolean;
  /** An attribute's value nests too deep. */
  readonly deep: boolean;
  /** Links without valid ids. */
  readonly badLinks: number;
  /** The name is not UTF-8, or stands for one too many. */
  readonly badName: boolean;
  readonly manyNames: boolean;
}

/** @param ids the span's words of `SpanColumns.ids`. */
export function reportFaults(issues: Issues, faults: SpanFaults, ids: Int32Array): void {
  const example = (): string => `span ${hexOfWords(ids, 4, 2)} of trace ${hexOfWords(ids, 0, 4)}`;
  if (faults.startUs === 0) issues.add("no_start_time", example);
  if (faults.selfParent) issues.add("self_parent", example);
  if (faults.endUs === 0) issues.add("no_end_time", example);
  else if (faults.endUs < faults.startUs) issues.add("end_before_start", example);
  if (faults.manyAttributes) issues.add("too_many_attributes", example);
  if (faults.deep) issues.add("value_too_deep", example);
  if (faults.badLinks > 0) issues.add("bad_link", example, faults.badLinks);
  if (faults.badName) issues.add(faults.manyNames ? "too_many_names" : "invalid_utf8", example);
}
