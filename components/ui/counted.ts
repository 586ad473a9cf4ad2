// What is counted, in the number that it has: `1 request`, `2.40 k requests`.
import { asText, formatCount } from "@/lib/domain/format-number";

const ONE = { calls: "call", requests: "request", deliveries: "delivery", messages: "message" };
export type Counted = keyof typeof ONE;

/** The word beside a count. */
export const wordFor = (count: number, unit: Counted): string => (count === 1 ? ONE[unit] : unit);

export const counted = (count: number, unit: Counted): string =>
  `${asText(formatCount(count))} ${wordFor(count, unit)}`;
