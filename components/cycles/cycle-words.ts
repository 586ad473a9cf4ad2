// Numbers and times of cycles as they are written.
import { formatRate, type Quantity } from "@/lib/domain/format-number";

/** Of what the window counted, or what that stands for when it was sampled. */
export const rateOf = (
  { calls, estimatedCalls }: { calls: number; estimatedCalls: number | null },
  minutes: number,
): Quantity => formatRate(estimatedCalls ?? calls, minutes);

export const timeOf = (iso: string | null): string => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : "–");

export const UNKNOWN_CYCLE = "The cycle asked for is not in this window: these are all there are.";
