import type { Fault } from "./scenario";

/** All that is wrong with a service at a time, taken together. */
export function stateOf(
  faults: readonly Fault[],
  service: string,
  at: number,
): Required<Omit<Fault, "service" | "fromUs" | "toUs">> {
  const state = { errorRate: 0, slowdown: 1, down: false, callerRetries: 0 };
  for (const fault of faults) {
    if (fault.service !== service || at < fault.fromUs || at >= fault.toUs) continue;
    state.errorRate += fault.errorRate ?? 0;
    state.slowdown *= fault.slowdown ?? 1;
    state.down ||= fault.down ?? false;
    state.callerRetries += fault.callerRetries ?? 0;
  }
  return state;
}
