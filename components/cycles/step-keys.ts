// N and P go from one circular dependency to the next.
"use client";
import { useEffect, useEffectEvent } from "react";
import type { Cycle } from "@/lib/contract/cycles";
import { isTyping } from "../shell/is-typing";

/** The id of the next one, round the list; without a chosen one the first, or the last when stepping back. Null in an empty list. */
export function stepFrom(cycles: readonly Cycle[], chosen: Cycle | null, by: 1 | -1): string | null {
  const at = chosen ? cycles.indexOf(chosen) : by > 0 ? -1 : 0;
  return cycles[(at + by + cycles.length) % cycles.length]?.id ?? null;
}

export function useStepKeys(onStep: (by: 1 | -1) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.defaultPrevented) return;
    const by = KEYS.get(event.key.toLowerCase());
    if (by === undefined) return;
    event.preventDefault();
    onStep(by);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

const KEYS: ReadonlyMap<string, 1 | -1> = new Map([
  ["n", 1],
  ["p", -1],
]);
