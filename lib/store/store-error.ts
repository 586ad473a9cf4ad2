/**
 * What a failure means beyond the one question: `dead`, the store answers nothing until it is opened again; `ruined`, nor then,
 * because what it has to write upon cannot be read; `damaged`, what this question needs cannot be read, and others can be
 * answered.
 */
export type StoreFault = "dead" | "ruined" | "damaged";

/** A store could not do what was asked; what failed is in `operation`, why in `cause`. */
export class StoreError extends Error {
  override readonly name = "StoreError";

  constructor(
    readonly store: string,
    readonly operation: string,
    options: ErrorOptions,
    /** null: this question failed, and that is all. */
    readonly fault: StoreFault | null = null,
  ) {
    const why = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`${store}: ${operation} failed: ${why.split("\n")[0]}`, options);
  }
}

export const isDamage = (error: unknown): boolean => error instanceof StoreError && error.fault === "damaged";

/** For `catch`: takes this in the place of what is damaged; other errors pass. */
export const unlessDamaged =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if (isDamage(error)) return otherwise;
    throw error;
  };
