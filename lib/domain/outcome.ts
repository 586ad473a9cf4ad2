// How a span ended, as seen from the side that recorded it. Source: OpenTelemetry semantic conventions, http-spans and
// rpc/grpc ("Status"): a 4xx is no failure of the server; only six gRPC codes are. Ordered so that merging two copies of one
// span is `Math.max`: the worse report wins.
import { SpanKind, StatusCode } from "./span";

export const Outcome = {
  OK: 0,
  /** 4xx, or a gRPC code that blames the caller. */
  CLIENT_ERROR: 1,
  /** 429 or RESOURCE_EXHAUSTED. */
  THROTTLED: 2,
  /** Status is ERROR and no protocol code says more. */
  FAILED: 3,
  /** No answer: timeout, reset, refused. */
  TRANSPORT: 4,
  /** The answering side said that it failed: 5xx, a server-side gRPC code, a database error. */
  FAULT: 5,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

const GRPC_SERVER_FAULTS = new Set([2, 4, 12, 13, 14, 15]);
const GRPC_NO_ANSWER = new Set([4, 14]);
const GRPC_RESOURCE_EXHAUSTED = 8;

const GRPC_NAMES: Record<string, number> = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

/** The number of a gRPC status given as a number or by name; -1 when it is neither. */
export function grpcCode(text: string): number {
  const named = GRPC_NAMES[text.toUpperCase()];
  if (named !== undefined) return named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value <= 16 ? value : -1;
}

const TRANSPORT =
  /time.?out|timed.?out|deadline|econn|epipe|enotfound|ehostunreach|eai_again|reset|refused|unreachable/i;

/** Whether an `error.type` names a failure between the two sides rather than one of them. */
export const isTransportError = (errorType: string): boolean => TRANSPORT.test(errorType);

export interface OutcomeFacts {
  readonly kind: SpanKind;
  readonly status: StatusCode;
  /** HTTP status code, or 0 when the span has none. */
  readonly http: number;
  /** gRPC status code, or -1 when the span has none. */
  readonly grpc: number;
  /** `error.type` (or a true `error` tag), "" when absent. */
  readonly errorType: string;
  /** The far side is a database or cache. */
  readonly database: boolean;
}

/**
 * The outcome of one span from its own side. A protocol code decides where there is one; else the status does.
 * A span without code and status is OK: instrumentations leave the status unset on success.
 */
export function outcomeOf(facts: OutcomeFacts): Outcome {
  const { http, grpc } = facts;
  const serverSide = facts.kind === SpanKind.SERVER || facts.kind === SpanKind.CONSUMER;
  if (http >= 500) return Outcome.FAULT;
  if (http === 429) return Outcome.THROTTLED;
  if (http >= 400) return Outcome.CLIENT_ERROR;
  if (grpc > 0) {
    if (grpc === GRPC_RESOURCE_EXHAUSTED) return Outcome.THROTTLED;
    if (!GRPC_SERVER_FAULTS.has(grpc)) return Outcome.CLIENT_ERROR;
    return !serverSide && GRPC_NO_ANSWER.has(grpc) ? Outcome.TRANSPORT : Outcome.FAULT;
  }
  if (facts.status !== StatusCode.ERROR) return Outcome.OK;
  if (serverSide) return Outcome.FAULT;
  if (isTransportError(facts.errorType)) return Outcome.TRANSPORT;
  return facts.database ? Outcome.FAULT : Outcome.FAILED;
}

/** Whether the side that recorded it failed (as opposed to being called wrongly). */
export const isFailure = (outcome: Outcome): boolean => outcome >= Outcome.FAILED;

/** Where an attempt counts in the answer: disjoint classes (`callee` + `between` = errors). */
export const Fault = { NONE: 0, CALLEE: 1, BETWEEN: 2, CLIENT_ERROR: 3, THROTTLED: 4 } as const;
export type Fault = (typeof Fault)[keyof typeof Fault];

/** The class of an attempt of which both sides were seen. */
export function faultOfPair(client: Outcome, server: Outcome): Fault {
  if (isFailure(server)) return Fault.CALLEE;
  if (isFailure(client)) return Fault.BETWEEN;
  const worse = Math.max(client, server);
  return worse === Outcome.THROTTLED
    ? Fault.THROTTLED
    : worse === Outcome.CLIENT_ERROR
      ? Fault.CLIENT_ERROR
      : Fault.NONE;
}

/** The class of an attempt of which only the callee was seen. */
export const faultOfServer = (server: Outcome): Fault => faultOfPair(Outcome.OK, server);

/** The class of an attempt of which only the caller was seen: what it heard is the callee's, silence is between them. */
export function faultOfClient(client: Outcome): Fault {
  return client === Outcome.FAULT ? Fault.CALLEE : faultOfPair(client, Outcome.OK);
}
