/** Samples that a quantile needs before anything is concluded from it. */
export const ENOUGH_SAMPLES = { p50: 20, p90: 50, p95: 60, p99: 100 } as const;
