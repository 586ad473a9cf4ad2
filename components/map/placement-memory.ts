// Placements that this browser remembers, per environment and perspective: a team that knows its map finds it as it was.
import { z } from "zod";
import type { Placement } from "./geometry";

const Point = z.object({ x: z.number(), y: z.number() });
const Stored = z.object({
  positions: z.array(z.tuple([z.string(), Point])),
  bends: z.array(z.tuple([z.string(), z.array(Point)])),
});

const keyOf = (environment: string, perspective: string): string => `headwater.map ${perspective} ${environment}`;

/** Null when nothing (readable) is remembered. */
export function recall(environment: string, perspective: string): Placement | null {
  try {
    const stored = Stored.safeParse(JSON.parse(localStorage.getItem(keyOf(environment, perspective)) ?? "null"));
    return stored.success ? { positions: new Map(stored.data.positions), bends: new Map(stored.data.bends) } : null;
  } catch {
    return null; // storage is off or holds something else
  }
}

export function remember(environment: string, perspective: string, { positions, bends }: Placement): void {
  try {
    localStorage.setItem(
      keyOf(environment, perspective),
      JSON.stringify({ positions: [...positions], bends: [...bends] }),
    );
  } catch {
    // storage is off or full: the map is laid out again next time
  }
}

export function forget(environment: string, perspective: string): void {
  try {
    localStorage.removeItem(keyOf(environment, perspective));
  } catch {
    // storage is off
  }
}
