// The direct callees of a service after changes: what is made asynchronous or dropped counts no more; what gets a fallback or
// another objective costs less.
import type { Callee, Callees } from "./callees";
import type { Objectives } from "./objectives";
import type { Change, Changes } from "./what-if";

export interface ChangedCallee extends Callee {
  /** What it promises to this caller; null: nothing. */
  readonly objective: number | null;
  /** Availability of what answers instead; null: nothing does. */
  readonly fallback: number | null;
}

/** Share of the failures of a callee that reach its caller. */
export const unmasked = ({ fallback }: ChangedCallee): number => 1 - (fallback ?? 0);

export function changeCallees(
  { counted, notCounted }: Callees,
  objectives: Objectives,
  changes: Changes,
  service: string,
): { counted: readonly ChangedCallee[]; notCounted: Callees["notCounted"] } {
  const ofService = changes.get(service);
  const kept: ChangedCallee[] = [];
  const others = [...notCounted];
  for (const callee of counted) {
    const list = ofService?.get(callee.id) ?? [];
    const { id, name, kind, edges } = callee;
    if (has(list, "drop")) continue;
    if (has(list, "async")) others.push({ id, name, kind, edges: edges.map((edge) => edge.id), reason: "async" });
    else {
      const objective = last(list, "objective") ?? objectives.get(id)?.availability ?? null;
      kept.push({ ...callee, objective, fallback: last(list, "fallback") });
    }
  }
  return { counted: kept, notCounted: others };
}

const has = (changes: readonly Change[], kind: Change["kind"]): boolean =>
  changes.some((change) => change.kind === kind);

function last(changes: readonly Change[], kind: "fallback" | "objective"): number | null {
  const found = changes.findLast((change) => change.kind === kind);
  return found && "availability" in found ? found.availability : null;
}
