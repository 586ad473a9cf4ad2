// What a store's failures mean, in words and as errors that cross floors.
import { DomainError } from "../domain/errors";
import { StoreError } from "../store/store-error";

/** Why, for people; without the full stop. */
export const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");

export const damageNotice = (damage: string): string =>
  `A part of the store is damaged, and answers do without it (${damage}). What is sent now is kept.`;

/** The store has to be begun anew. */
export const isRuin = (error: unknown): boolean => error instanceof StoreError && error.fault === "ruined";

/** Damage to what everything else hangs on. */
export const ruined = (error: unknown): unknown =>
  error instanceof StoreError && error.fault === "damaged"
    ? new StoreError(error.store, error.operation, { cause: error.cause }, "ruined")
    : error;

/** An error of the store as one that says what to do about it; others pass. */
export function explained(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.fault === null) return error;
  if (error.fault === "damaged")
    return new DomainError("internal", `What is stored there is damaged: ${wordsOf(error)}.`, {}, { cause: error });
  const why = `The store failed: ${wordsOf(error)}.`;
  return new DomainError("unavailable", why, { retryAfterSeconds: 5 }, { cause: error });
}
