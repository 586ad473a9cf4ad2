/** A store could not do what was asked; what failed is in `operation`, why in `cause`. */
export class StoreError extends Error {
  override readonly name = "StoreError";

  constructor(
    readonly store: string,
    readonly operation: string,
    options: ErrorOptions,
  ) {
    const why = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`${store}: ${operation} failed: ${why.split("\n")[0]}`, options);
  }
}
