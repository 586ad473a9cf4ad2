// How cycles are written, one place for the list, the panel and the map.
import type { Cycle, CycleHop } from "@/lib/contract/cycles";
import { formatRate, type Quantity } from "@/lib/domain/format-number";

/** A call, and a message. */
export const ARROWS: Record<CycleHop["kind"], string> = { sync: "→", async: "⇢" };

/** `orders → inventory → pricing → orders`; a message is a dashed arrow. */
export function loopText({ members, hops }: Pick<Cycle, "members" | "hops">): string {
  const steps = members.map(({ name }, i) => `${name} ${ARROWS[hops[i]!.kind]} `);
  return `${steps.join("")}${members[0]!.name}`;
}

/** Of what the window counted, or what that stands for when it was sampled. */
export const rateOf = (
  { calls, estimatedCalls }: { calls: number; estimatedCalls: number | null },
  minutes: number,
): Quantity => formatRate(estimatedCalls ?? calls, minutes);

export const timeOf = (iso: string | null): string => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : "–");
