// Where the linker puts what it finds. Every entry can be taken back with sign -1: when the second half of a call arrives,
// what the first half was counted as is taken back, so the sum is always what the spans seen so far mean.
import type { Fault } from "../domain/outcome";

/** Which sides of a call were seen. */
export const Side = { PAIRED: 0, SERVER: 1, CLIENT: 2 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/** A sample that was not measured. */
export const NO_SAMPLE = -1;

export interface CallSink {
  /**
   * One call.
   * @param minute Unix minute it belongs to (callee-side start; client start when no callee was seen).
   * @param edge id in the edge book.
   * @param operation dictionary id of the operation's name.
   * @param sign +1, or -1 to take an earlier entry back.
   * @param weight adjusted count, NaN when unknown.
   * @param us duration of the span that the call was counted by (the callee's unless `side` is CLIENT), or NO_SAMPLE.
   * @param ids, at where the trace id of the call lies (four words).
   */
  call(
    minute: number,
    edge: number,
    operation: number,
    sign: 1 | -1,
    fault: Fault,
    side: Side,
    weight: number,
    us: number,
    ids: Int32Array,
    at: number,
  ): void;
  /** The caller's duration of a call, and the gap between the sides when both were measured (NO_SAMPLE otherwise). */
  sample(
    minute: number,
    edge: number,
    operation: number,
    sign: 1 | -1,
    clientUs: number,
    gapUs: number,
    ids: Int32Array,
    at: number,
  ): void;
  /** A minute whose numbers can no longer be adjusted entry by entry: it has to be derived again from the stored spans. */
  touch(minute: number): void;
}
