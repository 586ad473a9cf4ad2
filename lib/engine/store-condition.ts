/** What keeps spans from being taken: the engine's thread is gone; the store failed and is opened again; the disk is nearly full. */
export type FailureCode = "engine_failed" | "store_failed" | "disk_low";

/** How the store is: what people and senders should know of it. */
export interface StoreCondition {
  /** Why no spans are taken, as a code and in words; null while they are. */
  readonly code: FailureCode | null;
  readonly failure: string | null;
  /** What else should be known, a sentence each: what is damaged, and what became of files that could not be opened. */
  readonly notices: readonly string[];
}

export const WELL: StoreCondition = { code: null, failure: null, notices: [] };
