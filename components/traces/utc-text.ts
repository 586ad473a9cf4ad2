/** `2026-03-01 10:00:00.123 UTC`, of Unix nanoseconds in decimal. */
export const utcText = (unixNano: string): string =>
  new Date(Number(BigInt(unixNano) / 1_000_000n)).toISOString().replace("T", " ").replace("Z", " UTC");
