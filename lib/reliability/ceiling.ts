// What a service reaches at most if its own code never fails, from what each callee costs it. Three numbers, never one: they
// differ in how much the outages of the callees overlap. Best and worst hold under any correlation (Fréchet bounds).
import { exact } from "./availability";

export interface Ceiling {
  /** All outages overlap: only the largest loss counts. */
  readonly best: number;
  /** Outages have nothing to do with each other: the product. */
  readonly independent: number;
  /** Outages never overlap: losses add up. Not below 0. */
  readonly worst: number;
}

/** @param losses shares of the caller's requests that each callee costs, in [0, 1]. Without any, nothing limits: all are 1. */
export function ceilingOf(losses: readonly number[]): Ceiling {
  const best = exact(1 - losses.reduce((most, loss) => Math.max(most, loss), 0));
  const product = exact(losses.reduce((left, loss) => left * (1 - loss), 1));
  const sum = exact(Math.max(0, 1 - losses.reduce((total, loss) => total + loss, 0)));
  const independent = Math.min(best, product);
  return { best, independent, worst: Math.min(independent, sum) };
}
