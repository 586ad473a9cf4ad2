// Errors that cross a floor carry a code and facts; the edge (HTTP, CLI, gRPC) adds status and advice. One union, closed.

export type ErrorCode =
  /** The bytes are not what they claim to be, or nothing known. */
  | "unreadable"
  /** A content type or encoding that is not supported. */
  | "unsupported"
  /** A body, or what it inflates to, is over the limit. */
  | "too_large"
  /** A parameter is wrong. */
  | "invalid_parameter"
  | "not_found"
  /** No credentials, or wrong ones. */
  | "unauthorized"
  /** Busy, starting, stopping, or short of disk: try again. */
  | "unavailable"
  /** Ours to fix. */
  | "internal";

export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: {
      /** The parameter that is wrong. */
      readonly parameter?: string;
      /** Byte offset at which reading failed. */
      readonly offset?: number;
      /** Seconds after which a retry makes sense. */
      readonly retryAfterSeconds?: number;
    } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The bytes at `offset` cannot be read as what they should be. */
export const unreadable = (message: string, offset?: number): DomainError =>
  new DomainError("unreadable", message, offset === undefined ? {} : { offset });

/** The same error, its offset counted from `start`: what was read was a piece of something larger. Other errors pass as they are. */
export function atOffset(error: unknown, start: number): unknown {
  if (!(error instanceof DomainError) || error.facts.offset === undefined) return error;
  return new DomainError(error.code, error.message, { ...error.facts, offset: start + error.facts.offset });
}

/** A plain object that survives postMessage; `reviveError` makes the error again. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly facts: DomainError["facts"];
}

export function recordError(error: unknown): ErrorRecord {
  if (error instanceof DomainError) return { code: error.code, message: error.message, facts: error.facts };
  return { code: "internal", message: error instanceof Error ? error.message : String(error), facts: {} };
}

export const reviveError = (record: ErrorRecord): DomainError =>
  new DomainError(record.code, record.message, record.facts);
