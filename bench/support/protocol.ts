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
  /** One body every so often whatever the answers do, or each connection as soon as it was answered. */
  readonly pace: Paced | "flat out";
  readonly warmupSeconds: number;
  /** Measured, after the warm-up. */
  readonly seconds: number;
  /**
   * Which bodies are sent again: none; those that were refused, as senders do; or all of them, endlessly, which is only for servers
   * that keep nothing.
   */
  readonly again: "none" | "refused" | "all";
}

export interface Paced {
  readonly everyMs: number;
  /** With so many unanswered, a body whose time has come is not sent; without, it waits for a connection. */
  readonly mostOpen?: number;
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
  /** Requests that were sent. */
  readonly attempts: number;
  /** Those that the server put off with 429 or 503, and those of them that did not say until when. */
  readonly refused: number;
  readonly unexplained: number;
  /** Those that were answered otherwise or not at all, by what it was; unless refused ones are sent again, the first one ends the run. */
  readonly strange: Readonly<Record<string, number>>;
  /** Whether the bodies ran out before the time did. */
  readonly exhausted: boolean;
}
