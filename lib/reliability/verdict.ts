// Whether a target can be promised under a ceiling.
import type { SlaVerdict } from "../contract/sla";
import { NOISE } from "./availability";
import type { Ceiling } from "./ceiling";

/**
 * @param atMost callees are missing from the ceiling. It can then only sink: what is above it stays above, what is below is open.
 * @returns null where nothing can be said.
 */
export function verdictOf(target: number | null, ceiling: Ceiling | null, atMost = false): SlaVerdict | null {
  if (target === null || ceiling === null) return null;
  const above = (limit: number): boolean => target > limit + NOISE;
  if (above(ceiling.best)) return "impossible";
  if (above(ceiling.independent)) return "unsupported";
  if (atMost) return null;
  return above(ceiling.worst) ? "supported_if_independent" : "safe";
}
