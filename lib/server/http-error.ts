// Errors as HTTP: one table, one body (problem+json, RFC 9457).
import type { DomainError, ErrorCode } from "../domain/errors";

const STATUS: Record<ErrorCode, number> = {
  unreadable: 400,
  unsupported: 415,
  too_large: 413,
  invalid_parameter: 400,
  not_found: 404,
  unauthorized: 401,
  unavailable: 503,
  internal: 500,
};

export const statusOf = (error: DomainError): number => STATUS[error.code];

const TITLES: Record<number, string> = {
  400: "Bad request",
  401: "Token needed",
  403: "Not allowed",
  404: "Not found",
  413: "Too large",
  415: "Not supported",
  421: "Wrong host",
  500: "Server error",
  503: "Try again",
};

/** A problem+json answer. `parameter` names what is wrong in the request. */
export function problem(
  status: number,
  detail: string,
  more: { parameter?: string; retryAfter?: number; offset?: number } = {},
): Response {
  const { retryAfter, ...facts } = more;
  const body = { type: "about:blank", title: TITLES[status] ?? "Error", status, detail, ...facts };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
    },
  });
}

export function problemOf(error: DomainError): Response {
  const { parameter, offset, retryAfterSeconds } = error.facts;
  return problem(statusOf(error), error.message, {
    ...(parameter !== undefined && { parameter }),
    ...(offset !== undefined && { offset }),
    ...(retryAfterSeconds !== undefined && { retryAfter: retryAfterSeconds }),
  });
}
