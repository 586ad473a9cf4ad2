// Objectives as people declare them in `headwater.yaml`. One entry is the target of a service itself, and what its direct
// callers may count on.

export const LATENCY_QUANTILES = ["p50", "p90", "p95", "p99"] as const;
export type LatencyQuantile = (typeof LATENCY_QUANTILES)[number];

export interface Objective {
  /** Ratio in (0, 1]; null when only latency is declared. */
  readonly availability: number | null;
  /** Milliseconds. */
  readonly latency: Readonly<Partial<Record<LatencyQuantile, number>>>;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** By node id: a service, or `db:…`, `external:…`, `topic:system/name`, and `topic:system` for the broker itself. */
export type Objectives = ReadonlyMap<string, Objective>;

export const NO_OBJECTIVES: Objectives = new Map();
