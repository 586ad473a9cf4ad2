// What the benchmarks say to the load generator's process, and what it answers.
import type { TrafficPlan } from "./traffic";

/** Makes all bodies before the clock starts. */
export interface Prepare {
  readonly kind: "prepare";
  readonly traffic: TrafficPlan;
  readonly count: number;
}

export interface Run {
  readonly kind: "run";
  readonly url: string;
  readonly connections: number;
  /** "paced": one body every so often whatever the answers do; "flat out": each connection sends as soon as it was answered. */
  readonly pace: { readonly everyMs: number } | "flat out";
  readonly warmupSeconds: number;
  /** Measured, after the warm-up. */
  readonly seconds: number;
  /** Begins anew with the first body when all are sent: only for servers that keep nothing. */
  readonly recycle: boolean;
}

export interface Prepared {
  readonly bodies: number;
  readonly spans: number;
  readonly rawBytes: number;
  readonly gzipBytes: number;
  /** Unix milliseconds at which the first body is to be sent; its spans end then. */
  readonly startMs: number;
}

export interface RunResult {
  /** Spans answered with 200, warm-up included. */
  readonly acknowledged: number;
  /** The same within the measured time, and that time. */
  readonly measuredSpans: number;
  readonly measuredSeconds: number;
  /** Milliseconds from when a body was to be sent to its answer, of those within the measured time. */
  readonly ackMs: Float64Array;
  /** Bodies that the server put off with 429 or 503. */
  readonly refused: number;
  /** Whether the bodies ran out before the time did. */
  readonly exhausted: boolean;
}
