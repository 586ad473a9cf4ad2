// Placements that this browser remembers, per environment and perspective: a team that knows its map finds it as it was.
import { z } from "zod";
import type { Placement } from "./geometry";

const Point = z.object({ x: z.number(), y: z.number() });
const Stored = z.object({
  positions: z.array(z.tuple([z.string(), Point])),
  bends: z.array(z.tuple([z.string(), z.array(Point)])),
});

const PREFIX = "headwater.map ";
const keyOf = (scope: string): string => PREFIX + scope;

/** Null when nothing (readable) is remembered. */
export function recall(scope: string): Placement | null {
  try {
    const stored = Stored.safeParse(JSON.parse(localStorage.getItem(keyOf(scope)) ?? "null"));
    return stored.success ? { positions: new Map(stored.data.positions), bends: new Map(stored.data.bends) } : null;
  } catch {
    return null; // storage is off or holds something else
  }
}

export function remember(scope: string, { positions, bends }: Placement): void {
  try {
    localStorage.setItem(keyOf(scope), JSON.stringify({ positions: [...positions], bends: [...bends] }));
  } catch {
    // storage is off or full: the map is laid out again next time
  }
}

export function forget(scope: string): void {
  try {
    localStorage.removeItem(keyOf(scope));
  } catch {
    // storage is off
  }
}

const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

/** How many maps this browser remembers; 0 when storage is off. */
export function countRemembered(): number {
  try {
    return keys().length;
  } catch {
    return 0;
  }
}

/** The next maps are laid out anew. */
export function forgetAll(): void {
  try {
    for (const key of keys()) localStorage.removeItem(key);
  } catch {
    // storage is off: there is nothing
  }
}
